"""The section ``cache``: how many customers the shop's Redis serves at once, on which nodes, and what is kept of it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.keyspace import RESERVED_PERCENT, needed
from dhakacart_infra.config.section import RetentionDays, Section

MAXMEMORY: Mapping[str, int] = {
    "cache.t4g.micro": 536_870_912,
    "cache.t4g.small": 1_471_026_299,
    "cache.t4g.medium": 3_317_862_236,
    "cache.m7g.large": 6_854_542_746,
    "cache.m7g.xlarge": 13_891_921_715,
    "cache.r7g.large": 14_037_181_030,
    "cache.m7g.2xlarge": 27_966_669_210,
    "cache.r7g.xlarge": 28_261_849_702,
    "cache.r7g.2xlarge": 56_711_183_565,
}
"""Bytes by node type, the smallest first: those of which one makes sense for this shop (ElastiCache guide, "Engine
specific parameters", Valkey). All are Graviton, whatever the cluster's nodes are: clients do not see it."""
MAX_SHARDS = 90  # of 500 nodes, with their replicas
DURABILITY = ("async", "sync", "disabled")

NodeType = Annotated[str, leaves.choice(*MAXMEMORY)]
Durability = Annotated[Literal["async", "sync", "disabled"], leaves.choice(*DURABILITY)]
Users = Annotated[
    int,
    leaves.whole(
        1, 10_000_000, unit="customers", reason="less is no shop, and more than lives in half of Dhaka a mistake"
    ),
]
Shards = Annotated[int, leaves.whole(1, MAX_SHARDS, unit="shards", reason="ElastiCache has no more nodes in a cluster")]
Replicas = Annotated[
    int,
    leaves.whole(1, 5, unit="replicas", reason="a shard of one node has nothing to fail over to, and 5 is the most"),
]
SnapshotDays = Annotated[
    int,
    leaves.whole(1, 35, unit="days", reason="0 makes no snapshots, and ElastiCache keeps none for longer than 35"),
]


class CacheConfig(Section):
    """Redis for sessions, carts and what is read often."""

    concurrent_users: Users = Field(
        default=100_000,
        description="Customers at once that its memory has to do for, by the arithmetic of config/keyspace.py.",
    )
    node_type: NodeType = Field(
        default="cache.m7g.large", description="Of every node; its memory bounds how many customers there may be."
    )
    shards: Shards = Field(default=1, description="Parts of the keyspace, each with a primary of its own.")
    replicas_per_shard: Replicas = Field(
        default=1, description="Nodes in other zones that take over when a shard's primary fails; 1 to 5."
    )
    durability: Durability = Field(
        default="async",
        description="async has each write in a log in several zones within 10 seconds, sync before it answers.",
    )
    snapshot_retention_days: SnapshotDays = Field(
        default=7, description="Days that the nightly snapshots are kept; production keeps 7 or more."
    )
    log_retention_days: RetentionDays = Field(
        default=90, description="Days that the slow log and the engine's log are kept; production keeps 30 or more."
    )


def planned_percent(config: CacheConfig) -> int:
    """Of the bytes for keys, what so many customers at once leave there, rounded up."""
    return -(-sum(needed(config.concurrent_users).values()) * 100 // usable(config.node_type, config.shards))


def usable(node_type: str, shards: int) -> int:
    """Bytes for keys."""
    return MAXMEMORY[node_type] * shards * (100 - RESERVED_PERCENT) // 100
