"""AWS WAF: web ACLs, asked for in the whole."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.checks import UNIQUE_SUFFIX, matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.nested import as_asked, from_reply, to_call
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, tag_list, tag_map
from sandbox.aws.shapes import answered, members
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props
from sandbox.providers.table import with_defaults

GONE = ("WAFNonexistentItemException",)
SCOPES = ("REGIONAL", "CLOUDFRONT")
EDGE_REGION = "us-east-1"
NAME = re.compile(r"[0-9A-Za-z_-]+")
NAME_RULE = "must contain only alphanumeric hyphen and underscore characters"
NAME_LENGTH = 128
HEADER = re.compile(r"[0-9a-z_-]+")
RATE = "rules.statement.rateBasedStatement"
RENAMED = {
    "VisibilityConfig.cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
}
CHANGED = names("captchaConfig challengeConfig customResponseBodies defaultAction description rules tokenDomains")
CHANGING = CHANGED | {"visibilityConfig"}


def _objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object at any depth, with the name that it has in the one around it."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _objects(item)
    if isinstance(value, dict):
        props: Props = {**value}
        for name, part in props.items():
            if isinstance(part, dict):
                yield name, {**part}
            yield from _objects(part)


def _rules(inputs: Inputs) -> str | None:
    rules: list[Props] = inputs.get("rules") or []
    for rule in rules:
        for name in ("name", "priority", "statement", "visibilityConfig"):
            if rule.get(name) is None:
                return f'Missing required argument. The argument "rules.{name}" is required.'
    for name, one in _objects(rules):
        header = one.get("name", "")
        if name == "singleHeader" and isinstance(header, str) and not HEADER.fullmatch(header):
            return (
                f'invalid value for singleHeader.name (must contain only lowercase alphanumeric characters): "{header}"'
            )
    return None


ACL = Constraints(
    source="internal/service/wafv2/web_acl.go",
    inputs=CHANGING
    | names("associationConfig dataProtectionConfig monetizationConfig name namePrefix region ruleJson scope tags"),
    required=("defaultAction", "scope", "visibilityConfig"),
    replaces=names("name namePrefix region scope"),
    conflicts=(("name", "namePrefix"), ("ruleJson", "rules")),
    values={
        f"{RATE}.aggregateKeyType": ("IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"),
        f"{RATE}.evaluationWindowSec": (60, 120, 300, 600),
        "scope": SCOPES,
    },
    ranges={
        "description": (1, 256),
        "name": (1, NAME_LENGTH),
        "namePrefix": (1, NAME_LENGTH - UNIQUE_SUFFIX),
        "rules.name": (1, 128),
        f"{RATE}.limit": (10, 2_000_000_000),
    },
    defaults={f"{RATE}.evaluationWindowSec": 300},
    computed=names("name namePrefix"),
    sets=names("customResponseBodies rules tokenDomains"),
    documents=frozenset({"ruleJson"}),
    checks=(matches("name", NAME, NAME_RULE), matches("namePrefix", NAME, NAME_RULE), _rules),
    delete_before_replace=True,
)


def _wanted(props: Props) -> dict[str, Any]:
    known = members("wafv2", "UpdateWebACL")
    asked: dict[str, Any] = {"Rules": []}
    for name in CHANGING & props.keys() - {"customResponseBodies"}:
        member = name[0].upper() + name[1:]
        asked |= {member: to_call(known[member], props[name], RENAMED)} if props[name] not in (None, "", []) else {}
    bodies: list[Props] = props.get("customResponseBodies") or []
    if bodies:
        kept = {one["key"]: {"ContentType": one["contentType"], "Content": one["content"]} for one in bodies}
        asked["CustomResponseBodies"] = kept
    return asked


def _create(aws: Region, props: Props) -> str:
    tags = {"Tags": tag_list(props["tagsAll"])} if props.get("tagsAll") else {}
    named = {"Name": props["name"], "Scope": props["scope"], **tags}
    return aws.call("wafv2", "CreateWebACL", **named, **_wanted(props))["Summary"]["Id"]


def _named(aws: Region, it: str, state: Props) -> dict[str, str] | None:
    """By its name and scope, or where neither is known as it is listed."""
    if "name" in state and "scope" in state:
        return {"Name": state["name"], "Scope": state["scope"], "Id": it}
    for scope in SCOPES if aws.name == EDGE_REGION else SCOPES[:1]:
        if name := aws.find("wafv2", "ListWebACLs", f"WebACLs[?Id=='{it}'].Name | [0]", Scope=scope):
            return {"Name": name, "Scope": scope, "Id": it}
    return None


def _find(aws: Region, it: str, state: Props) -> dict[str, Any] | None:
    named = _named(aws, it, state)
    return aws.find("wafv2", "GetWebACL", "@", GONE, **named) if named else None


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it, state)
    if found is None:
        return None
    acl = found["WebACL"]
    wanted = {name: part for name, part in acl.items() if name != "CustomResponseBodies"}
    props = from_reply(answered("wafv2", "GetWebACL", "WebACL"), wanted, RENAMED)
    props = {name: props[name] for name in CHANGING & props.keys()} | _bodies(acl)
    props = as_asked(with_defaults(ACL, props), {name: state[name] for name in CHANGING & state.keys()})
    tags = aws.find("wafv2", "ListTagsForResource", "TagInfoForResource.TagList", ResourceARN=acl["ARN"])
    scope = "CLOUDFRONT" if ":global/" in acl["ARN"] else "REGIONAL"
    outputs = {"applicationIntegrationUrl": "", "lockToken": found["LockToken"], "scope": scope, "tags": tag_map(tags)}
    return {**props, **receive(acl, "Capacity", "Name", arn="ARN"), **outputs}


def _bodies(acl: Mapping[str, Any]) -> Props:
    bodies: dict[str, Props] = acl.get("CustomResponseBodies") or {}
    kept = [{"key": key, "contentType": one["ContentType"], "content": one["Content"]} for key, one in bodies.items()]
    return {"customResponseBodies": kept} if kept else {}


def _change(aws: Region, it: str, props: Props) -> None:
    named = {"Name": props["name"], "Scope": props["scope"], "Id": it}
    token = aws.call("wafv2", "GetWebACL", **named)["LockToken"]
    aws.call("wafv2", "UpdateWebACL", **named, LockToken=token, **_wanted(props))


def _delete(aws: Region, it: str, state: Props) -> None:
    if (named := _named(aws, it, state)) and (found := _find(aws, it, state)):
        aws.find("wafv2", "DeleteWebACL", "@", GONE, **named, LockToken=found["LockToken"])


def _arn(aws: Region, it: str) -> str:
    found = _find(aws, it, {}) or {"WebACL": {"ARN": ""}}
    return found["WebACL"]["ARN"]


TYPES = (
    AwsType(
        type="aws:wafv2/webAcl:WebAcl",
        constraints=ACL,
        create=_create,
        sent=CHANGING | {"name", "scope"},
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=tuple(sorted(CHANGING)), apply=_change),),
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call("wafv2", "TagResource", ResourceARN=_arn(aws, it), Tags=tag_list(tags)),
            drop=lambda aws, it, gone: aws.call("wafv2", "UntagResource", ResourceARN=_arn(aws, it), TagKeys=gone),
        ),
        auto_name=AutoName(max_length=NAME_LENGTH),
        census=Census(
            service="wafv2",
            operation="ListWebACLs",
            path="WebACLs[].Id",
            params={"Scope": "CLOUDFRONT"},
            only_in=EDGE_REGION,
        ),
    ),
)
