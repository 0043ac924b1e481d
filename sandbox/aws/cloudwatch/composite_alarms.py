"""CloudWatch: alarms on the states of others."""

from typing import Any

from sandbox.aws.checks import arn, names
from sandbox.aws.cloudwatch.metric_alarms import NAME_LENGTH, find, tagging
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, tag_list, tag_map
from sandbox.aws.shapes import answered, members, parameters, properties
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

COMPOSITE = "CompositeAlarm"
ACTIONS = ("alarmActions", "insufficientDataActions", "okActions")
CHANGING = names(*ACTIONS, "alarmDescription alarmRule")
HANDLED = CHANGING | {"actionsEnabled", "alarmName"}

ALARM = Constraints(
    source="internal/service/cloudwatch/composite_alarm.go",
    inputs=HANDLED | names("actionsSuppressor region tags"),
    required=("alarmName", "alarmRule"),
    replaces=names("actionsEnabled alarmName region"),
    ranges={"alarmDescription": (0, 1024), "alarmName": (0, NAME_LENGTH), "alarmRule": (1, 10_240)},
    defaults={"actionsEnabled": True},
    sets=names(*ACTIONS),
    checks=tuple(map(arn, ACTIONS)),
    delete_before_replace=True,
)


def _put(aws: Region, props: Props, **more: Any) -> None:
    """Always whole: what a call leaves out is gone."""
    given = {name: props[name] for name in HANDLED & props.keys()}
    aws.call(
        "cloudwatch", "PutCompositeAlarm", **parameters(members("cloudwatch", "PutCompositeAlarm"), given, {}), **more
    )


def _create(aws: Region, props: Props) -> str:
    _put(aws, props, Tags=tag_list(props.get("tagsAll")))
    return props["alarmName"]


def _read(aws: Region, name: str, state: Props) -> Props | None:
    found = find(aws, name, COMPOSITE)
    if found is None:
        return None
    props = properties(answered("cloudwatch", "DescribeAlarms", "CompositeAlarms[0]"), found, HANDLED, {})
    tags = aws.find("cloudwatch", "ListTagsForResource", "Tags", ResourceARN=found["AlarmArn"])
    return props | {"arn": found["AlarmArn"], "tags": tag_map(tags)}


TYPES = (
    AwsType(
        type="aws:cloudwatch/compositeAlarm:CompositeAlarm",
        constraints=ALARM,
        create=_create,
        sent=HANDLED,
        read=_read,
        delete=lambda aws, name, _: aws.call("cloudwatch", "DeleteAlarms", AlarmNames=[name]),
        settings=(Setting(inputs=tuple(sorted(CHANGING)), apply=lambda aws, _, props: _put(aws, props)),),
        tagging=tagging(COMPOSITE),
        census=Census(
            service="cloudwatch",
            operation="DescribeAlarms",
            path="CompositeAlarms[].AlarmName",
            params={"AlarmTypes": [COMPOSITE]},
        ),
    ),
)
