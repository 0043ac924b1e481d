"""KMS: the copy of a multi-Region key in another region, which outlives the region that the key was made in."""

from sandbox.aws.checks import arn, json_text, names
from sandbox.aws.gateway import Region
from sandbox.aws.kms.keys import TAGGING, delete_key, describe, enable, key_tags, put_policy, read_key
from sandbox.aws.resource import AwsType, Setting
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

REPLICA = Constraints(
    source="internal/service/kms/replica_key.go",
    inputs=names(
        "bypassPolicyLockoutSafetyCheck deletionWindowInDays description enabled policy primaryKeyArn region tags"
    ),
    required=("primaryKeyArn",),
    replaces=names("primaryKeyArn region"),
    ranges={"deletionWindowInDays": (7, 30), "description": (0, 8192)},
    defaults={"bypassPolicyLockoutSafetyCheck": False, "deletionWindowInDays": 30, "enabled": True},
    computed=frozenset({"policy"}),
    documents=frozenset({"policy"}),
    checks=(arn("primaryKeyArn"), json_text("policy")),
)


def _create(aws: Region, props: Props) -> str:
    """Asked of the region in which the key is, as the provider does."""
    _, _, _, region, _, key = props["primaryKeyArn"].split(":")
    key_id = key.removeprefix("key/")
    aws.elsewhere(region).call("kms", "ReplicateKey", KeyId=key_id, ReplicaRegion=aws.name)
    aws.call("kms", "TagResource", KeyId=key_id, Tags=key_tags(props.get("tagsAll")))
    return key_id


def _read(aws: Region, key_id: str, state: Props) -> Props | None:
    found = read_key(aws, key_id, state)
    if found is None:
        return None
    primary = aws.find("kms", "DescribeKey", "KeyMetadata.MultiRegionConfiguration.PrimaryKey.Arn", KeyId=key_id)
    own = {"enabled": found.pop("isEnabled"), "keyRotationEnabled": found.pop("enableKeyRotation")}
    return found | own | {"keySpec": found.pop("customerMasterKeySpec"), "primaryKeyArn": primary}


TYPES = (
    AwsType(
        type="aws:kms/replicaKey:ReplicaKey",
        constraints=REPLICA,
        create=_create,
        sent=frozenset({"primaryKeyArn"}),
        unread=names("bypassPolicyLockoutSafetyCheck deletionWindowInDays"),
        read=_read,
        delete=delete_key,
        settings=(
            Setting(
                inputs=("enabled",),
                apply=lambda aws, it, props: enable(aws, it, {"isEnabled": props.get("enabled", True)}),
            ),
            Setting(inputs=("policy",), apply=put_policy),
            Setting(inputs=("description",), apply=describe),
        ),
        tagging=TAGGING,
    ),
)
