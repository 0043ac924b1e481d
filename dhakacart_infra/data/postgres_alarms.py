"""What is watched of PostgreSQL: each instance's figures, what RDS says happens to it, and that it is backed up.

How old the last backup is no metric says. RDS tells EventBridge when one is done, a rule counts that, and the alarm is
that nothing was counted.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.config.database import MEMORY_GIB
from dhakacart_infra.foundation.alarms import DAY, Alarm, AlarmTopic, Comparison, Metric, Missing, Severity
from dhakacart_infra.foundation.component import Component

EVENTS = ("availability", "failover", "failure", "low storage", "maintenance", "read replica", "recovery")
"""Not ``backup``, which comes twice a night, nor what follows an `up`. ``low storage`` speaks of growth that nears its
end, too (RDS guide, "Amazon RDS event categories and event messages")."""
BACKED_UP = "RDS-EVENT-0002"
GIB = 2**30
CPU_PERCENT = 80
MEMORY_LEFT = 0.05
STORAGE_LEFT = 0.05
"""Of what it began with: RDS lets it grow at a tenth, so this is a growth that did not come."""
IN_FLIGHT = 10
"""The 3,000 operations a second of gp3's baseline, at 3 ms each, are 9 (Little's law): more is a queue."""
LAG_SECONDS = 600
"""RDS reports up to five minutes where nothing is written (RDS guide, "Monitoring read replication")."""
CREDITS = 60
"""For half an hour of both vCPUs. Then a burstable class goes on, and what it takes is paid for."""
BURSTABLE = "db.t"


@dataclass(frozen=True, kw_only=True)
class PostgresAlarmsArgs:
    config: DatabaseConfig
    instances: Mapping[str, pulumi.Output[str]]
    """Identifiers by role; ``primary`` is the one that is backed up."""
    followers: frozenset[str]
    """Roles of those that copy another."""
    identifier: str
    """Of the primary, before it is there."""
    topic: AlarmTopic


class PostgresAlarms(Component, token="dhakacart:data:PostgresAlarms"):
    def build(self, args: PostgresAlarmsArgs) -> None:
        for role, identifier in args.instances.items():
            watch = _Instance(role=role, identifier=identifier, config=args.config)
            for alarm in (*watch.alarms(), *([watch.lag()] if role in args.followers else [])):
                args.topic.watch(self, alarm)
        aws.rds.EventSubscription(
            self.child_name("events"),
            sns_topic=args.topic.arn,
            source_type="db-instance",
            source_ids=list(args.instances.values()),
            event_categories=list(EVENTS),
            opts=self.child(),
        )
        self._backups(args)

    def _backups(self, args: PostgresAlarmsArgs) -> None:
        """Two nights without one: they end at no fixed minute, so one day may have none between two that had."""
        pattern = {
            "source": ["aws.rds"],
            "detail-type": ["RDS DB Instance Event"],
            "detail": {"EventID": [BACKED_UP], "SourceIdentifier": [args.identifier]},
        }
        rule = aws.cloudwatch.EventRule(
            self.child_name("backed-up"),
            description="Counts the backups of the database, for the alarm that there was none",
            event_pattern=json.dumps(pattern, sort_keys=True),
            opts=self.child(),
        )
        backup = Alarm(
            kind="PostgresBackupMissing",
            severity="critical",
            means="The database was not backed up for two nights.",
            watches=Metric(
                namespace="AWS/Events", name="TriggeredRules", statistic="Sum", dimensions={"RuleName": rule.name}
            ),
            is_="LessThanThreshold",
            threshold=1,
            period=DAY,
            periods=2,
            missing="breaching",
        )
        args.topic.watch(self, backup)


@dataclass(frozen=True, kw_only=True)
class _Instance:
    role: str
    identifier: pulumi.Output[str]
    config: DatabaseConfig

    def alarms(self) -> Iterator[Alarm]:
        config, memory = self.config, MEMORY_GIB[self.config.instance_class]
        busy = f"PostgreSQL is busy: above {CPU_PERCENT} % for a quarter of an hour."
        yield self._alarm("CpuHigh", busy, "CPUUtilization", CPU_PERCENT)
        yield self._alarm(
            "MemoryLow",
            f"PostgreSQL has less than {MEMORY_LEFT:.0%} of its memory left.",
            "FreeableMemory",
            int(memory * GIB * MEMORY_LEFT),
            is_="LessThanThreshold",
        )
        yield self._alarm(
            "StorageLow",
            "PostgreSQL's storage is nearly full, and did not grow.",
            "FreeStorageSpace",
            int(config.storage_gib * GIB * STORAGE_LEFT),
            is_="LessThanThreshold",
            severity="critical",
        )
        yield self._alarm(
            "ConnectionsHigh",
            f"PostgreSQL has nearly the {config.max_connections:,} connections that it holds.",
            "DatabaseConnections",
            config.too_many_connections,
            is_="GreaterThanOrEqualToThreshold",
            severity="critical",
            minutes=5,
        )
        waits = "PostgreSQL waits for its storage, which has more to do than it can."
        yield self._alarm("DiskQueueing", waits, "DiskQueueDepth", IN_FLIGHT)
        if config.instance_class.startswith(BURSTABLE):
            yield self._alarm(
                "CreditsLow",
                "PostgreSQL has used up the CPU that its class saves for bursts.",
                "CPUCreditBalance",
                CREDITS,
                is_="LessThanThreshold",
            )

    def lag(self) -> Alarm:
        means = f"A copy of the database is more than {LAG_SECONDS // 60} minutes behind, or copies no more."
        return self._alarm("ReplicaLag", means, "ReplicaLag", LAG_SECONDS, missing="breaching")

    def _alarm(
        self,
        what: str,
        means: str,
        metric: str,
        threshold: float,
        *,
        is_: Comparison = "GreaterThanThreshold",
        severity: Severity = "warning",
        minutes: int = 15,
        missing: Missing = "missing",
    ) -> Alarm:
        return Alarm(
            kind=f"Postgres{what}",
            one=self.role,
            severity=severity,
            means=means,
            watches=Metric(
                namespace="AWS/RDS",
                name=metric,
                statistic="Average",
                dimensions={"DBInstanceIdentifier": self.identifier},
            ),
            is_=is_,
            threshold=threshold,
            periods=minutes,
            missing=missing,
        )
