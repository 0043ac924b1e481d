"""SNS: topics and their policies."""

import json
import re

from sandbox.aws.checks import names, policy_text
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, account_id, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("NotFound",)
PLAIN_NAME = re.compile(r"[0-9A-Za-z_-]{1,256}")
FIFO_NAME = re.compile(r"[0-9A-Za-z_-]{1,251}\.fifo")
ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
}
ACTIONS = {
    f"sns:{name.lower()}"
    for name in (
        *("AddPermission", "DeleteTopic", "GetDataProtectionPolicy", "GetTopicAttributes", "ListSubscriptionsByTopic"),
        *("ListTagsForResource", "Publish", "PutDataProtectionPolicy", "Receive", "RemovePermission"),
        *("SetTopicAttributes", "Subscribe"),
    )
}
"""What a topic's policy may speak of."""
SENDERS = ("application", "firehose", "http", "lambda", "sqs")
OF_DELIVERIES = [
    f"{sender}{what}"
    for sender in SENDERS
    for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
]
FIFO_ONLY = ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope")


def _name(inputs: Inputs) -> str | None:
    name, fifo = inputs.get("name"), inputs.get("fifoTopic")
    if not isinstance(name, str) or (FIFO_NAME if fifo else PLAIN_NAME).fullmatch(name):
        return None
    return f"invalid topic name: {name}"


def _fifo_only(inputs: Inputs) -> str | None:
    given = [name for name in FIFO_ONLY if inputs.get(name)]
    return f"{given[0]} can only be set for FIFO topics" if given and not inputs.get("fifoTopic") else None


TOPIC = Constraints(
    source="internal/service/sns/topic.go",
    inputs=names(
        *ATTRIBUTES,
        *FIFO_ONLY,
        *OF_DELIVERIES,
        "fifoTopic maximumMessageSize name namePrefix region signatureVersion tags tracingConfig",
    ),
    replaces=names("fifoTopic name namePrefix region"),
    conflicts=(("name", "namePrefix"),),
    values={"fifoThroughputScope": ("Topic", "MessageGroup"), "tracingConfig": ("Active", "PassThrough")},
    ranges={"signatureVersion": (1, 2), **{f"{sender}SuccessFeedbackSampleRate": (0, 100) for sender in SENDERS}},
    defaults={"contentBasedDeduplication": False, "fifoTopic": False},
    computed=names("fifoThroughputScope name namePrefix policy signatureVersion tracingConfig"),
    documents=frozenset({"archivePolicy", "deliveryPolicy", "policy"}),
    checks=(policy_text("policy"), _name, _fifo_only),
    delete_before_replace=True,
)

POLICY = Constraints(
    source="internal/service/sns/topic_policy.go",
    inputs=names("arn policy region"),
    required=("arn", "policy"),
    replaces=names("arn region"),
    documents=frozenset({"policy"}),
    checks=(policy_text("policy"),),
)


def default_policy(arn: str, account: str) -> str:
    """What a topic has from the start, and again when its policy is deleted: none can be without."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": sorted(ACTIONS),
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _create(aws: Region, props: Props) -> str:
    return aws.call("sns", "CreateTopic", Name=props["name"], Tags=tag_list(props.get("tagsAll")))["TopicArn"]


def _put(aws: Region, arn: str, name: str, value: str) -> None:
    if name == "Policy":
        for statement in json.loads(value)["Statement"]:
            _require_own(arn, statement)
    aws.call("sns", "SetTopicAttributes", TopicArn=arn, AttributeName=name, AttributeValue=value)


def _require_own(arn: str, statement: Props) -> None:
    """A topic's policy speaks of it alone, and of what can be done to one: not even ``sns:*``."""
    actions: str | list[str] = statement.get("Action", [])
    strange = {one.lower() for one in ([actions] if isinstance(actions, str) else actions)} - ACTIONS
    if strange or statement.get("Resource") != arn:
        what = "action out of service scope" if strange else "resource is not the topic"
        message = f"Invalid parameter: Policy statement {what}!"
        raise AwsError("sns", "SetTopicAttributes", "InvalidParameter", message)


def _set(aws: Region, arn: str, props: Props) -> None:
    """All but a policy that nobody asks for: it is another resource's affair."""
    given = {**dict.fromkeys(ATTRIBUTES.keys() - {"policy"}, ""), **props}
    for name, attribute in ATTRIBUTES.items():
        if name in given:
            _put(aws, arn, attribute, given[name] or "")


def _read(aws: Region, arn: str, state: Props) -> Props | None:
    found = aws.find("sns", "GetTopicAttributes", "Attributes", GONE, TopicArn=arn)
    if found is None:
        return None
    tags = aws.call("sns", "ListTagsForResource", ResourceArn=arn)["Tags"]
    props = {name: found[attribute] for name, attribute in ATTRIBUTES.items() if found.get(attribute)}
    return props | {"arn": arn, "name": arn.rpartition(":")[2], "owner": found["Owner"], "tags": tag_map(tags)}


def _create_policy(aws: Region, props: Props) -> str:
    _put(aws, props["arn"], "Policy", props["policy"])
    return props["arn"]


def _read_policy(aws: Region, arn: str, state: Props) -> Props | None:
    topic = _read(aws, arn, state)
    if topic is None or json.loads(topic["policy"]).get("Id") == "__default_policy_ID":
        return None
    return {"arn": arn, "owner": topic["owner"], "policy": topic["policy"]}


TYPES = (
    AwsType(
        type="aws:sns/topic:Topic",
        constraints=TOPIC,
        create=_create,
        sent=names("name"),
        read=_read,
        delete=lambda aws, arn, _: aws.find("sns", "DeleteTopic", "@", GONE, TopicArn=arn),
        settings=(Setting(inputs=tuple(sorted(ATTRIBUTES)), apply=_set),),
        tagging=Tagging(
            put=lambda aws, arn, tags: aws.call("sns", "TagResource", ResourceArn=arn, Tags=tag_list(tags)),
            drop=lambda aws, arn, gone: aws.call("sns", "UntagResource", ResourceArn=arn, TagKeys=gone),
        ),
        census=Census(service="sns", operation="ListTopics", path="Topics[].TopicArn"),
        auto_name=AutoName(max_length=256),
    ),
    AwsType(
        type="aws:sns/topicPolicy:TopicPolicy",
        constraints=POLICY,
        create=_create_policy,
        sent=names("arn policy"),
        read=_read_policy,
        delete=lambda aws, arn, _: _put(aws, arn, "Policy", default_policy(arn, account_id(aws))),
        settings=(
            Setting(inputs=("policy",), apply=lambda aws, arn, props: _put(aws, arn, "Policy", props["policy"])),
        ),
    ),
)
