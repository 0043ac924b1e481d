"""CloudFront: origin access controls, by which a distribution signs what it asks of a bucket."""

from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, account_id, receive, titled
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = ("NoSuchOriginAccessControl",)
MEMBERS = ("description", "name", "originAccessControlOriginType", "signingBehavior", "signingProtocol")

CONTROL = Constraints(
    source="internal/service/cloudfront/origin_access_control.go",
    inputs=frozenset(MEMBERS),
    required=("originAccessControlOriginType", "signingBehavior", "signingProtocol"),
    values={
        "originAccessControlOriginType": ("s3", "mediastore", "mediapackagev2", "lambda"),
        "signingBehavior": ("never", "always", "no-override"),
        "signingProtocol": ("sigv4",),
    },
    ranges={"description": (0, 256), "name": (1, 64)},
    defaults={"description": "Managed by Pulumi"},
    computed=names("name"),
)


def _config(props: Props) -> dict[str, Any]:
    return {titled(name): props[name] for name in MEMBERS}


def _find(aws: Region, it: str) -> dict[str, Any] | None:
    return aws.find("cloudfront", "GetOriginAccessControl", "@", GONE, Id=it)


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it)
    if found is None:
        return None
    config = found["OriginAccessControl"]["OriginAccessControlConfig"]
    arn = f"arn:aws:cloudfront::{account_id(aws)}:origin-access-control/{it}"
    return receive(config, *map(titled, MEMBERS)) | {"arn": arn, "etag": found["ETag"]}


def _change(aws: Region, it: str, props: Props) -> None:
    found = _find(aws, it) or {"ETag": ""}
    asked = {"Id": it, "IfMatch": found["ETag"], "OriginAccessControlConfig": _config(props)}
    aws.call("cloudfront", "UpdateOriginAccessControl", **asked)


def _delete(aws: Region, it: str, state: Props) -> None:
    if found := _find(aws, it):
        aws.find("cloudfront", "DeleteOriginAccessControl", "@", GONE, Id=it, IfMatch=found["ETag"])


TYPES = (
    AwsType(
        type="aws:cloudfront/originAccessControl:OriginAccessControl",
        constraints=CONTROL,
        create=lambda aws, props: aws.call(
            "cloudfront", "CreateOriginAccessControl", OriginAccessControlConfig=_config(props)
        )["OriginAccessControl"]["Id"],
        sent=frozenset(MEMBERS),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=MEMBERS, apply=_change),),
        auto_name=AutoName(max_length=64),
        census=Census(
            service="cloudfront",
            operation="ListOriginAccessControls",
            path="OriginAccessControlList.Items[].Id",
        ),
    ),
)
