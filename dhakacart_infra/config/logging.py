"""The section ``logging``: on how much Elasticsearch the cluster's logs are kept, and for how long."""

from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import Section

USABLE_PERCENT = 85
"""Of a disk: fuller ones are given no shard (Elasticsearch guide, "Disk-based shard allocation", the low watermark)."""
OPEN_DAYS = 1  # the index that is being written counts from its end

Nodes = Annotated[
    int, leaves.whole(1, 9, unit="nodes", reason="there is one at least, and more are a cluster of another kind")
]
MemoryGib = Annotated[
    int,
    leaves.whole(
        2, 62, unit="GiB", reason="with less Elasticsearch starves, and half of more is no heap that Java manages well"
    ),
]
StorageGib = Annotated[
    int, leaves.whole(5, 16_384, unit="GiB", reason="less holds no day, and a gp3 volume is no larger")
]
DailyGib = Annotated[
    int,
    leaves.whole(1, 5_000, unit="GiB a day", reason="more than twice what the shop writes at its constant peak"),
]
Days = Annotated[int, leaves.whole(1, 365, unit="days", reason="none is no log, and what must be kept is kept in S3")]
SnapshotDays = Annotated[
    int, leaves.whole(1, 3_650, unit="days", reason="none is no backup, and ten years are long enough")
]


class LoggingConfig(Section):
    """Logs of everything that runs in the cluster."""

    nodes: Nodes = Field(
        default=3,
        description="Elasticsearch nodes, spread over the zones; one, or three and more, of which one may fail.",
    )
    memory_gib: MemoryGib = Field(default=4, description="Memory of each node, of which Java has half.")
    storage_gib: StorageGib = Field(default=500, description="Encrypted disk of each node. It can grow, never shrink.")
    daily_gib: DailyGib = Field(
        default=30, description="What a day's logs take in an index: what the disks have to do for, and no limit."
    )
    retention_days: Days = Field(default=14, description="Days after which a day's logs are deleted.")
    snapshot_retention_days: SnapshotDays = Field(
        default=30, description="Days that the nightly snapshots in S3 are kept; production keeps 30 or more."
    )

    @property
    def copies(self) -> int:
        return copies(self.nodes)


def copies(nodes: int) -> int:
    """Of each shard, on different nodes."""
    return min(nodes, 2)
