"""Cloud alarms: the topic that tells people, and what CloudWatch watches for the components that own things.

An alarm belongs to the component that owns what it watches. It is named for its kind, by which its runbook is found.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.iam import Conditions, Statement, allow, allow_principal, document
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs
from dhakacart_infra.foundation.naming import PARTITION, Kind, Naming
from dhakacart_infra.foundation.runbooks import runbook_url

PURPOSE = "alarms"
NAME_LENGTH = 8
"""Characters that tell subscribers apart."""
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey*")
MINUTE, HOUR, DAY = 60, 3_600, 86_400

Severity = Literal["critical", "warning"]
"""Somebody is woken, or looks in the morning."""
Missing = Literal["breaching", "notBreaching", "missing"]
"""What silence means: the failure itself; that there was nothing to count; or neither, and the alarm says it does not
know."""
Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]
Statistic = Literal["Average", "Maximum", "Minimum", "Sum"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One that AWS publishes."""

    namespace: str
    name: str
    statistic: Statistic
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A sum over metrics by their names in it, or a query, which finds its own."""

    text: str
    of: Mapping[str, Metric] = field(default_factory=dict[str, Metric])


@dataclass(frozen=True, kw_only=True)
class Alarm:
    kind: str
    """Such as ``PostgresCpuHigh``: names it, and its runbook."""
    one: str = ""
    """Tells several of a kind apart, in fixed text."""
    severity: Severity
    means: str
    watches: Metric | Formula
    is_: Comparison
    threshold: float
    period: int = MINUTE
    periods: int
    of_them: int | None = None
    """How many have to be so; all, unless it is said."""
    missing: Missing


@dataclass(frozen=True, kw_only=True)
class AlarmTopicArgs:
    emails: Sequence[str]
    """Who hears of it, once each has confirmed what AWS asks."""
    scope: Scope | None = None
    """Of another region than the parent's: an alarm tells topics of its own region alone."""


class AlarmTopic(Component, token="dhakacart:foundation:AlarmTopic"):
    """``arn`` takes notices of CloudWatch, Budgets and RDS, of this account alone, and lets them in by then."""

    arn: pulumi.Output[str]

    def build(self, args: AlarmTopicArgs) -> None:
        users = [allow_principal({"Service": one}, KEY_ACTIONS, when) for one, when in _senders(self.naming).items()]
        key_args = EncryptionKeyArgs(purpose=PURPOSE, users=users)
        key = EncryptionKey(self.child_name("encryption"), key_args, self.child())
        topic = aws.sns.Topic(
            self.child_name("topic"),
            name=self.naming.of(Kind.SNS_TOPIC, PURPOSE),
            kms_master_key_id=key.arn,
            opts=self.child(),
        )
        policy = aws.sns.TopicPolicy(
            self.child_name("policy"),
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: _policy(self.naming, arn)),
            opts=self.child(),
        )
        self.arn = policy.arn
        for email in args.emails:
            aws.sns.TopicSubscription(
                # Not by its place in the list: whoever comes after one who left would have to confirm again.
                self.child_name(f"mail-{hashlib.sha256(email.encode()).hexdigest()[:NAME_LENGTH]}"),
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                opts=self.child(),
            )

    def watch(self, owner: Component, alarm: Alarm, *, silently: bool = False) -> aws.cloudwatch.MetricAlarm:
        """Make the alarm, a child of what owns the thing. A silent one is a part of another that tells."""
        told = [] if silently else [self.arn]
        return aws.cloudwatch.MetricAlarm(
            owner.child_name("-".join(filter(None, (alarm.one, alarm.kind)))),
            name=owner.naming.of(Kind.ALARM, *filter(None, (alarm.one,)), alarm.kind),
            alarm_description=description(alarm.severity, alarm.means, alarm.kind),
            **_watched(alarm),
            comparison_operator=alarm.is_,
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.of_them,
            treat_missing_data=alarm.missing,
            alarm_actions=told,
            ok_actions=told,
            opts=owner.child(),
        )


def description(severity: Severity, means: str, kind: str) -> str:
    """All that a mail says: how bad it is, what it means, and what to do."""
    return f"{severity}: {means} {runbook_url(kind)}"


def may_publish(naming: Naming) -> list[Statement]:
    """Permissions of a role that tells the topic something itself."""
    used: Conditions = {
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": naming.of(Kind.KMS_ALIAS, PURPOSE)},
        "StringEquals": {"kms:ViaService": f"sns.{naming.region}.amazonaws.com"},
    }
    return [
        allow(["sns:Publish"], [naming.arn("sns", naming.of(Kind.SNS_TOPIC, PURPOSE))]),
        allow(KEY_ACTIONS, [naming.arn("kms", "key/*")], used),
    ]


def _watched(alarm: Alarm) -> dict[str, Any]:
    watched = alarm.watches
    if isinstance(watched, Metric):
        return {
            "namespace": watched.namespace,
            "metric_name": watched.name,
            "dimensions": watched.dimensions,
            "statistic": watched.statistic,
            "period": alarm.period,
        }
    result = {"id": "result", "expression": watched.text, "return_data": True}
    parts = [
        {
            "id": name,
            "metric": {
                "namespace": metric.namespace,
                "metric_name": metric.name,
                "dimensions": metric.dimensions,
                "stat": metric.statistic,
                "period": alarm.period,
            },
        }
        for name, metric in watched.of.items()
    ]
    # Over metrics of a period the result has theirs; a query has its own.
    return {"metric_queries": [result if parts else {**result, "period": alarm.period}, *parts]}


def _senders(naming: Naming) -> Mapping[str, Conditions]:
    """Services that tell, each on behalf of this account's own (the confused deputy)."""
    account, mine = naming.account_id, f"arn:{PARTITION}:budgets::{naming.account_id}:*"
    sources = {
        "budgets.amazonaws.com": mine,
        "cloudwatch.amazonaws.com": naming.arn("cloudwatch", "alarm:*"),
        "events.rds.amazonaws.com": naming.arn("rds", "*"),
    }
    return {
        service: {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": account}}
        for service, source in sources.items()
    }


def _policy(naming: Naming, arn: str) -> str:
    """Without the account: its roles are let in by their own policies."""
    publish: Statement = {"Action": "sns:Publish", "Resource": arn}
    services = [
        {"Effect": "Allow", "Principal": {"Service": service}, "Condition": when, **publish}
        for service, when in _senders(naming).items()
    ]
    plain: Conditions = {"Bool": {"aws:SecureTransport": "false"}}
    return document(*services, {"Effect": "Deny", "Principal": "*", "Condition": plain, **publish})
