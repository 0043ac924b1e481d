"""What AWS announces of a node's end, two minutes ahead for a spot one, on a queue that Karpenter reads."""

import json

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, document
from dhakacart_infra.foundation.naming import Kind, Naming

RETENTION_SECONDS = 300  # by then the instance that the message speaks of is gone
EVENTS = {
    "source": ["aws.ec2", "aws.health"],
    "detail-type": [
        "AWS Health Event",
        "EC2 Capacity Reservation Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "EC2 Spot Instance Interruption Warning",
    ],
}
"""All that the pinned version understands (its ``pkg/controllers/interruption/messages``)."""


def queue_name(naming: Naming) -> str:
    return naming.of(Kind.SQS_QUEUE, "karpenter")


class Interruptions(Component, token="dhakacart:cluster:Interruptions"):
    """``queue`` is the name by which Karpenter finds it. The events are the whole account's: it knows its own nodes."""

    queue: pulumi.Output[str]

    def build(self, args: None) -> None:
        queue = aws.sqs.Queue(
            self.child_name("queue"),
            name=queue_name(self.naming),
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,  # instance ids at rest for minutes: no key of our own for them
            opts=self.child(),
        )
        rule = aws.cloudwatch.EventRule(
            self.child_name("rule"),
            description="Announcements of the end of instances, for Karpenter",
            event_pattern=json.dumps(EVENTS, sort_keys=True),
            opts=self.child(),
        )
        policy = aws.sqs.QueuePolicy(
            self.child_name("policy"),
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, rule.arn).apply(lambda arns: _only_events_of(*arns)),
            opts=self.child(),
        )
        aws.cloudwatch.EventTarget(
            self.child_name("target"),
            rule=rule.name,
            arn=queue.arn,
            # What the queue does not yet admit is lost without a trace.
            opts=self.child(depends_on=[policy]),
        )
        self.queue = queue.name


def _only_events_of(queue_arn: str, rule_arn: str) -> str:
    send: Statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    refuse_plain_text: Statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return document(send, refuse_plain_text)
