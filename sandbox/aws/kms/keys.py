"""KMS: keys and their aliases."""

import re
from collections.abc import Mapping

from sandbox.aws.checks import json_text, matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

ALIAS_NAME = re.compile(r"alias/[0-9A-Za-z_/-]+")
ALIAS_RULE = "must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]"
KEY_SENT_BY_NAME = names("bypassPolicyLockoutSafetyCheck description keyUsage multiRegion policy")
ALIAS_SENT = names("name targetKeyId")
RESERVED_ALIAS = "alias/aws/"
KEY_SPECS = (
    "SYMMETRIC_DEFAULT",
    *("RSA_2048", "RSA_3072", "RSA_4096"),
    *("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"),
    *("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"),
    *("ML_DSA_44", "ML_DSA_65", "ML_DSA_87"),
    "SM2",
)


def _unreserved(inputs: Inputs) -> str | None:
    for name in ("name", "namePrefix"):
        value = inputs.get(name)
        if isinstance(value, str) and value.startswith(RESERVED_ALIAS):
            return f"\"{name}\" cannot begin with reserved AWS CMK prefix '{RESERVED_ALIAS}', got {value}"
    return None


KEY = Constraints(
    source="internal/service/kms/key.go",
    inputs=names(
        "bypassPolicyLockoutSafetyCheck customKeyStoreId customerMasterKeySpec",
        "deletionWindowInDays description enableKeyRotation isEnabled keyUsage multiRegion policy",
        "region rotationPeriodInDays tags xksKeyId",
    ),
    replaces=frozenset({"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "region", "xksKeyId"}),
    together={"rotationPeriodInDays": ("enableKeyRotation",), "xksKeyId": ("customKeyStoreId",)},
    values={
        "customerMasterKeySpec": KEY_SPECS,
        "keyUsage": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
    },
    ranges={
        "customKeyStoreId": (1, 22),
        "deletionWindowInDays": (7, 30),
        "description": (0, 8192),
        "rotationPeriodInDays": (90, 2560),
        "xksKeyId": (1, 128),
    },
    defaults={
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
    computed=frozenset({"description", "multiRegion", "policy", "rotationPeriodInDays"}),
    documents=frozenset({"policy"}),
    checks=(json_text("policy"),),
)

ALIAS = Constraints(
    source="internal/service/kms/alias.go",
    inputs=frozenset({"name", "namePrefix", "region", "targetKeyId"}),
    required=("targetKeyId",),
    replaces=frozenset({"name", "namePrefix", "region"}),
    conflicts=(("name", "namePrefix"),),
    computed=frozenset({"name", "namePrefix"}),
    checks=(matches("name", ALIAS_NAME, ALIAS_RULE), matches("namePrefix", ALIAS_NAME, ALIAS_RULE), _unreserved),
    delete_before_replace=True,
)


def key_tags(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    return tag_list(tags, "TagKey", "TagValue")


def _create_key(aws: Region, props: Props) -> str:
    parameters = send(props, *KEY_SENT_BY_NAME, KeySpec="customerMasterKeySpec")
    return aws.call("kms", "CreateKey", **parameters, Tags=key_tags(props.get("tagsAll")))["KeyMetadata"]["KeyId"]


def read_key(aws: Region, key_id: str, state: Props) -> Props | None:
    key = aws.find("kms", "DescribeKey", "KeyMetadata", ("NotFoundException",), KeyId=key_id)
    if key is None or key["KeyState"] == "PendingDeletion":
        return None
    found = receive(key, "Arn", "KeyId", "KeyUsage", "Description", "MultiRegion", isEnabled="Enabled")
    tags = aws.find("kms", "ListResourceTags", "Tags", KeyId=key_id)
    return found | {
        "customerMasterKeySpec": key.get("KeySpec"),
        "enableKeyRotation": aws.find("kms", "GetKeyRotationStatus", "KeyRotationEnabled", KeyId=key_id),
        "policy": aws.find("kms", "GetKeyPolicy", "Policy", KeyId=key_id, PolicyName="default"),
        "tags": tag_map(tags, "TagKey", "TagValue"),
    }


def _rotate(aws: Region, key_id: str, props: Props) -> None:
    aws.call("kms", "EnableKeyRotation" if props.get("enableKeyRotation") else "DisableKeyRotation", KeyId=key_id)


def enable(aws: Region, key_id: str, props: Props) -> None:
    aws.call("kms", "EnableKey" if props.get("isEnabled", True) else "DisableKey", KeyId=key_id)


def put_policy(aws: Region, key_id: str, props: Props) -> None:
    aws.call("kms", "PutKeyPolicy", KeyId=key_id, PolicyName="default", Policy=props["policy"])


def describe(aws: Region, key_id: str, props: Props) -> None:
    aws.call("kms", "UpdateKeyDescription", KeyId=key_id, Description=props.get("description", ""))


def delete_key(aws: Region, key_id: str, state: Props) -> None:
    """KMS only ever schedules a deletion: the key is gone after the window."""
    window = send(state, PendingWindowInDays="deletionWindowInDays")
    aws.call("kms", "ScheduleKeyDeletion", KeyId=key_id, **window)


def _create_alias(aws: Region, props: Props) -> str:
    aws.call("kms", "CreateAlias", **send(props, "targetKeyId", AliasName="name"))
    return props["name"]


def _read_alias(aws: Region, name: str, state: Props) -> Props | None:
    alias = aws.find("kms", "ListAliases", f"Aliases[?AliasName=='{name}'] | [0]")
    if alias is None:
        return None
    key_id, arn = aws.find("kms", "DescribeKey", "KeyMetadata.[KeyId, Arn]", KeyId=alias["TargetKeyId"])
    target = arn if state.get("targetKeyId") == arn else key_id  # a program may use either, and means the same
    return receive(alias, arn="AliasArn", name="AliasName") | {"targetKeyId": target, "targetKeyArn": arn}


def _retarget(aws: Region, name: str, props: Props) -> None:
    aws.call("kms", "UpdateAlias", AliasName=name, TargetKeyId=props["targetKeyId"])


TAGGING = Tagging(
    put=lambda aws, key_id, tags: aws.call("kms", "TagResource", KeyId=key_id, Tags=key_tags(tags)),
    drop=lambda aws, key_id, names: aws.call("kms", "UntagResource", KeyId=key_id, TagKeys=names),
)
TYPES = (
    AwsType(
        type="aws:kms/key:Key",
        constraints=KEY,
        create=_create_key,
        sent=KEY_SENT_BY_NAME | {"customerMasterKeySpec"},
        unread=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"}),
        read=read_key,
        delete=delete_key,
        settings=(
            Setting(inputs=("enableKeyRotation",), apply=_rotate),
            Setting(inputs=("isEnabled",), apply=enable),
            Setting(inputs=("policy",), apply=put_policy),
            Setting(inputs=("description",), apply=describe),
        ),
        as_made={"rotationPeriodInDays": 365},
        tagging=TAGGING,
    ),
    AwsType(
        type="aws:kms/alias:Alias",
        constraints=ALIAS,
        create=_create_alias,
        sent=ALIAS_SENT,
        read=_read_alias,
        delete=lambda aws, name, _: aws.call("kms", "DeleteAlias", AliasName=name),
        settings=(Setting(inputs=("targetKeyId",), apply=_retarget),),
        census=Census(
            service="kms", operation="ListAliases", path="Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"
        ),
        auto_name=AutoName(prefix="alias/", max_length=238),
    ),
)
