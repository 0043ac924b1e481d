"""CloudWatch Logs: the statement by which a bucket lets it write, which it adds itself where there is none.

From the CloudWatch Logs guide, "Logs sent to Amazon S3" [V2]: who may write the bucket's policy gets it written. A
program that has a policy of its own for the bucket finds that changed, unless it says the same.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

from sandbox.aws.record import Place, Thing

WRITER = "delivery.logs.amazonaws.com"
SID = "AWSLogDeliveryWrite"
BUCKET_ARN = "arn:aws:s3:::"


def let_write(place: Place, destination: str) -> None:
    """``destination`` is the ARN of a bucket, with or without a prefix."""
    name, _, prefix = destination.removeprefix(BUCKET_ARN).partition("/")
    bucket: Any = place.of("s3").buckets[name]
    policy: Thing = json.loads(bucket.policy or '{"Version": "2012-10-17", "Statement": []}')
    wanted = BUCKET_ARN + "/".join(filter(None, (name, prefix.strip("/"), "AWSLogs", place.account))) + "/"
    given: list[Thing] | Thing = policy["Statement"]
    statements: list[Thing] = given if isinstance(given, list) else [given]
    if any(_lets(statement, wanted) for statement in statements):
        return
    policy["Statement"] = [*statements, _statement(place, f"{wanted}*")]
    bucket.policy = json.dumps(policy).encode()


def _lets(statement: Thing, wanted: str) -> bool:
    """Whether it allows to write any object there. What else it asks of the writer is not looked at."""
    principal: Any = statement.get("Principal")
    named = principal.get("Service", []) if isinstance(principal, dict) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    actions, resources = _several(statement.get("Action", [])), _several(statement.get("Resource", []))
    writes = any(fnmatchcase("s3:putobject", action.lower()) for action in actions)
    there = any(fnmatchcase(f"{wanted}some/object", resource) for resource in resources)
    return statement["Effect"] == "Allow" and WRITER in _several(named) and writes and there


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _statement(place: Place, resource: str) -> Thing:
    return {
        "Sid": SID,
        "Effect": "Allow",
        "Principal": {"Service": WRITER},
        "Action": "s3:PutObject",
        "Resource": resource,
        "Condition": {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": [place.account]},
            "ArnLike": {"aws:SourceArn": [place.arn("delivery-source:*")]},
        },
    }
