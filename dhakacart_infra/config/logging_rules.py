"""What must hold of the logs: that a node may fail, that disks hold what is kept, that production has it for long."""

from collections.abc import Iterator
from math import ceil

from dhakacart_infra.config.logging import OPEN_DAYS, USABLE_PERCENT, copies
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import MIN_PRODUCTION_RETENTION_DAYS, PRODUCTION, Rulebook, in_production

NODES, STORAGE, DAILY, RETENTION = (
    f"logging.{name}" for name in ("nodes", "storage_gib", "daily_gib", "retention_days")
)
SNAPSHOTS = "logging.snapshot_retention_days"
PAIR, SAFE = 2, 3

RULES = Rulebook()


@RULES.reads(NODES)
def nodes_are_no_pair(nodes: int) -> Iterator[Problem]:
    if nodes == PAIR:
        yield Problem(
            key=NODES,
            reason="is a pair, of which neither can go on without the other",
            allowed=f"1, or {SAFE} to 9",
            remedy=f"{SAFE}",
        )


@RULES.reads("environment", NODES)
def production_goes_on_when_a_node_fails(environment: str, nodes: int) -> Iterator[Problem]:
    if environment == PRODUCTION and nodes < SAFE:
        reason = "loses its logs with a volume, and takes none while a node is away"
        yield in_production(NODES, reason, f"{SAFE} to 9", f"{SAFE}")


@RULES.reads(NODES, STORAGE, DAILY, RETENTION)
def disks_hold_what_is_kept(nodes: int, storage: int, daily: int, days: int) -> Iterator[Problem]:
    need = daily * (days + OPEN_DAYS) * copies(nodes)
    enough = ceil(need * 100 / USABLE_PERCENT / nodes)
    if storage < enough:
        twice = " twice" if copies(nodes) > 1 else ""
        yield Problem(
            key=STORAGE,
            reason=f"is too little: {daily} GiB a day for {days} days and the one that is written,{twice} makes"
            f" {need:,} GiB, and of {nodes} times {storage:,} GiB {USABLE_PERCENT} % can be filled",
            allowed=f"{enough:,} GiB or more on each node, fewer {RETENTION}, or more {NODES}",
            remedy=f"{enough}",
        )


@RULES.reads("environment", SNAPSHOTS)
def production_keeps_snapshots_of_its_logs(environment: str, days: int) -> Iterator[Problem]:
    if environment == PRODUCTION and days < MIN_PRODUCTION_RETENTION_DAYS:
        reason = "is over before an intrusion is usually found"
        least = MIN_PRODUCTION_RETENTION_DAYS
        yield in_production(SNAPSHOTS, reason, f"{least} to 3650 days", f"{least}")
