"""The rows about PostgreSQL and its proxy."""

from collections.abc import Sequence
from functools import partial

from dhakacart_infra.observability.dashboards.panels import (
    BYTES,
    COUNT,
    MICROSECONDS,
    PERCENT,
    SECONDS,
    Panel,
    Row,
    Step,
    above,
    below,
    graph,
)
from dhakacart_infra.observability.dashboards.queries import metric

GIB = 2**30


def rows(instances: Sequence[str], proxy: str | None) -> list[Row]:
    own = [_work(instances), _storage(instances)]
    return [*own, _proxy(proxy)] if proxy else own


def _work(instances: Sequence[str]) -> Row:
    panel = partial(_rds, instances)
    return Row(
        title="PostgreSQL",
        panels=[
            panel(
                "Processors in use",
                "Of each instance. Performance Insights tells which statements.",
                PERCENT,
                "CPUUtilization",
                limits=above(70, 90),
                most=100,
            ),
            panel("Connections", "Open to each instance, those of the proxy among them.", COUNT, "DatabaseConnections"),
            panel(
                "Duration of reads and writes",
                "What a single access to the disk takes. Above 10 ms the disk is the bottleneck.",
                SECONDS,
                "ReadLatency",
                "WriteLatency",
                limits=above(0.01, 0.02),
            ),
            panel(
                "Replicas behind",
                "How old what a replica shows is. What people read right after they wrote is on the instance itself.",
                SECONDS,
                "ReplicaLag",
                limits=above(10, 60),
            ),
            panel("Sessions at work", "More than there are processors is waiting.", COUNT, "DBLoad"),
            panel(
                "Free memory",
                "What the operating system could give away at once.",
                BYTES,
                "FreeableMemory",
                limits=below(GIB / 4, GIB / 2),
            ),
        ],
    )


def _storage(instances: Sequence[str]) -> Row:
    panel = partial(_rds, instances)
    return Row(
        title="PostgreSQL's disk",
        panels=[
            panel(
                "Free space",
                "It grows by itself as far as it may; a full disk stops the database.",
                BYTES,
                "FreeStorageSpace",
                limits=below(5 * GIB, 10 * GIB),
            ),
            panel(
                "Accesses",
                "Reads and writes a second.",
                "iops",
                "ReadIOPS",
                "WriteIOPS",
            ),
            panel(
                "Transaction log kept",
                "What replicas have not fetched yet. One that never returns fills the disk.",
                BYTES,
                "TransactionLogsDiskUsage",
                "OldestReplicationSlotLag",
            ),
            panel(
                "Age of the oldest transaction",
                "Transactions since the last freeze. At two thousand million PostgreSQL takes no more writes.",
                COUNT,
                "MaximumUsedTransactionIDs",
                limits=above(500_000_000, 1_000_000_000),
            ),
        ],
    )


def _rds(
    instances: Sequence[str],
    title: str,
    shows: str,
    unit: str,
    *names: str,
    limits: Sequence[Step] = (),
    most: float | None = None,
) -> Panel:
    label = "${PROP('Dim.DBInstanceIdentifier')}" + (" ${PROP('MetricName')}" if len(names) > 1 else "")
    queries = [metric("AWS/RDS", name, "Average", {"DBInstanceIdentifier": instances}, legend=label) for name in names]
    return graph(title, shows, unit, *queries, limits=limits, most=most)


def _proxy(proxy: str) -> Row:
    def panel(title: str, shows: str, unit: str, name: str, statistic: str) -> Panel:
        return graph(title, shows, unit, metric("AWS/RDS", name, statistic, {"ProxyName": [proxy]}, legend=name))

    return Row(
        title="PostgreSQL's proxy",
        panels=[
            panel("Connections of the shop", "Open from pods to the proxy.", COUNT, "ClientConnections", "Sum"),
            panel(
                "Connections to PostgreSQL",
                "Open from the proxy; many pods share them.",
                COUNT,
                "DatabaseConnections",
                "Sum",
            ),
            panel(
                "Waiting for a connection",
                "What a request waits until the proxy has one for it. It climbs when all are taken.",
                MICROSECONDS,
                "DatabaseConnectionsBorrowLatency",
                "Average",
            ),
            panel(
                "Connections refused",
                "By PostgreSQL, in a minute: it has too many, or the password is another.",
                COUNT,
                "DatabaseConnectionsSetupFailed",
                "Sum",
            ),
        ],
    )
