"""AWS WAF: where a web ACL's log goes. moto asks for none of it."""

import re

from sandbox.aws.record import Answers, Place, Refusal, Thing
from sandbox.aws.wafv2.rules_recorded import ACLS, LOGGING, invalid

PREFIX = "aws-waf-logs-"
DESTINATION = re.compile(
    rf"arn:aws:(s3:::|logs:(?P<logs>[a-z0-9-]+):\d+:log-group:|firehose:(?P<firehose>[a-z0-9-]+):\d+:deliverystream/)"
    rf"(?P<name>{PREFIX}[^:/*]+)"
)
NOT_VALID = (
    "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes."
)
REDACTED = {"Method", "QueryString", "SingleHeader", "UriPath"}


def _gone() -> Refusal:
    message = "AWS WAF couldn't perform the operation because your resource doesn't exist."
    return Refusal("WAFNonexistentItemException", message)


def _put(place: Place, asked: Thing) -> Thing:
    config = asked["LoggingConfiguration"]
    arn, given = config["ResourceArn"], config["LogDestinationConfigs"]
    if all(kept["ARN"] != arn for kept in place.shelf(ACLS).values()):
        raise _gone()
    if len(given) != 1:
        raise invalid("You can associate one logging destination to a web ACL.", "LOG_DESTINATION", given[1])
    _require_destination(place, given[0])
    for field in config.get("RedactedFields", []):
        if len(field) != 1 or not field.keys() <= REDACTED:
            raise invalid("The field can't be redacted.", "FIELD_TO_MATCH", ", ".join(field))
        if "SingleHeader" in field:
            field["SingleHeader"]["Name"] = field["SingleHeader"]["Name"].lower()
    place.shelf(LOGGING)[arn,] = config
    return {"LoggingConfiguration": config}


def _require_destination(place: Place, arn: str) -> None:
    """Of a name that begins as WAF's do, in the web ACL's own region but for buckets, and there."""
    found = DESTINATION.fullmatch(arn)
    region = found and (found["logs"] or found["firehose"] or place.region)
    if not found or region != place.region:
        raise invalid(NOT_VALID, "LOG_DESTINATION", arn)
    if found["logs"] and found["name"] not in place.of("logs").groups:
        raise _gone()
    if ":s3:" in arn and found["name"] not in place.of("s3").buckets:
        message = "AWS WAF can't deliver logs to the bucket: it doesn't exist or its policy doesn't allow it."
        raise Refusal("WAFLogDestinationPermissionIssueException", message)


def _find(place: Place, asked: Thing) -> Thing:
    found = place.shelf(LOGGING).get((asked["ResourceArn"],))
    if found is None:
        raise _gone()
    return found


def _delete(place: Place, asked: Thing) -> Thing:
    _find(place, asked)
    del place.shelf(LOGGING)[asked["ResourceArn"],]
    return {}


ANSWERS: Answers = {
    "PutLoggingConfiguration": _put,
    "GetLoggingConfiguration": lambda place, asked: {"LoggingConfiguration": _find(place, asked)},
    "DeleteLoggingConfiguration": _delete,
    "ListLoggingConfigurations": lambda place, asked: {"LoggingConfigurations": list(place.shelf(LOGGING).values())},
}
