"""Flow logs: what the VPC accepts and refuses, in an encrypted log group of their own.

CloudWatch rather than S3: they are queried while an incident runs, not archived.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import allow, document, service_trust
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, log_group_use
from dhakacart_infra.foundation.naming import Kind

AGGREGATION_SECONDS = 60  # AWS allows 60 or 600; an incident is over in 600


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    vpc_id: pulumi.Output[str]
    retention_days: int


class FlowLogs(Component, token="dhakacart:network:FlowLogs"):
    """``log_group`` holds every accepted and rejected flow of the VPC."""

    log_group: aws.cloudwatch.LogGroup

    def build(self, args: FlowLogsArgs) -> None:
        # The name is ours, not automatic: the key's policy and the writer's name the group by its ARN.
        group_name = self.naming.of(Kind.LOG_GROUP, "flow-logs")
        group_arn = self.naming.arn("logs", f"log-group:{group_name}")
        key = EncryptionKey(
            self.child_name("encryption"),
            EncryptionKeyArgs(purpose="flow-logs", users=[log_group_use(self.naming, group_arn)]),
            self.child(),
        )
        self.log_group = aws.cloudwatch.LogGroup(
            self.child_name("group"),
            name=group_name,
            retention_in_days=args.retention_days,
            kms_key_id=key.arn,
            opts=self.child(stateful=True),
        )
        writer, permission = self._writer(group_arn)
        aws.ec2.FlowLog(
            self.child_name("flows"),
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination=self.log_group.arn,
            iam_role_arn=writer.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags={"Name": self.naming.of(Kind.TAG, "flow-logs")},
            # A flow log whose role may not write yet is accepted, and fails later without a word.
            opts=self.child(depends_on=[permission]),
        )

    def _writer(self, group_arn: str) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            self.child_name("writer"),
            description="Writes VPC flow logs",
            assume_role_policy=service_trust(
                "vpc-flow-logs.amazonaws.com",
                account_id=self.naming.account_id,
                source_arn=self.naming.arn("ec2", "vpc-flow-log/*"),
            ),
            opts=self.child(),
        )
        permission = aws.iam.RolePolicy(
            self.child_name("write"),
            role=role.id,
            policy=document(
                allow(
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    [f"{group_arn}:*"],
                ),
                allow(["logs:DescribeLogGroups"], [self.naming.arn("logs", "log-group:*")]),
            ),
            opts=self.child(),
        )
        return role, permission
