"""ElastiCache: users, whose passwords AWS takes and never gives back, and their groups."""

from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.elasticache.groups import tagging
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

ENGINES = ("redis", "valkey")
PASSWORD_LENGTH = (16, 128)
MAX_PASSWORDS = 2
NO_USER, NO_GROUP = ("UserNotFound",), ("UserGroupNotFound",)


def _engine(inputs: Inputs) -> str | None:
    engine = inputs.get("engine")
    known = not isinstance(engine, str) or engine.lower() in ENGINES
    return None if known else f'expected engine to be one of ["redis" "valkey"], got {engine}'


def _passwords(inputs: Inputs) -> str | None:
    given: list[Any] = inputs.get("passwords") or []
    if len(given) > MAX_PASSWORDS:
        return f"Too many list items: passwords has {len(given)}, at most {MAX_PASSWORDS} are allowed"
    low, high = PASSWORD_LENGTH
    wrong = any(isinstance(one, str) and not low <= len(one) <= high for one in given)
    return f"expected length of passwords to be in the range ({low} - {high})" if wrong else None


USER = Constraints(
    source="internal/service/elasticache/user.go",
    inputs=names(
        "accessString authenticationMode engine noPasswordRequired passwords passwordsWo passwordsWoVersion",
        "region tags userId userName",
    ),
    required=("accessString", "engine", "userId", "userName"),
    replaces=names("region userId userName"),
    conflicts=(("passwords", "passwordsWo"), ("authenticationMode", "passwordsWo")),
    together={"passwordsWo": ("passwordsWoVersion",)},
    values={"authenticationMode.type": ("password", "no-password-required", "iam")},
    defaults={"noPasswordRequired": False},
    computed=frozenset({"authenticationMode"}),
    sets=frozenset({"passwords"}),
    checks=(_engine, _passwords),
    delete_before_replace=True,
)

GROUP = Constraints(
    source="internal/service/elasticache/user_group.go",
    inputs=names("engine region tags userGroupId userIds"),
    required=("engine", "userGroupId"),
    replaces=names("region userGroupId"),
    sets=frozenset({"userIds"}),
    checks=(_engine,),
    delete_before_replace=True,
)


def _how_in(props: Props) -> dict[str, Any]:
    """How the user authenticates, as parameters."""
    mode = props.get("authenticationMode")
    asked = {"AuthenticationMode": send(mode, "passwords", "type")} if mode else {}
    return asked | send(props, "passwords", "noPasswordRequired")


def _create_user(aws: Region, props: Props) -> str:
    named = send(props, "accessString", "engine", "userId", "userName")
    user = aws.call("elasticache", "CreateUser", **named, **_how_in(props), Tags=tag_list(props.get("tagsAll")))
    return user["UserId"]


def _read_user(aws: Region, it: str, state: Props) -> Props | None:
    user = aws.find("elasticache", "DescribeUsers", "Users[0]", NO_USER, UserId=it)
    if user is None:
        return None
    return receive(user, "AccessString", "Engine", "UserId", "UserName", arn="ARN") | _tags(aws, user)


def _change_user(aws: Region, it: str, props: Props) -> None:
    aws.call("elasticache", "ModifyUser", UserId=it, **send(props, "accessString", "engine"), **_how_in(props))


def _create_group(aws: Region, props: Props) -> str:
    parameters = send(props, "engine", "userGroupId", "userIds")
    group = aws.call("elasticache", "CreateUserGroup", **parameters, Tags=tag_list(props.get("tagsAll")))
    return group["UserGroupId"]


def _group(aws: Region, it: str) -> Any:
    return aws.find("elasticache", "DescribeUserGroups", "UserGroups[0]", NO_GROUP, UserGroupId=it)


def _read_group(aws: Region, it: str, state: Props) -> Props | None:
    group = _group(aws, it)
    return receive(group, "Engine", "UserGroupId", "UserIds", arn="ARN") | _tags(aws, group) if group else None


def _tags(aws: Region, thing: dict[str, Any]) -> Props:
    return {"tags": tag_map(aws.call("elasticache", "ListTagsForResource", ResourceName=thing["ARN"])["TagList"])}


def _change_group(aws: Region, it: str, props: Props) -> None:
    wanted, before = set(props.get("userIds") or ()), set(_group(aws, it)["UserIds"])
    moved = {"UserIdsToAdd": sorted(wanted - before), "UserIdsToRemove": sorted(before - wanted)}
    changes = {name: ids for name, ids in moved.items() if ids}
    aws.call("elasticache", "ModifyUserGroup", UserGroupId=it, **changes, **send(props, "engine"))


TYPES = (
    AwsType(
        type="aws:elasticache/user:User",
        constraints=USER,
        create=_create_user,
        sent=names("accessString authenticationMode engine noPasswordRequired passwords userId userName"),
        unread=names("authenticationMode noPasswordRequired passwords"),
        read=_read_user,
        delete=lambda aws, it, _: aws.call("elasticache", "DeleteUser", UserId=it),
        settings=(
            Setting(
                inputs=("accessString", "authenticationMode", "engine", "noPasswordRequired", "passwords"),
                apply=_change_user,
            ),
        ),
        tagging=tagging("user"),
        census=Census(service="elasticache", operation="DescribeUsers", path="Users[].UserId"),
    ),
    AwsType(
        type="aws:elasticache/userGroup:UserGroup",
        constraints=GROUP,
        create=_create_group,
        sent=names("engine userGroupId userIds"),
        read=_read_group,
        delete=lambda aws, it, _: aws.call("elasticache", "DeleteUserGroup", UserGroupId=it),
        settings=(Setting(inputs=("engine", "userIds"), apply=_change_group),),
        tagging=tagging("usergroup"),
        census=Census(service="elasticache", operation="DescribeUserGroups", path="UserGroups[].UserGroupId"),
    ),
)
