"""Secrets Manager: secrets, their copies in other regions, and the versions of their values."""

import re
import secrets
from typing import Any

from sandbox.aws.checks import json_text, matches, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = ("ResourceNotFoundException",)
AT_ONCE = 0
WINDOWS = (AT_ONCE, *range(7, 31))
NAME = re.compile(r"[0-9A-Za-z/_+=.@-]+")
NAME_RULE = "only alphanumeric characters and /_+=.@- are allowed"
TOKEN_BYTES = 16


SECRET = Constraints(
    source="internal/service/secretsmanager/secret.go",
    inputs=names(
        "description forceOverwriteReplicaSecret kmsKeyId name namePrefix policy recoveryWindowInDays region replicas",
        "tags type",
    ),
    replaces=names("name namePrefix region type"),
    conflicts=(("name", "namePrefix"),),
    ranges={"name": (1, 512), "namePrefix": (1, 486)},
    values={"recoveryWindowInDays": WINDOWS},
    defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
    computed=names("name namePrefix policy replicas"),
    sets=frozenset({"replicas"}),
    documents=frozenset({"policy"}),
    checks=(matches("name", NAME, NAME_RULE), matches("namePrefix", NAME, NAME_RULE), json_text("policy")),
    delete_before_replace=True,
)
VERSION = Constraints(
    source="internal/service/secretsmanager/secret_version.go",
    inputs=names("region secretBinary secretId secretString secretStringWo secretStringWoVersion versionStages"),
    required=("secretId",),
    replaces=names("region secretBinary secretId secretString secretStringWoVersion"),
    conflicts=(("secretBinary", "secretString", "secretStringWo"),),
    together={"secretStringWo": ("secretStringWoVersion",), "secretStringWoVersion": ("secretStringWo",)},
    computed=frozenset({"versionStages"}),
    sets=frozenset({"versionStages"}),
)


def _replicas(props: Props) -> list[dict[str, str]]:
    return [send(replica, "region", "kmsKeyId") for replica in props.get("replicas", [])]


def _create(aws: Region, props: Props) -> str:
    asked = send(props, "name", "description", "kmsKeyId")
    return aws.call("secretsmanager", "CreateSecret", **asked, Tags=tag_list(props.get("tagsAll")))["ARN"]


def _find(aws: Region, arn: str) -> dict[str, Any] | None:
    found = aws.find("secretsmanager", "DescribeSecret", "@", GONE, SecretId=arn)
    return None if found is None or found.get("DeletedDate") else found


def _read(aws: Region, arn: str, state: Props) -> Props | None:
    found = _find(aws, arn)
    if found is None:
        return None
    policy = aws.find("secretsmanager", "GetResourcePolicy", "ResourcePolicy", SecretId=arn)
    copies = [receive(one, "Region", "KmsKeyId") for one in found.get("ReplicationStatus", [])]
    props = receive(found, "Name", "Description", "KmsKeyId", arn="ARN") | {"tags": tag_map(found.get("Tags"))}
    return props | ({"policy": policy} if policy else {}) | {"replicas": copies}


def _replicate(aws: Region, arn: str, props: Props) -> None:
    """Copies that are not asked for any more go; one that is to have another key goes first."""
    standing = (_find(aws, arn) or {}).get("ReplicationStatus", [])
    have, wanted = (
        [send(receive(one, "Region", "KmsKeyId"), "region", "kmsKeyId") for one in standing],
        _replicas(props),
    )
    if gone := [one["Region"] for one in have if one not in wanted]:
        aws.call("secretsmanager", "RemoveRegionsFromReplication", SecretId=arn, RemoveReplicaRegions=gone)
    if new := [one for one in wanted if one not in have]:
        aws.call("secretsmanager", "ReplicateSecretToRegions", SecretId=arn, AddReplicaRegions=new)


def _describe(aws: Region, arn: str, props: Props) -> None:
    text = props.get("description", "")
    aws.call("secretsmanager", "UpdateSecret", SecretId=arn, Description=text, **send(props, "kmsKeyId"))


def _govern(aws: Region, arn: str, props: Props) -> None:
    if policy := props.get("policy"):
        aws.call("secretsmanager", "PutResourcePolicy", SecretId=arn, ResourcePolicy=policy)
    else:
        aws.call("secretsmanager", "DeleteResourcePolicy", SecretId=arn)


def _delete(aws: Region, arn: str, state: Props) -> None:
    _replicate(aws, arn, {})
    days = state.get("recoveryWindowInDays", AT_ONCE)
    how: dict[str, Any] = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    aws.call("secretsmanager", "DeleteSecret", SecretId=arn, **how)


def _put(aws: Region, props: Props) -> str:
    """The provider makes up the version's id."""
    value = send(props, "secretString") or send(props, SecretString="secretStringWo")
    token = secrets.token_hex(TOKEN_BYTES)
    reply = aws.call("secretsmanager", "PutSecretValue", SecretId=props["secretId"], ClientRequestToken=token, **value)
    return f"{props['secretId']}|{reply['VersionId']}"


def _read_version(aws: Region, it: str, state: Props) -> Props | None:
    arn, version = it.split("|")
    try:
        found = aws.call("secretsmanager", "GetSecretValue", SecretId=arn, VersionId=version)
    except AwsError as error:
        if error.code in (*GONE, "InvalidRequestException"):
            return None
        raise
    value = {} if state.get("secretStringWo") else receive(found, "SecretString")
    return (
        value
        | {"arn": found["ARN"], "secretArn": found["ARN"], "secretId": arn}
        | receive(found, "VersionId", "VersionStages")
    )


def _keep(aws: Region, it: str, state: Props) -> None:
    """Nothing to do: the value that is current cannot be taken away, and goes with its secret."""


TYPES = (
    AwsType(
        type="aws:secretsmanager/secret:Secret",
        constraints=SECRET,
        create=_create,
        sent=names("description kmsKeyId name"),
        unread=names("forceOverwriteReplicaSecret recoveryWindowInDays"),
        read=_read,
        delete=_delete,
        settings=(
            Setting(inputs=("replicas",), apply=_replicate),
            Setting(inputs=("description", "kmsKeyId"), apply=_describe),
            Setting(inputs=("policy",), apply=_govern),
        ),
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call("secretsmanager", "TagResource", SecretId=it, Tags=tag_list(tags)),
            drop=lambda aws, it, keys: aws.call("secretsmanager", "UntagResource", SecretId=it, TagKeys=keys),
        ),
        census=Census(
            service="secretsmanager",
            operation="ListSecrets",
            path="SecretList[?!PrimaryRegion || contains(ARN, PrimaryRegion)].ARN",  # a copy goes with its original
            removal="aws secretsmanager delete-secret --region {region} --secret-id {id}",
        ),
        auto_name=AutoName(max_length=486),
    ),
    AwsType(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        constraints=VERSION,
        create=_put,
        sent=names("secretId secretString"),
        unread=names("secretStringWo secretStringWoVersion"),
        read=_read_version,
        delete=_keep,
    ),
)
