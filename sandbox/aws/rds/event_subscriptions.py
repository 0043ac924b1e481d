"""RDS: who is told what happens to instances."""

import re
from typing import Any

from sandbox.aws.checks import arn, matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, receive, send, tag_list, tag_map, tags_by_arn
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = ("SubscriptionNotFound", "SubscriptionNotFoundFault")
NAME = re.compile(r"[0-9A-Za-z-]+")
NAME_RULE = "only alphanumeric characters and hyphens allowed"
WHAT = ("enabled", "eventCategories", "snsTopic", "sourceType")

SUBSCRIPTION = Constraints(
    source="internal/service/rds/event_subscription.go",
    inputs=names(*WHAT, "name namePrefix region sourceIds tags"),
    required=("snsTopic",),
    replaces=names("name namePrefix region"),
    conflicts=(("name", "namePrefix"),),
    values={
        "sourceType": (
            *("blue-green-deployment", "custom-engine-version", "db-cluster", "db-cluster-snapshot", "db-instance"),
            *("db-parameter-group", "db-proxy", "db-security-group", "db-shard-group", "db-snapshot", "zero-etl"),
        )
    },
    ranges={"name": (1, 255), "namePrefix": (1, 229)},
    defaults={"enabled": True},
    computed=names("name namePrefix"),
    sets=names("eventCategories sourceIds"),
    checks=(arn("snsTopic"), matches("name", NAME, NAME_RULE), matches("namePrefix", NAME, NAME_RULE)),
    delete_before_replace=True,
)


def _asked(props: Props) -> dict[str, Any]:
    return send(props, "enabled", "eventCategories", "sourceType", SnsTopicArn="snsTopic")


def _create(aws: Region, props: Props) -> str:
    sources, tags = send(props, "sourceIds"), tag_list(props.get("tagsAll"))
    aws.call("rds", "CreateEventSubscription", SubscriptionName=props["name"], Tags=tags, **sources, **_asked(props))
    return props["name"]


def _find(aws: Region, name: str) -> dict[str, Any] | None:
    return aws.find("rds", "DescribeEventSubscriptions", "EventSubscriptionsList[0]", GONE, SubscriptionName=name)


def _read(aws: Region, name: str, state: Props) -> Props | None:
    found = _find(aws, name)
    if found is None:
        return None
    arn_ = found["EventSubscriptionArn"]
    tags = aws.find("rds", "ListTagsForResource", "TagList", ResourceName=arn_)
    renamed = {"eventCategories": "EventCategoriesList", "snsTopic": "SnsTopicArn", "sourceIds": "SourceIdsList"}
    props = receive(found, "Enabled", "SourceType", **renamed)
    return props | {"arn": arn_, "customerAwsId": arn_.split(":")[4], "name": name, "tags": tag_map(tags)}


def _modify(aws: Region, name: str, props: Props) -> None:
    aws.call("rds", "ModifyEventSubscription", SubscriptionName=name, **_asked({"eventCategories": [], **props}))


def _watch(aws: Region, name: str, props: Props) -> None:
    """One source at a time."""
    wanted, now = set(props.get("sourceIds") or ()), set((_find(aws, name) or {}).get("SourceIdsList", ()))
    for source in sorted(now - wanted):
        asked = {"SubscriptionName": name, "SourceIdentifier": source}
        aws.call("rds", "RemoveSourceIdentifierFromSubscription", **asked)
    for source in sorted(wanted - now):
        aws.call("rds", "AddSourceIdentifierToSubscription", SubscriptionName=name, SourceIdentifier=source)


TYPES = (
    AwsType(
        type="aws:rds/eventSubscription:EventSubscription",
        constraints=SUBSCRIPTION,
        create=_create,
        sent=names(*WHAT, "name sourceIds"),
        read=_read,
        delete=lambda aws, name, _: aws.find("rds", "DeleteEventSubscription", "@", GONE, SubscriptionName=name),
        settings=(Setting(inputs=WHAT, apply=_modify), Setting(inputs=("sourceIds",), apply=_watch)),
        tagging=tags_by_arn(
            "rds", lambda aws, name: (_find(aws, name) or {"EventSubscriptionArn": ""})["EventSubscriptionArn"]
        ),
        census=Census(
            service="rds",
            operation="DescribeEventSubscriptions",
            path="EventSubscriptionsList[].CustSubscriptionId",
        ),
        auto_name=AutoName(max_length=229),
    ),
)
