"""What is seen of a database instance from outside: its logs, in groups of ours, and its operating system."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import service_trust
from dhakacart_infra.foundation.naming import Kind, Naming

LOGS = ("postgresql", "upgrade")
MONITORING_SECONDS = 60
MONITORING_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


@dataclass(frozen=True, kw_only=True)
class ObservationArgs:
    identifier: str
    """Of the instance."""
    key_arn: pulumi.Output[str]
    """Encrypts its logs."""
    retention_days: int


class Observation(Component, token="dhakacart:data:Observation"):
    """``settings`` are the instance's arguments that turn it on.

    Its operating system's figures go to ``RDSOSMetrics``, one log group for all of an account's instances in a region,
    which RDS makes itself and keeps 30 days.
    """

    settings: dict[str, Any]

    def build(self, args: ObservationArgs) -> None:
        prefix = log_prefix(args.identifier)
        groups = {
            log: aws.cloudwatch.LogGroup(
                self.child_name(log),
                name=f"{prefix}/{log}",
                retention_in_days=args.retention_days,
                kms_key_id=args.key_arn,
                opts=self.child(stateful=True),
            )
            for log in LOGS
        }
        role = aws.iam.Role(
            self.child_name("monitoring"),
            description="Lets RDS write what its operating system does",
            assume_role_policy=service_trust(
                "monitoring.rds.amazonaws.com",
                account_id=self.naming.account_id,
                source_arn=self.naming.arn("rds", f"db:{args.identifier}"),
            ),
            opts=self.child(),
        )
        attached = aws.iam.RolePolicyAttachment(
            self.child_name("monitor"), role=role.name, policy_arn=MONITORING_POLICY, opts=self.child()
        )
        self.settings = {
            # RDS would make the groups itself, without a key, for ever: they come first.
            "enabled_cloudwatch_logs_exports": [_once_there(group, log) for log, group in groups.items()],
            "monitoring_interval": MONITORING_SECONDS,
            "monitoring_role_arn": attached.role.apply(lambda _: role.arn),
        }


def log_prefix(identifier: str) -> str:
    """Where RDS writes, whatever we would call it."""
    return f"/aws/rds/instance/{identifier}"


def proxy_name(naming: Naming) -> str:
    return naming.of(Kind.RDS_INSTANCE, "proxy")


def proxy_log_group(name: str) -> str:
    return f"/aws/rds/proxy/{name}"


def _once_there(group: aws.cloudwatch.LogGroup, log: str) -> pulumi.Output[str]:
    return group.name.apply(lambda _: log)
