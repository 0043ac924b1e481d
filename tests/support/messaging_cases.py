"""One case or more for each resource type of SQS and EventBridge."""

import json

from tests.support.resource_case import TAGS, Case, policy
from tests.support.world import World

SEND = policy({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"})
DENY = policy({"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"})
SPOT = json.dumps({"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]})
HEALTH = json.dumps({"source": ["aws.health"]})


def redrive(arn: str, count: int) -> str:
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": count})


def shorten(w: World, url: str) -> None:
    w.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "60"})


def retarget(w: World, it: str) -> None:
    target = {"Id": it.removeprefix(f"{w.event_rule}-"), "Arn": w.other_queue_arn}
    w.client("events").put_targets(Rule=w.event_rule, Targets=[target])


MESSAGING = [
    Case(
        type="aws:sqs/queue:Queue",
        inputs=lambda w: {
            "name": "karpenter",
            "messageRetentionSeconds": 300,
            "kmsMasterKeyId": "alias/aws/sqs",
            "policy": SEND,
            "redrivePolicy": redrive(w.queue_arn, 3),
            "tags": TAGS,
        },
        changes={
            "delaySeconds": lambda _: 5,
            "kmsDataKeyReusePeriodSeconds": lambda _: 600,
            "kmsMasterKeyId": lambda _: "alias/shop",
            "maxMessageSize": lambda _: 1024,
            "messageRetentionSeconds": lambda _: 600,
            "policy": lambda _: DENY,
            "receiveWaitTimeSeconds": lambda _: 20,
            "redrivePolicy": lambda w: redrive(w.other_queue_arn, 4),
            "visibilityTimeoutSeconds": lambda _: 60,
        },
        outside=shorten,
        shows="messageRetentionSeconds",
    ),
    Case(
        type="aws:sqs/queue:Queue",
        also="fifo",
        inputs=lambda _: {
            "name": "orders.fifo",
            "fifoQueue": True,
            "sqsManagedSseEnabled": True,
            "deduplicationScope": "messageGroup",
            "fifoThroughputLimit": "perMessageGroupId",
            "contentBasedDeduplication": True,
        },
        changes={
            "contentBasedDeduplication": lambda _: False,
            "deduplicationScope": lambda _: "queue",
            "fifoThroughputLimit": lambda _: "perQueue",
            "sqsManagedSseEnabled": lambda _: False,
        },
    ),
    Case(
        type="aws:sqs/queue:Queue",
        also="prefix",
        inputs=lambda _: {"namePrefix": "orders-", "kmsMasterKeyId": "alias/shop"},
        changes={"kmsMasterKeyId": lambda _: None},
    ),
    Case(
        type="aws:sqs/queuePolicy:QueuePolicy",
        inputs=lambda w: {"queueUrl": w.queue, "policy": SEND},
        changes={"policy": lambda _: DENY},
        outside=lambda w, it: w.client("sqs").set_queue_attributes(QueueUrl=it, Attributes={"Policy": DENY}),
        shows="policy",
    ),
    Case(
        type="aws:cloudwatch/eventRule:EventRule",
        inputs=lambda w: {
            "name": "spot",
            "description": "two minutes' notice",
            "eventPattern": SPOT,
            "roleArn": w.role,
            "state": "ENABLED",
            "tags": TAGS,
        },
        changes={
            "description": lambda _: None,
            "eventPattern": lambda _: HEALTH,
            "forceDestroy": lambda _: True,
            "roleArn": lambda _: None,
            "scheduleExpression": lambda _: "rate(1 hour)",
            "state": lambda _: "DISABLED",
        },
        outside=lambda w, it: w.client("events").put_rule(Name=it, EventPattern=HEALTH),
        shows="eventPattern",
    ),
    Case(
        type="aws:cloudwatch/eventRule:EventRule",
        also="schedule",
        inputs=lambda _: {"namePrefix": "hourly-", "scheduleExpression": "rate(1 hour)", "isEnabled": False},
        changes={"isEnabled": lambda _: True},
    ),
    Case(
        type="aws:cloudwatch/eventTarget:EventTarget",
        inputs=lambda w: {
            "rule": w.event_rule,
            "targetId": "queue",
            "arn": w.queue_arn,
            "deadLetterConfig": {"arn": w.other_queue_arn},
            "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 0},
        },
        changes={
            "arn": lambda w: w.other_queue_arn,
            "deadLetterConfig": lambda w: {"arn": w.queue_arn},
            "forceDestroy": lambda _: True,
            "input": lambda _: '{"from": "dhaka"}',
            "retryPolicy": lambda _: None,
            "roleArn": lambda w: w.role,
        },
        outside=retarget,
        shows="arn",
    ),
    Case(
        type="aws:cloudwatch/eventTarget:EventTarget",
        also="part",
        inputs=lambda w: {"rule": w.event_rule, "arn": w.queue_arn, "inputPath": "$.detail"},
        changes={"inputPath": lambda _: None},
    ),
]
