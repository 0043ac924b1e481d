"""PostgreSQL on RDS: an instance that survives a zone, its replicas, and the users that connect.

In a standby stack it is a replica of the peer's, named by an ARN that is computed: when the stack becomes active, the
same instance is promoted, and nothing is asked of the region that was lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.config.versions import POSTGRES
from dhakacart_infra.data.last_snapshot import last_snapshot
from dhakacart_infra.data.postgres_alarms import PostgresAlarms, PostgresAlarmsArgs
from dhakacart_infra.data.postgres_observation import (
    Observation,
    ObservationArgs,
    log_prefix,
    proxy_log_group,
    proxy_name,
)
from dhakacart_infra.data.postgres_parameters import FAMILY, parameters
from dhakacart_infra.foundation.alarms import AlarmTopic
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, log_group_use
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.foundation.port import Port, PortArgs

DATABASE = "dhakacart"
PORT = 5432
INSIGHTS_DAYS = 7  # what comes without a price; more is CloudWatch Database Insights' advanced mode
# Between two and four in the morning in Dhaka, which is six hours ahead of UTC. Replicas a night earlier: PostgreSQL
# wants them at the newer version first.
BACKUP_WINDOW = "20:00-20:30"
MAINTENANCE_WINDOW = "tue:21:00-tue:22:00"
REPLICA_MAINTENANCE_WINDOW = "mon:21:00-mon:22:00"


@dataclass(frozen=True, kw_only=True)
class PostgresArgs:
    config: DatabaseConfig
    vpc_id: pulumi.Output[str]
    subnet_ids: Mapping[str, pulumi.Output[str]]
    """By zone."""
    owner: Credentials | None
    """Of the user that owns the data; of nobody where the data come from the peer, and its users with them."""
    source_arn: str | None
    """The instance to follow."""
    alarms: AlarmTopic


class Postgres(Component, token="dhakacart:data:Postgres"):
    """``address`` writes; ``read_address`` reads, with a short delay. ``port`` lets in whom it is told to."""

    identifier: pulumi.Output[str]
    address: pulumi.Output[str]
    read_address: pulumi.Output[str]
    log_key_arn: pulumi.Output[str]
    port: Port

    def build(self, args: PostgresArgs) -> None:
        config = args.config
        self._identifier = self.naming.of(Kind.RDS_INSTANCE)
        port = PortArgs(vpc_id=args.vpc_id, number=PORT, serves="PostgreSQL")
        self.port = Port(self.child_name("port"), port, self.child())
        key = EncryptionKey(self.child_name("encryption"), EncryptionKeyArgs(purpose="postgres"), self.child())
        common = self._common(args, key)
        self.log_key_arn, self._log_retention_days = self._encryption_of_logs(), config.log_retention_days
        primary = aws.rds.Instance(
            self.child_name("primary"),
            identifier=self._identifier,
            multi_az=config.multi_az,
            kms_key_id=key.arn,
            backup_retention_period=config.backup_retention_days,
            backup_window=BACKUP_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            **self._origin(args),
            **self._ending(args, key),
            **self._observed("primary", self._identifier),
            **common,
            opts=self.child(stateful=True),
        )
        replicas = [
            self._replica(number, zone, primary, common)
            for number, zone in enumerate(_spread(sorted(args.subnet_ids), config.read_replicas), start=1)
        ]
        self._watch(args, primary, replicas)
        self.identifier = primary.identifier
        self.address = primary.address
        self.read_address = replicas[0].address if replicas else primary.address

    def _watch(self, args: PostgresArgs, primary: aws.rds.Instance, replicas: Sequence[aws.rds.Instance]) -> None:
        copies = {f"replica-{number}": replica for number, replica in enumerate(replicas, start=1)}
        alarms = PostgresAlarmsArgs(
            config=args.config,
            instances={role: one.identifier for role, one in {"primary": primary, **copies}.items()},
            followers=frozenset(copies) | ({"primary"} if args.source_arn else frozenset[str]()),
            identifier=self._identifier,
            topic=args.alarms,
        )
        PostgresAlarms(self.child_name("alarms"), alarms, self.child())

    def _common(self, args: PostgresArgs, key: EncryptionKey) -> dict[str, Any]:
        """What the instance and its replicas have alike."""
        config, protected = args.config, self.scope.protect_data
        subnets = aws.rds.SubnetGroup(
            self.child_name("subnets"),
            description="Database tier",
            subnet_ids=list(args.subnet_ids.values()),
            opts=self.child(),
        )
        group = aws.rds.ParameterGroup(
            self.child_name("parameters"),
            description="PostgreSQL of the shop",
            family=FAMILY,
            parameters=[
                aws.rds.ParameterGroupParameterArgs(
                    name=one.name, value=one.value, apply_method="pending-reboot" if one.static else "immediate"
                )
                for one in parameters(config)
            ],
            opts=self.child(),
        )
        return {
            "instance_class": config.instance_class,
            "max_allocated_storage": config.max_storage_gib,
            "db_subnet_group_name": subnets.name,
            "parameter_group_name": group.name,
            "vpc_security_group_ids": [self.port.security_group_id],
            "port": PORT,
            "publicly_accessible": False,
            "storage_encrypted": True,
            "storage_type": "gp3",
            "copy_tags_to_snapshot": True,
            "auto_minor_version_upgrade": True,
            "deletion_protection": protected,
            # In production what needs a restart waits for the window.
            "apply_immediately": not protected,
            "performance_insights_enabled": True,
            "performance_insights_kms_key_id": key.arn,
            "performance_insights_retention_period": INSIGHTS_DAYS,
            "database_insights_mode": "standard",
        }

    def _encryption_of_logs(self) -> pulumi.Output[str]:
        """Of the instances, and of a proxy in front."""
        groups = (f"{log_prefix(self._identifier)}*", proxy_log_group(proxy_name(self.naming)))
        users = [log_group_use(self.naming, self.naming.arn("logs", f"log-group:{group}")) for group in groups]
        args = EncryptionKeyArgs(purpose="postgres-logs", users=users)
        return EncryptionKey(self.child_name("log-encryption"), args, self.child()).arn

    def _origin(self, args: PostgresArgs) -> dict[str, Any]:
        """Where the data come from: another instance, or nowhere. A promoted replica keeps what it came with."""
        if args.source_arn:
            return {"replicate_source_db": args.source_arn}
        if args.owner is None:
            return {}
        return {
            "engine": "postgres",
            "engine_version": POSTGRES,
            "allocated_storage": args.config.storage_gib,
            "db_name": DATABASE,
            "username": args.owner.username,
            "password": args.owner.password,
        }

    def _ending(self, args: PostgresArgs, key: EncryptionKey) -> dict[str, Any]:
        """What is left of it: a last snapshot, where data are protected. RDS takes none of a replica."""
        last = None if args.source_arn else last_snapshot(self, self._identifier, key.arn)
        if last is None:
            return {"skip_final_snapshot": True}
        return {
            "skip_final_snapshot": False,
            "final_snapshot_identifier": last,
            "delete_automated_backups": False,
        }

    def _replica(self, number: int, zone: str, source: aws.rds.Instance, common: Mapping[str, Any]) -> aws.rds.Instance:
        role = f"replica-{number}"
        identifier = self.naming.of(Kind.RDS_INSTANCE, role)
        # Where it is put first it stays: a zone that is added moves none.
        placed = pulumi.ResourceOptions(ignore_changes=["availabilityZone"])
        return aws.rds.Instance(
            self.child_name(role),
            identifier=identifier,
            replicate_source_db=source.identifier,
            availability_zone=zone,
            maintenance_window=REPLICA_MAINTENANCE_WINDOW,
            skip_final_snapshot=True,
            **self._observed(role, identifier),
            **common,
            opts=pulumi.ResourceOptions.merge(self.child(), placed),
        )

    def _observed(self, role: str, identifier: str) -> dict[str, Any]:
        observation = Observation(
            self.child_name(f"{role}-observation"),
            ObservationArgs(identifier=identifier, key_arn=self.log_key_arn, retention_days=self._log_retention_days),
            self.child(),
        )
        return observation.settings


def _spread(zones: Sequence[str], count: int) -> list[str]:
    """The second zone first: the instance itself is as likely in any, and its standby in another."""
    return [zones[number % len(zones)] for number in range(1, count + 1)]
