"""SNS: who hears of what a topic is told. An e-mail address hears nothing before its owner has confirmed."""

import json
import re

from sandbox.aws.checks import arn, json_text, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AwsType, Census, Setting
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = ("NotFound",)
ATTRIBUTES = {"filterPolicy": "FilterPolicy", "rawMessageDelivery": "RawMessageDelivery"}
WAITING = names("confirmationTimeoutInMinutes endpointAutoConfirms")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
MAIL = ("email", "email-json")

SUBSCRIPTION = Constraints(
    source="internal/service/sns/topic_subscription.go",
    inputs=names(
        *ATTRIBUTES,
        *WAITING,
        "deliveryPolicy endpoint filterPolicyScope protocol redrivePolicy region replayPolicy subscriptionRoleArn",
        "topic",
    ),
    required=("endpoint", "protocol", "topic"),
    replaces=names("endpoint protocol region topic"),
    values={
        "filterPolicyScope": ("MessageAttributes", "MessageBody"),
        "protocol": ("application", *MAIL, "firehose", "http", "https", "lambda", "sms", "sqs"),
    },
    defaults={"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False},
    computed=frozenset({"filterPolicyScope"}),
    documents=names("deliveryPolicy filterPolicy redrivePolicy replayPolicy"),
    checks=(arn("topic"), arn("subscriptionRoleArn"), *map(json_text, ("filterPolicy", "redrivePolicy"))),
)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _create(aws: Region, props: Props) -> str:
    if props["protocol"] in MAIL and not ADDRESS.fullmatch(props["endpoint"]):
        raise AwsError("sns", "Subscribe", "InvalidParameter", "Invalid parameter: Email address")
    given = {attribute: _text(props[name]) for name, attribute in ATTRIBUTES.items() if props.get(name)}
    to = {"TopicArn": props["topic"], "Protocol": props["protocol"], "Endpoint": props["endpoint"]}
    return aws.call("sns", "Subscribe", **to, Attributes=given, ReturnSubscriptionArn=True)["SubscriptionArn"]


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("sns", "GetSubscriptionAttributes", "Attributes", GONE, SubscriptionArn=it)
    if found is None:
        return None
    props = {name: found[attribute] for name, attribute in ATTRIBUTES.items() if attribute in found}
    if filtered := props.get("filterPolicy"):
        props["filterPolicy"] = filtered if isinstance(filtered, str) else json.dumps(filtered)
    return props | {
        "arn": it,
        "confirmationWasAuthenticated": found["ConfirmationWasAuthenticated"] == "true",
        "endpoint": found["Endpoint"],
        "ownerId": found["Owner"],
        "pendingConfirmation": found["PendingConfirmation"] == "true",
        "protocol": found["Protocol"],
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
        "topic": found["TopicArn"],
    }


def _set(aws: Region, it: str, props: Props) -> None:
    """A filter that is not asked for any more is taken away by an empty one."""
    wanted = {
        "FilterPolicy": props.get("filterPolicy") or "{}",
        "RawMessageDelivery": _text(props["rawMessageDelivery"]),
    }
    for name, value in wanted.items():
        aws.call("sns", "SetSubscriptionAttributes", SubscriptionArn=it, AttributeName=name, AttributeValue=value)


TYPES = (
    AwsType(
        type="aws:sns/topicSubscription:TopicSubscription",
        constraints=SUBSCRIPTION,
        create=_create,
        sent=names("endpoint protocol topic", *ATTRIBUTES),
        unread=WAITING,
        read=_read,
        delete=lambda aws, it, _: aws.find("sns", "Unsubscribe", "@", GONE, SubscriptionArn=it),
        settings=(Setting(inputs=tuple(sorted(ATTRIBUTES)), apply=_set),),
        census=Census(service="sns", operation="ListSubscriptions", path="Subscriptions[].SubscriptionArn"),
    ),
)
