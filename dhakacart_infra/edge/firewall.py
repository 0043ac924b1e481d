"""The firewall before CloudFront: how much one address may ask, and what AWS's own rules find.

Its capacity stays below the 1,500 units that are in the price (WAF guide, "AWS WAF web ACL capacity units").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import FirewallConfig
from dhakacart_infra.config.cdn import below
from dhakacart_infra.edge.firewall_logs import FirewallLogs, FirewallLogsArgs
from dhakacart_infra.foundation.alarms import Alarm, AlarmTopic, Metric
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

WINDOW_SECONDS = 300
TOO_MANY = 429
MANAGED: Mapping[str, Sequence[str]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    # A body of 8 KB and more is what it blocks, and a picture of a product is one.
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    "AWSManagedRulesSQLiRuleSet": (),
}
"""AWS's groups of rules, and which of each only count whatever the others do."""


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    config: FirewallConfig
    alarms: AlarmTopic


class Firewall(Component, token="dhakacart:edge:Firewall"):
    """``arn`` is what a distribution names."""

    arn: pulumi.Output[str]

    def build(self, args: FirewallArgs) -> None:
        acl = aws.wafv2.WebAcl(
            self.child_name("acl"),
            name=self.naming.of(Kind.WEB_ACL),
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            rules=[
                {**rule, "priority": priority}
                for priority, rule in enumerate([*_limits(args.config), *_managed_groups(args.config)])
            ],
            # CloudWatch tells web ACLs apart by this name alone.
            visibility_config=_seen_as(self.naming.of(Kind.WEB_ACL)),
            opts=self.child(),
        )
        self.arn = acl.arn
        args.alarms.watch(self, _blocks(self.naming.of(Kind.WEB_ACL), args.config))
        logs = FirewallLogsArgs(acl_arn=acl.arn, retention_days=args.config.log_retention_days)
        FirewallLogs(self.child_name("logs"), logs, self.child())


def _limits(config: FirewallConfig) -> "Iterator[aws.wafv2.WebAclRuleArgsDict]":
    """These block from the first day: an address that asks so much is no customer's."""
    if config.guarded_paths:
        yield _limit("requests-per-address-to-guarded", config.requests_per_address_to_guarded, config.guarded_paths)
    yield _limit("requests-per-address", config.requests_per_address)


def _limit(name: str, requests: int, paths: Sequence[str] = ()) -> "aws.wafv2.WebAclRuleArgsDict":
    """By the address that CloudFront sees: what a header says of it anybody can forge."""
    return {
        "name": name,
        "priority": 0,
        "action": {"block": {"custom_response": {"response_code": TOO_MANY}}},
        "statement": {
            "rate_based_statement": {
                "aggregate_key_type": "IP",
                "evaluation_window_sec": WINDOW_SECONDS,
                "limit": requests,
                "scope_down_statement": _below(paths) if paths else None,
            }
        },
        "visibility_config": _seen_as(name),
    }


def _below(paths: Sequence[str]) -> "aws.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementArgsDict":
    return {
        "regex_match_statement": {
            "field_to_match": {"uri_path": {}},
            "regex_string": below(paths),
            # As the services take them, or `/API//login` would pass.
            "text_transformations": [{"priority": 0, "type": "NORMALIZE_PATH"}, {"priority": 1, "type": "LOWERCASE"}],
        }
    }


def _managed_groups(config: FirewallConfig) -> "Iterator[aws.wafv2.WebAclRuleArgsDict]":
    for name, counting in MANAGED.items():
        yield {
            "name": name,
            "priority": 0,
            "override_action": {"count": {}} if config.managed_rules == "count" else {"none": {}},
            "statement": {
                "managed_rule_group_statement": {
                    "name": name,
                    "vendor_name": "AWS",
                    "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in counting],
                }
            },
            "visibility_config": _seen_as(name),
        }


def _seen_as(metric: str) -> "aws.wafv2.WebAclVisibilityConfigArgsDict":
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}


def _blocks(name: str, config: FirewallConfig) -> Alarm:
    return Alarm(
        kind="FirewallBlocksMany",
        severity="warning",
        means="The firewall blocks as much as one address may ask: an attack, or a rule that finds customers.",
        watches=Metric(
            namespace="AWS/WAFV2",
            name="BlockedRequests",
            statistic="Sum",
            dimensions={"WebACL": name, "Rule": "ALL"},  # of CloudFront's, without a region
        ),
        is_="GreaterThanThreshold",
        threshold=config.requests_per_address,
        period=WINDOW_SECONDS,
        periods=2,
        missing="notBreaching",
    )
