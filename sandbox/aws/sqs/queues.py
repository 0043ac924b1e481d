"""SQS: queues and their policies."""

import json
import re
from typing import Any

from sandbox.aws.checks import json_text, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, send
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
PLAIN_NAME = re.compile(r"[0-9A-Za-z_-]{1,80}")
FIFO_NAME = re.compile(r"[0-9A-Za-z_-]{1,75}\.fifo")
MAX_WAIT_SECONDS = 20
NUMBERS = {
    "delaySeconds": "DelaySeconds",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
SWITCHES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "fifoQueue": "FifoQueue",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
}
TEXTS = {
    "deduplicationScope": "DeduplicationScope",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "redrivePolicy": "RedrivePolicy",
}
FIFO_ONLY = frozenset({"contentBasedDeduplication", "fifoQueue"})
"""Refused for a standard queue, even to say no."""
SET_AT_BIRTH = frozenset({"fifoQueue"})


def _name(inputs: Inputs) -> str | None:
    name, fifo = inputs.get("name"), inputs.get("fifoQueue")
    if not isinstance(name, str) or (FIFO_NAME if fifo else PLAIN_NAME).fullmatch(name):
        return None
    ending = ', at most 75 characters and then ".fifo"' if fifo else ", at most 80 characters"
    return f"invalid queue name: {name} (letters, digits, hyphens and underscores{ending})"


def _deduplication(inputs: Inputs) -> str | None:
    if inputs.get("contentBasedDeduplication") and not inputs.get("fifoQueue"):
        return "content-based deduplication can only be set for FIFO queue"
    return None


QUEUE = Constraints(
    source="internal/service/sqs/queue.go",
    inputs=names(*NUMBERS, *SWITCHES, *TEXTS, "name namePrefix redriveAllowPolicy region tags"),
    replaces=names("fifoQueue name namePrefix region"),
    conflicts=(("name", "namePrefix"), ("kmsMasterKeyId", "sqsManagedSseEnabled")),
    values={
        "deduplicationScope": ("messageGroup", "queue"),
        "fifoThroughputLimit": ("perMessageGroupId", "perQueue"),
    },
    ranges={
        "delaySeconds": (0, 900),
        "kmsDataKeyReusePeriodSeconds": (60, 86_400),
        "maxMessageSize": (1024, 1_048_576),
        "messageRetentionSeconds": (60, 1_209_600),
        "visibilityTimeoutSeconds": (0, 43_200),
    },
    defaults={
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "maxMessageSize": 262_144,
        "messageRetentionSeconds": 345_600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    },
    computed=names(
        "deduplicationScope fifoThroughputLimit kmsDataKeyReusePeriodSeconds name namePrefix",
        "policy redriveAllowPolicy redrivePolicy sqsManagedSseEnabled",
    ),
    documents=frozenset({"policy", "redriveAllowPolicy", "redrivePolicy"}),
    checks=(json_text("policy"), json_text("redriveAllowPolicy"), json_text("redrivePolicy"), _name, _deduplication),
    delete_before_replace=True,
)

POLICY = Constraints(
    source="internal/service/sqs/queue_policy.go",
    inputs=names("policy queueUrl region"),
    required=("policy", "queueUrl"),
    replaces=names("queueUrl region"),
    documents=frozenset({"policy"}),
    checks=(json_text("policy"),),
)


def _attributes(operation: str, props: Props) -> dict[str, str]:
    """As SQS takes them: all text."""
    if props.get("receiveWaitTimeSeconds", 0) > MAX_WAIT_SECONDS:
        message = f"Invalid value for the parameter ReceiveMessageWaitTimeSeconds: 0 to {MAX_WAIT_SECONDS} are allowed."
        raise AwsError("sqs", operation, "InvalidAttributeValue", message)
    given = {name: value for name, value in props.items() if value is not None}
    if not given.get("fifoQueue"):
        given = {name: value for name, value in given.items() if name not in FIFO_ONLY}
    numbers = {attribute: str(given[name]) for name, attribute in NUMBERS.items() if name in given}
    switches = {attribute: str(given[name]).lower() for name, attribute in SWITCHES.items() if name in given}
    return numbers | switches | {attribute: given[name] for name, attribute in TEXTS.items() if name in given}


def _create(aws: Region, props: Props) -> str:
    attributes, tags = _attributes("CreateQueue", props), send(props, tags="tagsAll")
    return aws.call("sqs", "CreateQueue", QueueName=props["name"], Attributes=attributes, **tags)["QueueUrl"]


def _found(aws: Region, url: str) -> dict[str, str] | None:
    return aws.find("sqs", "GetQueueAttributes", "Attributes", GONE, QueueUrl=url, AttributeNames=["All"])


def _read(aws: Region, url: str, state: Props) -> Props | None:
    found = _found(aws, url)
    if found is None:
        return None
    props: dict[str, Any] = {name: int(found[attribute]) for name, attribute in NUMBERS.items() if attribute in found}
    props |= {name: found[attribute] == "true" for name, attribute in SWITCHES.items() if attribute in found}
    props |= {name: found[attribute] for name, attribute in TEXTS.items() if attribute in found}
    # One encryption excludes the other; moto reports both.
    props["sqsManagedSseEnabled"] &= "kmsMasterKeyId" not in props
    tags = aws.call("sqs", "ListQueueTags", QueueUrl=url).get("Tags", {})
    return props | {"arn": found["QueueArn"], "name": url.rpartition("/")[2], "url": url, "tags": tags}


def _set(aws: Region, url: str, props: Props) -> None:
    """An absent key is none; an absent policy is another's affair, and moto would drop what it is not told anew."""
    now = _found(aws, url) or {}
    attributes = {"KmsMasterKeyId": "", **send(now, Policy="Policy"), **_attributes("SetQueueAttributes", props)}
    fixed = {SWITCHES[name] for name in SET_AT_BIRTH}
    attributes = {name: text for name, text in attributes.items() if name not in fixed}
    aws.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes=attributes)


def _create_policy(aws: Region, props: Props) -> str:
    _put_policy(aws, props["queueUrl"], props)
    return props["queueUrl"]


def _put_policy(aws: Region, url: str, props: Props) -> None:
    policy = props["policy"]
    if not isinstance(json.loads(policy), dict):
        message = "Invalid value for the parameter Policy: a policy is a JSON object."
        raise AwsError("sqs", "SetQueueAttributes", "InvalidAttributeValue", message)
    aws.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": policy})


def _read_policy(aws: Region, url: str, state: Props) -> Props | None:
    policy = (_found(aws, url) or {}).get("Policy")
    return {"queueUrl": url, "policy": policy} if policy else None


TYPES = (
    AwsType(
        type="aws:sqs/queue:Queue",
        constraints=QUEUE,
        create=_create,
        sent=names("name", *NUMBERS, *SWITCHES, *TEXTS),
        as_made={"kmsDataKeyReusePeriodSeconds": 300, "sqsManagedSseEnabled": True},
        read=_read,
        delete=lambda aws, url, _: aws.call("sqs", "DeleteQueue", QueueUrl=url),
        settings=(Setting(inputs=tuple(sorted({*NUMBERS, *SWITCHES, *TEXTS} - SET_AT_BIRTH)), apply=_set),),
        tagging=Tagging(
            put=lambda aws, url, tags: aws.call("sqs", "TagQueue", QueueUrl=url, Tags=tags),
            drop=lambda aws, url, names: aws.call("sqs", "UntagQueue", QueueUrl=url, TagKeys=names),
        ),
        census=Census(service="sqs", operation="ListQueues", path="QueueUrls"),
        auto_name=AutoName(max_length=80),
    ),
    AwsType(
        type="aws:sqs/queuePolicy:QueuePolicy",
        constraints=POLICY,
        create=_create_policy,
        sent=names("policy queueUrl"),
        read=_read_policy,
        delete=lambda aws, url, _: aws.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": ""}),
        settings=(Setting(inputs=("policy",), apply=_put_policy),),
    ),
)
