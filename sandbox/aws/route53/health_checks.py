"""Route 53: health checks, which ask from many places of the world."""

import secrets
from typing import Any

from sandbox.aws.checks import arn, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, Tagging, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("NoSuchHealthCheck",)
KIND = "healthcheck"
CHANGING = {
    "disabled": "Disabled",
    "enableSni": "EnableSNI",
    "failureThreshold": "FailureThreshold",
    "fqdn": "FullyQualifiedDomainName",
    "invertHealthcheck": "Inverted",
    "ipAddress": "IPAddress",
    "port": "Port",
    "regions": "Regions",
    "resourcePath": "ResourcePath",
    "searchString": "SearchString",
}
FIXED = {"measureLatency": "MeasureLatency", "requestInterval": "RequestInterval", "type": "Type"}
FEWEST_REGIONS = 3
REGIONS = (
    *("ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1"),
    "us-west-2",
)
"""From which is asked."""


def _regions(inputs: Inputs) -> str | None:
    few = "regions" in inputs and len(inputs["regions"]) < FEWEST_REGIONS
    return f"Not enough list items: regions requires {FEWEST_REGIONS} item minimum" if few else None


CHECK = Constraints(
    source="internal/service/route53/health_check.go",
    inputs=names(
        *CHANGING,
        *FIXED,
        "childHealthThreshold childHealthchecks cloudwatchAlarmName cloudwatchAlarmRegion",
        "insufficientDataHealthStatus referenceName routingControlArn tags triggers",
    ),
    required=("type",),
    replaces=names(*FIXED, "referenceName routingControlArn"),
    values={
        "insufficientDataHealthStatus": ("Healthy", "LastKnownStatus", "Unhealthy"),
        "regions": REGIONS,
        "requestInterval": (10, 30),
        "type": (
            *("CALCULATED", "CLOUDWATCH_METRIC", "HTTP", "HTTPS", "HTTPS_STR_MATCH", "HTTP_STR_MATCH"),
            *("RECOVERY_CONTROL", "TCP"),
        ),
    },
    ranges={
        "childHealthThreshold": (0, 256),
        "failureThreshold": (1, 10),
        "fqdn": (0, 255),
        "port": (1, 65_535),
        "referenceName": (0, 27),
        "resourcePath": (0, 255),
        "searchString": (0, 255),
    },
    defaults={"disabled": False, "measureLatency": False},
    computed=names("enableSni failureThreshold triggers"),
    sets=names("childHealthchecks regions"),
    checks=(arn("routingControlArn"), _regions),
)


def _config(props: Props, known: dict[str, str]) -> dict[str, Any]:
    return {member: props[name] for name, member in known.items() if props.get(name) not in (None, "", [])}


def _create(aws: Region, props: Props) -> str:
    reference = f"{props.get('referenceName', 'terraform')}-{secrets.token_hex(13)}"
    config = _config(props, CHANGING | FIXED)
    it = aws.call("route53", "CreateHealthCheck", CallerReference=reference, HealthCheckConfig=config)
    check = it["HealthCheck"]["Id"]
    _tag(aws, check, props.get("tagsAll", {}))
    return check


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("route53", "GetHealthCheck", "HealthCheck.HealthCheckConfig", GONE, HealthCheckId=it)
    if found is None:
        return None
    props = {name: found[member] for name, member in (CHANGING | FIXED).items() if member in found}
    tags = aws.find("route53", "ListTagsForResource", "ResourceTagSet.Tags", ResourceType=KIND, ResourceId=it)
    return props | {"arn": f"arn:aws:route53:::{KIND}/{it}", "tags": tag_map(tags)}


def _change(aws: Region, it: str, props: Props) -> None:
    """What is not said stays, but for what is said to be none."""
    nothing = {"disabled": False, "invertHealthcheck": False}
    aws.call("route53", "UpdateHealthCheck", HealthCheckId=it, **_config({**nothing, **props}, CHANGING))


def _tag(aws: Region, it: str, tags: Any) -> None:
    if tags:
        aws.call("route53", "ChangeTagsForResource", ResourceType=KIND, ResourceId=it, AddTags=tag_list(tags))


def _untag(aws: Region, it: str, gone: list[str]) -> None:
    aws.call("route53", "ChangeTagsForResource", ResourceType=KIND, ResourceId=it, RemoveTagKeys=gone)


TYPES = (
    AwsType(
        type="aws:route53/healthCheck:HealthCheck",
        constraints=CHECK,
        create=_create,
        sent=names(*CHANGING, *FIXED),
        unread=frozenset({"referenceName"}),
        as_made={"failureThreshold": 3, "requestInterval": 30},
        read=_read,
        delete=lambda aws, it, _: aws.find("route53", "DeleteHealthCheck", "@", GONE, HealthCheckId=it),
        settings=(Setting(inputs=tuple(sorted(CHANGING)), apply=_change),),
        tagging=Tagging(put=_tag, drop=_untag),
        census=Census(service="route53", operation="ListHealthChecks", path="HealthChecks[].Id"),
    ),
)
