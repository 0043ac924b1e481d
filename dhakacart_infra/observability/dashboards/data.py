"""PostgreSQL, its proxy and Redis, as AWS sees them."""

from collections.abc import Sequence
from functools import partial

from dhakacart_infra.observability.dashboards import postgres
from dhakacart_infra.observability.dashboards.panels import (
    COUNT,
    MICROSECONDS,
    PERCENT,
    SECONDS,
    Board,
    Panel,
    Row,
    Step,
    above,
    graph,
)
from dhakacart_infra.observability.dashboards.places import Places
from dhakacart_infra.observability.dashboards.queries import metric

NODE = "0001"
"""What ElastiCache calls the one node that each of a group's clusters has."""


def data(places: Places) -> Board:
    return Board(
        name="data",
        title="Data",
        answers="Have PostgreSQL and Redis room, do they answer in time, and do their copies keep up?",
        rows=[
            *postgres.rows(places.instances, places.proxy),
            _redis(places.cache_nodes),
            _redis_memory(places.cache_nodes),
        ],
    )


def _redis(nodes: Sequence[str]) -> Row:
    panel = partial(_elasticache, nodes)
    return Row(
        title="Redis",
        panels=[
            panel(
                "Engine's processor",
                "Of the one that commands run on, one after the other.",
                PERCENT,
                "EngineCPUUtilization",
                limits=above(70, 90),
                most=100,
            ),
            panel("Connections", "Open to each node.", COUNT, "CurrConnections"),
            panel(
                "Duration of reads and writes",
                "What the engine takes for one command.",
                MICROSECONDS,
                "SuccessfulReadRequestLatency",
                "SuccessfulWriteRequestLatency",
            ),
            panel(
                "Replicas behind",
                "What would be lost if the primary failed now and the log with it.",
                SECONDS,
                "ReplicationLag",
                limits=above(1, 10),
            ),
            panel(
                "Found and not found",
                "Keys asked for, in a minute.",
                COUNT,
                "CacheHits",
                "CacheMisses",
                statistic="Sum",
            ),
            panel(
                "Refused sign-ins",
                "In a minute. Any at all: a pod has an old password, or somebody tries.",
                COUNT,
                "AuthenticationFailures",
                statistic="Sum",
                limits=above(1, 10),
            ),
        ],
    )


def _redis_memory(nodes: Sequence[str]) -> Row:
    panel = partial(_elasticache, nodes)
    return Row(
        title="Redis' memory",
        panels=[
            panel(
                "Memory in use",
                "Of what keys may have. At all of it those go first that would expire soonest.",
                PERCENT,
                "DatabaseMemoryUsagePercentage",
                limits=above(75, 90),
                most=100,
            ),
            panel(
                "Keys pushed out",
                "In a minute, before they expired: customers lose carts.",
                COUNT,
                "Evictions",
                statistic="Sum",
                limits=above(1, 100),
            ),
        ],
    )


def _elasticache(
    nodes: Sequence[str],
    title: str,
    shows: str,
    unit: str,
    *names: str,
    statistic: str = "Average",
    limits: Sequence[Step] = (),
    most: float | None = None,
) -> Panel:
    label = "${PROP('Dim.CacheClusterId')}" + (" ${PROP('MetricName')}" if len(names) > 1 else "")
    of = {"CacheClusterId": nodes, "CacheNodeId": [NODE]}
    queries = [metric("AWS/ElastiCache", name, statistic, of, legend=label) for name in names]
    return graph(title, shows, unit, *queries, limits=limits, most=most)
