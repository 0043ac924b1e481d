"""AWS WAF: where a web ACL's log goes, and what of it."""

from typing import Any

from sandbox.aws.checks import arn, names
from sandbox.aws.gateway import Region
from sandbox.aws.nested import as_asked, from_reply, to_call
from sandbox.aws.resource import AwsType, Setting
from sandbox.aws.shapes import answered
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("WAFNonexistentItemException",)
INPUTS = names("logDestinationConfigs loggingFilter redactedFields resourceArn")
BEHAVIORS = ("KEEP", "DROP")
FILTERS = "loggingFilter.filters"


def _one_destination(inputs: Inputs) -> str | None:
    given: list[Any] | None = inputs.get("logDestinationConfigs")
    return "Not enough list items: logDestinationConfigs requires 1 item minimum" if given == [] else None


LOGGING = Constraints(
    source="internal/service/wafv2/web_acl_logging_configuration.go",
    inputs=INPUTS | {"region"},
    required=("logDestinationConfigs", "resourceArn"),
    replaces=names("logDestinationConfigs region resourceArn"),
    values={
        "loggingFilter.defaultBehavior": BEHAVIORS,
        f"{FILTERS}.behavior": BEHAVIORS,
        f"{FILTERS}.conditions.actionCondition.action": (
            *("ALLOW", "BLOCK", "COUNT", "CAPTCHA", "CHALLENGE", "EXCLUDED_AS_COUNT"),
        ),
        f"{FILTERS}.requirement": ("MEETS_ALL", "MEETS_ANY"),
    },
    ranges={"redactedFields.singleHeader.name": (1, 64)},
    sets=names("logDestinationConfigs redactedFields", FILTERS, f"{FILTERS}.conditions"),
    checks=(arn("logDestinationConfigs"), arn("resourceArn"), _one_destination),
    delete_before_replace=True,
)


def _put(aws: Region, props: Props) -> str:
    given = {name: props[name] for name in INPUTS & props.keys() if props[name] not in (None, [])}
    shape = answered("wafv2", "PutLoggingConfiguration", "LoggingConfiguration")
    asked: dict[str, Any] = {"RedactedFields": [], **to_call(shape, given, {})}
    aws.call("wafv2", "PutLoggingConfiguration", LoggingConfiguration=asked)
    return props["resourceArn"]


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("wafv2", "GetLoggingConfiguration", "LoggingConfiguration", GONE, ResourceArn=it)
    if found is None:
        return None
    props = from_reply(answered("wafv2", "GetLoggingConfiguration", "LoggingConfiguration"), found, {})
    told = {name: props[name] for name in INPUTS & props.keys()}
    return as_asked(told, {name: state[name] for name in INPUTS & state.keys()})


TYPES = (
    AwsType(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        constraints=LOGGING,
        create=_put,
        sent=INPUTS,
        read=_read,
        delete=lambda aws, it, state: aws.find("wafv2", "DeleteLoggingConfiguration", "@", GONE, ResourceArn=it),
        settings=(Setting(inputs=("loggingFilter", "redactedFields"), apply=lambda aws, it, props: _put(aws, props)),),
    ),
)
