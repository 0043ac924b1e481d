"""CloudWatch Logs: log groups."""

import re

from sandbox.aws.checks import matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, account_id, receive, send
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GROUP_NAME = re.compile(r"[0-9A-Za-z_./#-]+")
GROUP_NAME_RULE = "alphanumeric characters, underscores, hyphens, slashes, hash signs and dots are allowed"
FOREVER = 0
MONTHS_AND_YEARS = (30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)

LOG_GROUP = Constraints(
    source="internal/service/logs/group.go",
    inputs=names(
        "deletionProtectionEnabled kmsKeyId logGroupClass name namePrefix region retentionInDays",
        "skipDestroy tags",
    ),
    replaces=frozenset({"logGroupClass", "name", "namePrefix", "region"}),
    conflicts=(("name", "namePrefix"),),
    values={
        "logGroupClass": ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
        "retentionInDays": (FOREVER, 1, 3, 5, 7, 14, *MONTHS_AND_YEARS),
    },
    ranges={"name": (1, 512), "namePrefix": (1, 483)},
    defaults={"retentionInDays": FOREVER, "skipDestroy": False},
    computed=frozenset({"deletionProtectionEnabled", "logGroupClass", "name", "namePrefix"}),
    checks=(
        matches("name", GROUP_NAME, GROUP_NAME_RULE),
        matches("namePrefix", GROUP_NAME, GROUP_NAME_RULE),
    ),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    tags = {"tags": props["tagsAll"]} if props.get("tagsAll") else {}
    aws.call("logs", "CreateLogGroup", **send(props, logGroupName="name", kmsKeyId="kmsKeyId"), **tags)
    return props["name"]


def _read(aws: Region, name: str, state: Props) -> Props | None:
    group = aws.find("logs", "DescribeLogGroups", f"logGroups[?logGroupName=='{name}'] | [0]", logGroupNamePrefix=name)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")  # as the real provider gives it
    found = receive(group, "kmsKeyId", "logGroupClass", "retentionInDays")
    tags = aws.find("logs", "ListTagsForResource", "tags", resourceArn=arn)
    return found | {"arn": arn, "name": name, "tags": tags or {}}


def _retain(aws: Region, name: str, props: Props) -> None:
    if days := props.get("retentionInDays"):
        aws.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)
    else:
        aws.call("logs", "DeleteRetentionPolicy", logGroupName=name)


def _encrypt(aws: Region, name: str, props: Props) -> None:
    if key := props.get("kmsKeyId"):
        aws.call("logs", "AssociateKmsKey", logGroupName=name, kmsKeyId=key)
    else:
        aws.call("logs", "DisassociateKmsKey", logGroupName=name)


def _delete(aws: Region, name: str, state: Props) -> None:
    if not state.get("skipDestroy"):
        aws.call("logs", "DeleteLogGroup", logGroupName=name)


def _arn(aws: Region, name: str) -> str:
    return f"arn:aws:logs:{aws.name}:{account_id(aws)}:log-group:{name}"


TYPES = (
    AwsType(
        type="aws:cloudwatch/logGroup:LogGroup",
        constraints=LOG_GROUP,
        create=_create,
        sent=frozenset({"kmsKeyId", "name"}),
        unread=frozenset({"skipDestroy"}),
        as_made={"logGroupClass": "STANDARD"},
        read=_read,
        delete=_delete,
        settings=(
            Setting(inputs=("retentionInDays",), apply=_retain),
            Setting(inputs=("kmsKeyId",), apply=_encrypt),
        ),
        tagging=Tagging(
            put=lambda aws, name, tags: aws.call("logs", "TagResource", resourceArn=_arn(aws, name), tags=tags),
            drop=lambda aws, name, names: aws.call("logs", "UntagResource", resourceArn=_arn(aws, name), tagKeys=names),
        ),
        census=Census(
            service="logs",
            operation="DescribeLogGroups",
            path="logGroups[].logGroupName",
            removal="aws logs delete-log-group --region {region} --log-group-name {id}",
        ),
        auto_name=AutoName(max_length=255),
    ),
)
