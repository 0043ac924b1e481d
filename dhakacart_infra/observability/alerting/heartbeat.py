"""The dead man's switch: a topic that hears of the watchdog once a minute, and an alarm for when it does not.

Nobody reads the topic. It is the number of messages that counts, and CloudWatch that counts them: outside the cluster,
by the way that every alert takes.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.alarms import MINUTE, Alarm, AlarmTopic, Metric
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, allow, document
from dhakacart_infra.foundation.naming import Kind, Naming

PERIOD_SECONDS, PERIODS = 5 * MINUTE, 3
"""A quarter of an hour: Prometheus on another node, with its volume, takes less than ten minutes."""
PURPOSE = "heartbeat"


def may_beat(naming: Naming) -> Statement:
    """Permission of the role that gives it."""
    return allow(["sns:Publish"], [naming.arn("sns", naming.of(Kind.SNS_TOPIC, PURPOSE))])


@dataclass(frozen=True, kw_only=True)
class HeartbeatArgs:
    alarms: AlarmTopic


class Heartbeat(Component, token="dhakacart:observability:Heartbeat"):
    """``topic_arn`` is where Alertmanager publishes that it lives."""

    topic_arn: pulumi.Output[str]

    def build(self, args: HeartbeatArgs) -> None:
        topic = aws.sns.Topic(
            self.child_name("topic"),
            name=self.naming.of(Kind.SNS_TOPIC, PURPOSE),
            kms_master_key_id="alias/aws/sns",  # there is nothing in a heartbeat: AWS's own key, free of charge
            opts=self.child(),
        )
        aws.sns.TopicPolicy(
            self.child_name("policy"),
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: document(_encrypted(arn))),
            opts=self.child(),
        )
        args.alarms.watch(self, _missing(topic.name))
        self.topic_arn = topic.arn


def _missing(topic_name: pulumi.Output[str]) -> Alarm:
    return Alarm(
        kind="HeartbeatMissing",
        severity="critical",
        means="Alertmanager gives no sign of life: no alert of the cluster reaches anybody.",
        watches=Metric(
            namespace="AWS/SNS",
            name="NumberOfMessagesPublished",
            statistic="Sum",
            dimensions={"TopicName": topic_name},
        ),
        is_="LessThanThreshold",
        threshold=1,
        period=PERIOD_SECONDS,
        periods=PERIODS,
        missing="breaching",
    )


def _encrypted(topic_arn: str) -> Statement:
    """Who may publish is said in their own policies; how, here."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
