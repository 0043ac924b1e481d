"""EventBridge: rules of the default event bus and their targets."""

import json
import re
import secrets
from typing import Any

from sandbox.aws.checks import UNIQUE_SUFFIX, Check, arn, json_text, matches, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import (
    AutoName,
    AwsType,
    Census,
    Setting,
    Tagging,
    account_id,
    receive,
    send,
    tag_list,
    tag_map,
)
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

DEFAULT_BUS = "default"
NAME_LENGTH = 64
NAME = re.compile(r"[0-9A-Za-z_.-]+")
NAME_RULE = "doesn't comply with restrictions ^[0-9A-Za-z_.-]+$"
BUS = re.compile(r"[/._A-Za-z0-9-]+|arn:aws[^:]*:events:[^:]+:\d{12}:event-bus/[/._A-Za-z0-9-]+")
BUS_RULE = "must be the name or the ARN of an event bus"
PATTERN_LENGTH = 4096  # of the pattern without white space
OTHER_TARGETS = (
    "appsyncTarget batchTarget ecsTarget httpTarget inputTransformer kinesisTarget redshiftTarget",
    "runCommandTargets sagemakerPipelineTarget sqsTarget",
)


def _short(name: str) -> Check:
    """Refuses a pattern that is too long once it is written without white space."""

    def check(inputs: Inputs) -> str | None:
        try:
            text = json.dumps(json.loads(inputs.get(name, "{}")), separators=(",", ":"), ensure_ascii=False)
        except (TypeError, ValueError):
            return None
        return f'"{name}" cannot be longer than {PATTERN_LENGTH} characters' if len(text) > PATTERN_LENGTH else None

    return check


RULE = Constraints(
    source="internal/service/events/rule.go",
    inputs=names(
        "description eventBusName eventPattern forceDestroy isEnabled name namePrefix region roleArn",
        "scheduleExpression state tags",
    ),
    replaces=names("eventBusName name namePrefix region"),
    conflicts=(("name", "namePrefix"), ("isEnabled", "state")),
    at_least_one=(("scheduleExpression", "eventPattern"),),
    values={"state": ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")},
    ranges={
        "description": (0, 512),
        "eventBusName": (1, 1600),
        "name": (1, NAME_LENGTH),
        "namePrefix": (1, NAME_LENGTH - UNIQUE_SUFFIX),
        "scheduleExpression": (0, 256),
    },
    defaults={"eventBusName": DEFAULT_BUS, "forceDestroy": False},
    computed=names("isEnabled name namePrefix state"),
    documents=frozenset({"eventPattern"}),
    checks=(
        json_text("eventPattern"),
        _short("eventPattern"),
        arn("roleArn"),
        matches("eventBusName", BUS, BUS_RULE),
        matches("name", NAME, NAME_RULE),
        matches("namePrefix", NAME, NAME_RULE),
    ),
    delete_before_replace=True,
)

TARGET = Constraints(
    source="internal/service/events/target.go",
    inputs=names(
        "arn deadLetterConfig eventBusName forceDestroy input inputPath region retryPolicy roleArn rule targetId",
        *OTHER_TARGETS,
    ),
    required=("arn", "rule"),
    replaces=names("eventBusName region rule targetId"),
    conflicts=(("input", "inputPath", "inputTransformer"),),
    ranges={
        "eventBusName": (1, 1600),
        "input": (0, 8192),
        "inputPath": (0, 256),
        "retryPolicy.maximumEventAgeInSeconds": (0, 86_400),
        "retryPolicy.maximumRetryAttempts": (0, 185),
        "rule": (1, NAME_LENGTH),
        "targetId": (1, NAME_LENGTH),
    },
    defaults={"eventBusName": DEFAULT_BUS, "forceDestroy": False},
    computed=frozenset({"targetId"}),
    checks=(
        arn("arn"),
        arn("roleArn"),
        json_text("input"),
        matches("eventBusName", BUS, BUS_RULE),
        matches("rule", NAME, NAME_RULE),
        matches("targetId", NAME, NAME_RULE),
    ),
)


def _put_rule(aws: Region, name: str, props: Props, **more: Any) -> None:
    """Always whole: what a call leaves out is gone."""
    if not isinstance(json.loads(props.get("eventPattern", "{}")), dict):
        message = "Event pattern is not valid. Reason: it must be an object"
        raise AwsError("events", "PutRule", "InvalidEventPatternException", message)
    parameters = send(props, "description", "eventPattern", "roleArn", "scheduleExpression", "state")
    if "isEnabled" in props:
        parameters |= {"State": "ENABLED" if props["isEnabled"] else "DISABLED"}
    aws.call("events", "PutRule", Name=name, **parameters, **more)


def _create_rule(aws: Region, props: Props) -> str:
    _put_rule(aws, props["name"], props, Tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _rule_arn(aws: Region, name: str) -> str:
    return f"arn:aws:events:{aws.name}:{account_id(aws)}:rule/{name}"


def _read_rule(aws: Region, name: str, state: Props) -> Props | None:
    rule = aws.find("events", "DescribeRule", "@", ("ResourceNotFoundException",), Name=name)
    if rule is None:
        return None
    found = receive(rule, "Arn", "Description", "EventPattern", "Name", "RoleArn", "ScheduleExpression", "State")
    tags = aws.find("events", "ListTagsForResource", "Tags", ResourceARN=rule["Arn"])
    enabled = rule["State"] != "DISABLED"
    return found | {"eventBusName": DEFAULT_BUS, "isEnabled": enabled, "tags": tag_map(tags)}


def _delete_rule(aws: Region, name: str, state: Props) -> None:
    aws.call("events", "DeleteRule", Name=name, Force=state.get("forceDestroy", False))


def _create_target(aws: Region, props: Props) -> str:
    target = props.get("targetId") or f"terraform-{secrets.token_hex(UNIQUE_SUFFIX // 2)}"
    _put_target(aws, f"{props['rule']}-{target}", {**props, "targetId": target})
    return f"{props['rule']}-{target}"


def _put_target(aws: Region, target_id: str, props: Props) -> None:
    rule = props["rule"]
    target = send(props, "arn", "input", "inputPath", "roleArn") | {"Id": target_id.removeprefix(f"{rule}-")}
    if letters := props.get("deadLetterConfig"):
        target["DeadLetterConfig"] = send(letters, "arn")
    if retries := props.get("retryPolicy"):
        target["RetryPolicy"] = send(retries, "maximumEventAgeInSeconds", "maximumRetryAttempts")
    reply = aws.call("events", "PutTargets", Rule=rule, Targets=[target])
    for entry in reply.get("FailedEntries", ()):
        raise AwsError("events", "PutTargets", entry["ErrorCode"], entry["ErrorMessage"])


def _find_target(aws: Region, target_id: str, state: Props) -> tuple[str, Props] | None:
    """The rule and the target. An id joins both by a hyphen, which either may contain: without state, try them all."""
    known = [state["rule"]] if "rule" in state else aws.find("events", "ListRules", "Rules[].Name")
    for rule in (rule for rule in known if target_id.startswith(f"{rule}-")):
        path = f"Targets[?Id=='{target_id.removeprefix(f'{rule}-')}'] | [0]"
        if found := aws.find("events", "ListTargetsByRule", path, ("ResourceNotFoundException",), Rule=rule):
            return rule, found
    return None


def _read_target(aws: Region, target_id: str, state: Props) -> Props | None:
    found = _find_target(aws, target_id, state)
    if found is None:
        return None
    rule, target = found
    props = receive(target, "Arn", "Input", "InputPath", "RoleArn", targetId="Id")
    if letters := target.get("DeadLetterConfig"):
        props["deadLetterConfig"] = receive(letters, "Arn")
    if retries := target.get("RetryPolicy"):
        props["retryPolicy"] = receive(retries, "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    return props | {"rule": rule, "eventBusName": DEFAULT_BUS}


def _delete_target(aws: Region, target_id: str, state: Props) -> None:
    if found := _find_target(aws, target_id, state):
        rule, target = found
        aws.call("events", "RemoveTargets", Rule=rule, Ids=[target["Id"]], Force=state.get("forceDestroy", False))


RULE_SETTINGS = ("description", "eventPattern", "isEnabled", "roleArn", "scheduleExpression", "state")
TARGET_SETTINGS = ("arn", "deadLetterConfig", "input", "inputPath", "retryPolicy", "roleArn")
TYPES = (
    AwsType(
        type="aws:cloudwatch/eventRule:EventRule",
        constraints=RULE,
        create=_create_rule,
        sent=frozenset({"name", *RULE_SETTINGS}),
        unread=frozenset({"forceDestroy"}),
        as_made={"isEnabled": True, "state": "ENABLED"},
        read=_read_rule,
        delete=_delete_rule,
        settings=(Setting(inputs=RULE_SETTINGS, apply=_put_rule),),
        tagging=Tagging(
            put=lambda aws, name, tags: aws.call(
                "events", "TagResource", ResourceARN=_rule_arn(aws, name), Tags=tag_list(tags)
            ),
            drop=lambda aws, name, names: aws.call(
                "events", "UntagResource", ResourceARN=_rule_arn(aws, name), TagKeys=names
            ),
        ),
        census=Census(service="events", operation="ListRules", path="Rules[?!ManagedBy].Name"),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ),
    AwsType(
        type="aws:cloudwatch/eventTarget:EventTarget",
        constraints=TARGET,
        create=_create_target,
        sent=frozenset({"rule", "targetId", *TARGET_SETTINGS}),
        unread=frozenset({"forceDestroy"}),
        read=_read_target,
        delete=_delete_target,
        settings=(Setting(inputs=TARGET_SETTINGS, apply=_put_target),),
    ),
)
