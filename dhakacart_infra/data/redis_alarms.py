"""What is watched of Redis: each node, since a primary fails over to another, and CloudWatch knows nodes alone."""

from collections.abc import Iterator

import pulumi

from dhakacart_infra.config.cache import CacheConfig, planned_percent
from dhakacart_infra.foundation.alarms import Alarm, Metric, Severity, Statistic

MEMORY_PERCENT = 80
CPU_PERCENT = 80
"""Of the one thread that answers: at 90 ElastiCache's guide wants another node ("Which metrics should I monitor?")."""
CONNECTIONS = 2_000
"""A hundred pods keep ten each at most; more is a leak, long before the 20,000 of the smallest node."""
LAG_SECONDS = 30


def alarms(config: CacheConfig, group: pulumi.Output[str]) -> Iterator[Alarm]:
    """Nodes are named for their group: ElastiCache counts shards, and nodes in each."""
    for shard in range(1, config.shards + 1):
        for node in range(1, config.replicas_per_shard + 2):
            number = f"{shard:04}-{node:03}"
            yield from _of_a_node(config, number, _node(group, number))


def _node(group: pulumi.Output[str], number: str) -> pulumi.Output[str]:
    return group.apply(lambda it: f"{it}-{number}")


def _of_a_node(config: CacheConfig, number: str, node: pulumi.Output[str]) -> Iterator[Alarm]:
    def alarm(
        what: str,
        means: str,
        metric: str,
        threshold: float,
        *,
        statistic: Statistic = "Maximum",
        severity: Severity = "warning",
        minutes: int = 15,
    ) -> Alarm:
        return Alarm(
            kind=f"Redis{what}",
            one=number,
            severity=severity,
            means=means,
            watches=Metric(
                namespace="AWS/ElastiCache", name=metric, statistic=statistic, dimensions={"CacheClusterId": node}
            ),
            is_="GreaterThanThreshold",
            threshold=threshold,
            periods=minutes,
            # Evictions, or the lag of what is a primary, are not always said.
            missing="notBreaching",
        )

    memory = max(MEMORY_PERCENT, planned_percent(config))
    yield alarm(
        "MemoryHigh",
        f"Redis has used more than {memory} % of its memory: soon caches go, then sessions.",
        "DatabaseMemoryUsagePercentage",
        memory,
        severity="critical",
    )
    yield alarm(
        "Evictions",
        "Redis throws keys away that had not ended: it is full.",
        "Evictions",
        0,
        statistic="Sum",
        minutes=5,
    )
    yield alarm(
        "CpuHigh",
        f"Redis is busy: its one thread, above {CPU_PERCENT} %.",
        "EngineCPUUtilization",
        CPU_PERCENT,
        statistic="Average",
        severity="critical",
    )
    yield alarm(
        "ConnectionsHigh",
        f"More than {CONNECTIONS:,} connections to Redis: somebody leaves them open.",
        "CurrConnections",
        CONNECTIONS,
    )
    yield alarm(
        "ReplicationLag",
        f"A replica of Redis is more than {LAG_SECONDS} s behind: what was written since is lost with its primary.",
        "ReplicationLag",
        LAG_SECONDS,
        minutes=5,
    )
