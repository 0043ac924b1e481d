"""The section ``monitoring``: how long metrics are kept, on how much disk, and whether they outlive a node.

What its memory has to hold follows from what there can be to watch, by the arithmetic below.
"""

from math import ceil
from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import Flag, Section

SCRAPE_SECONDS = 30
SERIES_OF_THE_CLUSTER = 60_000
"""Of the API server, the system nodes, and what else there always is. This and the next two are assumed: Prometheus
knows what it has (``prometheus_tsdb_head_series``)."""
SERIES_OF_A_NODE = 1_500  # of the node exporter and the kubelet
SERIES_OF_A_POD = 250  # of cAdvisor, kube-state-metrics and the pod itself
VCPU_OF_A_NODE = 4  # between Karpenter's smallest and largest
BYTES_OF_A_SERIES = 10_240  # in memory, with what comes and goes in the two hours before it is on disk
BASE_MIB, STEP_MIB = 1024, 512  # for queries and rules; and nobody sets 1,731 MiB
USED_PERCENT = 80
"""Of the volume: the limit counts what is written, not what is being compacted beside it, and holds from time to time
only (Prometheus guide, "Storage")."""

Days = Annotated[
    int,
    leaves.whole(8, 90, unit="days", reason="traffic is compared with last week's, and a year belongs elsewhere"),
]
StorageGib = Annotated[
    int,
    leaves.whole(10, 1024, unit="GiB", reason="less is full within the day, and more takes too long to start with"),
]


class MonitoringConfig(Section):
    """Prometheus and its Alertmanager."""

    retention_days: Days = Field(
        default=15, description="Days that metrics are kept, as long as the disk has room for them."
    )
    storage_gib: StorageGib = Field(
        default=50,
        description="Volume of each Prometheus, of which it uses 80 %: the oldest days go when they do not fit. "
        "More, for one that stands, begins by hand: docs/runbooks/metrics.md.",
    )
    replicated: Flag = Field(
        default=True,
        description="Two Prometheus in two zones and three Alertmanagers; off, one of each. Production has it on.",
    )


def most_series(vcpu: int, pods: int) -> int:
    """Series of the largest cluster that may be, with so many vCPUs of Karpenter's and so many pods of the shop."""
    nodes = ceil(vcpu / VCPU_OF_A_NODE)
    return SERIES_OF_THE_CLUSTER + nodes * SERIES_OF_A_NODE + pods * SERIES_OF_A_POD


def kept_gib(storage_gib: int) -> int:
    """What Prometheus may fill."""
    return storage_gib * USED_PERCENT // 100


def memory_mib(series: int) -> int:
    """What one Prometheus is given."""
    return ceil((BASE_MIB + series * BYTES_OF_A_SERIES / 2**20) / STEP_MIB) * STEP_MIB
