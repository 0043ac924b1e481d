"""What must hold of monitoring: its disk holds what it is to keep, and production's outlives a node and a week."""

from collections.abc import Iterator, Mapping

from dhakacart_infra.config.monitoring import most_series, needed_gib
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, Rulebook, in_production

DAYS, STORAGE, REPLICATED = (f"monitoring.{name}" for name in ("retention_days", "storage_gib", "replicated"))
MIN_DAYS = 8  # what traffic was at the same hour of last week, and the day in between (the alert TrafficVanished)

RULES = Rulebook()


@RULES.reads("environment", DAYS)
def production_compares_weeks(environment: str, days: int) -> Iterator[Problem]:
    if environment == PRODUCTION and days < MIN_DAYS:
        reason = "forgets what the same hour of last week was like, with which traffic is compared"
        yield in_production(DAYS, reason, f"{MIN_DAYS} to 90 days", str(MIN_DAYS))


@RULES.reads("environment", REPLICATED)
def production_sees_through_the_loss_of_a_node(environment: str, replicated: bool) -> Iterator[Problem]:
    if environment == PRODUCTION and not replicated:
        yield in_production(REPLICATED, "lets a node's end be the end of alerts", "true", "true")


@RULES.reads(
    STORAGE,
    DAYS,
    "cluster.node_limits.on_demand_vcpu",
    "cluster.node_limits.spot_vcpu",
    "services.**.scaling.max_pods",
)
def the_disk_holds_the_days(
    storage: int, days: int, on_demand: int, spot: int, pods: Mapping[str, int]
) -> Iterator[Problem]:
    series = most_series(on_demand + spot, sum(pods.values()))
    if (gib := needed_gib(series, days)) > storage:
        yield Problem(
            key=STORAGE,
            reason=f"is less than {days} days of the {series:,} series that the largest cluster has",
            allowed=f"{gib} GiB or more, or fewer retention_days",
            remedy=str(gib),
        )
