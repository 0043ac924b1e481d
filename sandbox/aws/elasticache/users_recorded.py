"""ElastiCache: users and their groups. Of a password only that there is one is recorded."""

from typing import Any

from sandbox.aws.elasticache.common_recorded import COMBINATION, INVALID, USER_GROUPS, USERS, described, in_use
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing

MAX_PASSWORDS = 2
KINDS = {"password": "password", "no-password-required": "no-password", "iam": "iam"}
SECRET = ("Passwords", "NoPasswordRequired", "AuthenticationMode")


def _authentication(asked: Thing) -> Thing:
    """How the user comes in, in place of what nobody may read again."""
    mode: Thing = asked.get("AuthenticationMode", {})
    passwords: list[str] = mode.get("Passwords") or asked.get("Passwords") or []
    free = str(asked.get("NoPasswordRequired", False)).lower() == "true"
    kind = KINDS[mode["Type"]] if "Type" in mode else "no-password" if free else "password"
    if (kind == "password") is not bool(passwords):
        raise Refusal(COMBINATION, f"{len(passwords)} passwords do not go with the authentication type {kind}.")
    if len(passwords) > MAX_PASSWORDS or any(not 16 <= len(one) <= 128 for one in passwords):  # noqa: PLR2004
        raise Refusal(INVALID, f"A user has up to {MAX_PASSWORDS} passwords of 16 to 128 printable characters.")
    return {"Type": kind, "PasswordCount": len(passwords)}


def _engine(asked: Thing) -> Thing:
    engine = asked["Engine"].lower()
    if engine not in ("redis", "valkey"):
        raise Refusal(INVALID, f"The engine {engine} has no users: redis and valkey have.")
    return {"Engine": engine}


def _user_made(place: Place, asked: Thing) -> Thing:
    it, authentication = asked["UserId"].lower(), _authentication(asked)
    if _engine(asked)["Engine"] == "valkey" and authentication["Type"] == "no-password":
        raise Refusal(COMBINATION, "A user of the engine valkey authenticates by password or IAM.")
    return {
        **_without_secrets(asked),
        **_engine(asked),
        "UserId": it,
        "ARN": place.arn(f"user:{it}"),
        "Status": "active",
        "Authentication": authentication,
    }


def _user_changed(place: Place, asked: Thing) -> Thing:
    again = any(name in asked for name in SECRET)
    return {
        **_without_secrets(asked),
        **(_engine(asked) if "Engine" in asked else {}),
        **({"Authentication": _authentication(asked)} if again else {}),
    }


def _without_secrets(asked: Thing) -> Thing:
    return {name: None for name in SECRET if name in asked}


def _user_kept(place: Place, user: Thing) -> None:
    groups = [group["UserGroupId"] for group in place.shelf(USER_GROUPS).values() if user["UserId"] in group["UserIds"]]
    if groups and user["UserName"] == "default":
        message = f"A default user cannot be deleted while it is in a user group: {', '.join(groups)}."
        raise Refusal("DefaultUserAssociatedToUserGroup", message)
    for group in groups:  # AWS takes any other out of its groups
        GROUPS.find(place, {"UserGroupId": group})["UserIds"].remove(user["UserId"])


def _members(place: Place, engine: str, ids: list[str]) -> list[str]:
    """As a group may have them, or the request is refused."""
    users = [MEMBERS.find(place, {"UserId": it}) for it in ids]
    names = [user["UserName"] for user in users]
    if len(set(names)) < len(names):
        raise Refusal("DuplicateUserName", "A user group has each user name once.")
    if engine == "redis" and "default" not in names:
        raise Refusal("DefaultUserRequired", "A user group of the engine redis has a user with the name default.")
    if engine == "valkey" and any(user["Authentication"]["Type"] == "no-password" for user in users):
        raise Refusal(COMBINATION, "Users of a group of the engine valkey authenticate by password or IAM.")
    return ids


def _group_made(place: Place, asked: Thing) -> Thing:
    it, engine = asked["UserGroupId"].lower(), _engine(asked)["Engine"]
    return {
        "Engine": engine,
        "UserGroupId": it,
        "UserIds": _members(place, engine, asked.get("UserIds", [])),
        "ARN": place.arn(f"usergroup:{it}"),
        "Status": "active",
    }


def _modify_group(place: Place, asked: Thing) -> Thing:
    group = GROUPS.find(place, asked)
    gone: set[Any] = set(asked.get("UserIdsToRemove", []))
    ids = [it for it in group["UserIds"] if it not in gone] + asked.get("UserIdsToAdd", [])
    engine = _engine(asked)["Engine"] if "Engine" in asked else group["Engine"]
    group |= {"Engine": engine, "UserIds": _members(place, engine, ids)}
    return group


def _group_kept(place: Place, group: Thing) -> None:
    if in_use(place, "UserGroupIds", group["UserGroupId"]):
        message = f"User group {group['UserGroupId']} is associated with a replication group."
        raise Refusal("InvalidUserGroupState", message)


MEMBERS = Family(
    kind=USERS,
    key=("UserId",),
    create="CreateUser",
    update="ModifyUser",
    delete="DeleteUser",
    exists="UserAlreadyExists",
    missing="UserNotFound",
    made=_user_made,
    changed=_user_changed,
    deletes=_user_kept,
)
GROUPS = Family(
    kind=USER_GROUPS,
    key=("UserGroupId",),
    create="CreateUserGroup",
    delete="DeleteUserGroup",
    exists="UserGroupAlreadyExists",
    missing="UserGroupNotFound",
    made=_group_made,
    deletes=_group_kept,
)
ANSWERS: Answers = {
    **MEMBERS.answers(),
    **GROUPS.answers(),
    "DescribeUsers": described(MEMBERS, "Users"),
    "DescribeUserGroups": described(GROUPS, "UserGroups"),
    "ModifyUserGroup": _modify_group,
}
