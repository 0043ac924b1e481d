"""IAM: instance profiles, through which an EC2 instance takes its role."""

from sandbox.aws.checks import UNIQUE_SUFFIX, matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.iam.roles import NAME
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

NAME_LENGTH = 128

PROFILE = Constraints(
    source="internal/service/iam/instance_profile.go",
    inputs=names("name namePrefix path role tags"),
    replaces=names("name namePrefix path"),
    conflicts=(("name", "namePrefix"),),
    ranges={"name": (1, NAME_LENGTH), "namePrefix": (1, NAME_LENGTH - UNIQUE_SUFFIX)},
    defaults={"path": "/"},
    computed=frozenset({"name", "namePrefix"}),
    checks=(
        matches("name", NAME, r"must match [\w+=,.@-]"),
        matches("namePrefix", NAME, r"must match [\w+=,.@-]"),
    ),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    parameters = send(props, "path", InstanceProfileName="name")
    aws.call("iam", "CreateInstanceProfile", **parameters, Tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _find(aws: Region, name: str) -> Props | None:
    return aws.find("iam", "GetInstanceProfile", "InstanceProfile", ("NoSuchEntity",), InstanceProfileName=name)


def _read(aws: Region, name: str, state: Props) -> Props | None:
    profile = _find(aws, name)
    if profile is None:
        return None
    found = receive(profile, "Arn", "Path", name="InstanceProfileName", uniqueId="InstanceProfileId")
    found |= receive(profile["Roles"][0], role="RoleName") if profile["Roles"] else {}
    return found | {"createDate": profile["CreateDate"].isoformat(), "tags": tag_map(profile.get("Tags"))}


def _give_role(aws: Region, name: str, props: Props) -> None:
    """A profile holds one role at most."""
    for role in (_find(aws, name) or {"Roles": []})["Roles"]:
        aws.call("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName=name, RoleName=role["RoleName"])
    if role := send(props, RoleName="role"):
        aws.call("iam", "AddRoleToInstanceProfile", InstanceProfileName=name, **role)


def _delete(aws: Region, name: str, state: Props) -> None:
    _give_role(aws, name, {})
    aws.call("iam", "DeleteInstanceProfile", InstanceProfileName=name)


TYPES = (
    AwsType(
        type="aws:iam/instanceProfile:InstanceProfile",
        constraints=PROFILE,
        create=_create,
        sent=frozenset({"name", "path"}),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=("role",), apply=_give_role),),
        tagging=Tagging(
            put=lambda aws, name, tags: aws.call(
                "iam", "TagInstanceProfile", InstanceProfileName=name, Tags=tag_list(tags)
            ),
            drop=lambda aws, name, names: aws.call(
                "iam", "UntagInstanceProfile", InstanceProfileName=name, TagKeys=names
            ),
        ),
        census=Census(service="iam", operation="ListInstanceProfiles", path="InstanceProfiles[].InstanceProfileName"),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ),
)
