"""What the firewall blocked or counted, in an encrypted log group of its own. CloudFront writes down the rest."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, log_group_use
from dhakacart_infra.foundation.naming import Kind

SECRET_HEADERS = ("authorization", "cookie")


@dataclass(frozen=True, kw_only=True)
class FirewallLogsArgs:
    acl_arn: pulumi.Output[str]
    retention_days: int


class FirewallLogs(Component, token="dhakacart:edge:FirewallLogs"):
    def build(self, args: FirewallLogsArgs) -> None:
        name = self.naming.of(Kind.WEB_ACL_LOG_GROUP)
        users = [log_group_use(self.naming, self.naming.arn("logs", f"log-group:{name}"))]
        key_args = EncryptionKeyArgs(purpose="firewall-logs", users=users)
        key = EncryptionKey(self.child_name("encryption"), key_args, self.child())
        group = aws.cloudwatch.LogGroup(
            self.child_name("group"),
            name=name,
            retention_in_days=args.retention_days,
            kms_key_id=key.arn,
            opts=self.child(stateful=True),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            self.child_name("written"),
            resource_arn=args.acl_arn,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in SECRET_HEADERS],
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [{"action_condition": {"action": action}} for action in ("BLOCK", "COUNT")],
                    }
                ],
            },
            opts=self.child(),
        )
