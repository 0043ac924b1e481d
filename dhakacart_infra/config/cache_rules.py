"""What must hold of the cache: that its nodes hold the keyspace, and that production loses little of it."""

from collections.abc import Iterator

from dhakacart_infra.config.cache import MAXMEMORY, usable
from dhakacart_infra.config.keyspace import RESERVED_PERCENT, needed
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, Rulebook, in_production, kept_too_short

USERS, NODE_TYPE, SHARDS, DURABILITY = (
    f"cache.{name}" for name in ("concurrent_users", "node_type", "shards", "durability")
)
SNAPSHOTS = "cache.snapshot_retention_days"
MIN_SNAPSHOT_DAYS = 7  # what a release breaks in the carts shows within the week that they live
NOT_DURABLE = "t4g"  # ElastiCache guide, "Durability", "Limitations"

RULES = Rulebook()


@RULES.reads(USERS, NODE_TYPE, SHARDS, DURABILITY)
def durable_nodes_are_of_a_family_that_can(
    users: int, node_type: str, shards: int, durability: str
) -> Iterator[Problem]:
    if durability != "disabled" and NOT_DURABLE in node_type:
        yield Problem(
            key=NODE_TYPE,
            reason=f"is of a family that has no transaction log, which durability: {durability} asks for",
            allowed=f"m7g and r7g nodes, or {NOT_DURABLE} with durability: disabled",
            remedy=_another(users, shards, durability),
        )


@RULES.reads(USERS, NODE_TYPE, SHARDS, DURABILITY)
def nodes_hold_the_keyspace(users: int, node_type: str, shards: int, durability: str) -> Iterator[Problem]:
    need, room = needed(users), usable(node_type, shards)
    total = sum(need.values())
    if total > room:
        parts = " + ".join(f"{name} {_gb(size)}" for name, size in need.items())
        yield Problem(
            key=NODE_TYPE,
            reason=f"holds {_gb(room)} GB of keys on {shards} shard{'s' if shards > 1 else ''}"
            f" ({MAXMEMORY[node_type]:,} bytes each, less {RESERVED_PERCENT} %),"
            f" and {users:,} customers at once leave {_gb(total)} GB: {parts}",
            allowed=f"a node type of which {shards} hold{'' if shards > 1 else 's'} {_gb(total)} GB",
            remedy=_another(users, shards, durability),
        )


def _another(users: int, shards: int, durability: str) -> str:
    """The smallest node type that will do."""
    total = sum(needed(users).values())
    able = (name for name in MAXMEMORY if durability == "disabled" or NOT_DURABLE not in name)
    largest = [*MAXMEMORY][-1]
    enough = -(-total // usable(largest, 1))
    return next((name for name in able if usable(name, shards) >= total), f"{largest}, and {enough} in {SHARDS}")


def _gb(size: int) -> str:
    return f"{size / 10**9:.2f}"


@RULES.reads("environment", DURABILITY)
def production_keeps_what_is_written(environment: str, durability: str) -> Iterator[Problem]:
    if environment == PRODUCTION and durability == "disabled":
        reason = "loses carts when a primary fails with its replica, and what was written last when it fails alone"
        yield in_production(DURABILITY, reason, "async or sync", "async")


@RULES.reads("environment", SNAPSHOTS)
def production_keeps_its_snapshots(environment: str, days: int) -> Iterator[Problem]:
    if environment == PRODUCTION and days < MIN_SNAPSHOT_DAYS:
        reason = "is over before a week's carts are, and what a release did to them may show late"
        yield in_production(SNAPSHOTS, reason, f"{MIN_SNAPSHOT_DAYS} to 35 days", str(MIN_SNAPSHOT_DAYS))


@RULES.reads("environment", "cache.log_retention_days")
def production_keeps_the_caches_logs(environment: str, days: int) -> Iterator[Problem]:
    return kept_too_short("cache.log_retention_days", environment, days)
