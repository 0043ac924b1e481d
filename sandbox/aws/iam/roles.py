"""IAM: roles and their inline policies."""

import json
import re

from sandbox.aws.checks import ARN, UNIQUE_SUFFIX, arn, matches, names, policy_text
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

ROLE_NAME_LENGTH = 64
POLICY_NAME_LENGTH = 128
NAME = re.compile(r"[\w+=,.@-]*", re.ASCII)


def _plain_quotes(inputs: Inputs) -> str | None:
    description = inputs.get("description")
    if isinstance(description, str) and any(quote in description for quote in "\u201c\u2018"):
        return "invalid value for description (cannot contain specially formatted single or double quotes)"
    return None


def _role_by_name(inputs: Inputs) -> str | None:
    role = inputs.get("role")
    if isinstance(role, str) and ARN.fullmatch(role):
        return f'"role" must be the role\'s name not its ARN, got {role}'
    return None


ROLE = Constraints(
    source="internal/service/iam/role.go",
    inputs=names(
        "assumeRolePolicy description forceDetachPolicies inlinePolicies managedPolicyArns",
        "maxSessionDuration name namePrefix path permissionsBoundary tags",
    ),
    required=("assumeRolePolicy",),
    replaces=frozenset({"name", "namePrefix", "path"}),
    conflicts=(("name", "namePrefix"),),
    ranges={
        "description": (0, 1000),
        "inlinePolicies.name": (1, POLICY_NAME_LENGTH),
        "maxSessionDuration": (3600, 43_200),
        "name": (1, ROLE_NAME_LENGTH),
        "namePrefix": (1, ROLE_NAME_LENGTH - UNIQUE_SUFFIX),
        "path": (0, 512),
    },
    defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    computed=frozenset({"inlinePolicies", "managedPolicyArns", "name", "namePrefix"}),
    sets=frozenset({"inlinePolicies", "managedPolicyArns"}),
    documents=frozenset({"assumeRolePolicy"}),
    checks=(
        policy_text("assumeRolePolicy"),
        matches("name", NAME, r"must match [\w+=,.@-]"),
        matches("namePrefix", NAME, r"must match [\w+=,.@-]"),
        arn("managedPolicyArns"),
        arn("permissionsBoundary"),
        _plain_quotes,
    ),
    delete_before_replace=True,
)

ROLE_POLICY = Constraints(
    source="internal/service/iam/role_policy.go",
    inputs=frozenset({"name", "namePrefix", "policy", "role"}),
    required=("policy", "role"),
    replaces=frozenset({"name", "namePrefix", "role"}),
    conflicts=(("name", "namePrefix"),),
    ranges={
        "name": (1, POLICY_NAME_LENGTH),
        "namePrefix": (1, POLICY_NAME_LENGTH - UNIQUE_SUFFIX),
        "role": (1, 128),
    },
    computed=frozenset({"name", "namePrefix"}),
    documents=frozenset({"policy"}),
    checks=(
        policy_text("policy"),
        matches("name", NAME, r"must match [\w+=,.@-]"),
        matches("namePrefix", NAME, r"must match [\w+=,.@-]"),
        _role_by_name,
    ),
    delete_before_replace=True,
)


def _create_role(aws: Region, props: Props) -> str:
    parameters = send(props, "path", "description", "maxSessionDuration", "permissionsBoundary", RoleName="name")
    trust = send(props, AssumeRolePolicyDocument="assumeRolePolicy")
    aws.call("iam", "CreateRole", **parameters, **trust, Tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _read_role(aws: Region, name: str, state: Props) -> Props | None:
    role = aws.find("iam", "GetRole", "Role", ("NoSuchEntity",), RoleName=name)
    if role is None:
        return None
    found = receive(role, "Arn", "Path", "Description", "MaxSessionDuration", name="RoleName", uniqueId="RoleId")
    found |= receive(role.get("PermissionsBoundary", {}), permissionsBoundary="PermissionsBoundaryArn")
    return found | {
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"], sort_keys=True),
        "createDate": role["CreateDate"].isoformat(),
        "managedPolicyArns": _attached(aws, name),
        "tags": tag_map(role.get("Tags")),
    }


def _attached(aws: Region, name: str) -> list[str]:
    return aws.find("iam", "ListAttachedRolePolicies", "AttachedPolicies[].PolicyArn", RoleName=name)


def _attach(aws: Region, name: str, props: Props) -> None:
    """Exactly the policies that are listed: others are detached."""
    current, wanted = set(_attached(aws, name)), set[str](props.get("managedPolicyArns", ()))
    for policy in sorted(wanted - current):
        aws.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=policy)
    for policy in sorted(current - wanted):
        aws.call("iam", "DetachRolePolicy", RoleName=name, PolicyArn=policy)


def _trust(aws: Region, name: str, props: Props) -> None:
    aws.call("iam", "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=props["assumeRolePolicy"])


def _describe(aws: Region, name: str, props: Props) -> None:
    text = props.get("description", "")
    aws.call("iam", "UpdateRole", RoleName=name, Description=text, **send(props, "maxSessionDuration"))


def _bound(aws: Region, name: str, props: Props) -> None:
    if boundary := send(props, "permissionsBoundary"):
        aws.call("iam", "PutRolePermissionsBoundary", RoleName=name, **boundary)
    else:
        aws.call("iam", "DeleteRolePermissionsBoundary", RoleName=name)


def _delete_role(aws: Region, name: str, state: Props) -> None:
    if state.get("forceDetachPolicies"):
        for policy in aws.find("iam", "ListRolePolicies", "PolicyNames", RoleName=name):
            aws.call("iam", "DeleteRolePolicy", RoleName=name, PolicyName=policy)
    if state.get("forceDetachPolicies") or state.get("managedPolicyArns"):
        _attach(aws, name, {})
    aws.call("iam", "DeleteRole", RoleName=name)


def _create_policy(aws: Region, props: Props) -> str:
    policy_id = f"{props['role']}:{props['name']}"
    _put_policy(aws, policy_id, props)
    return policy_id


def _named(policy_id: str) -> dict[str, str]:
    role, _, name = policy_id.partition(":")
    return {"RoleName": role, "PolicyName": name}


def _put_policy(aws: Region, policy_id: str, props: Props) -> None:
    aws.call("iam", "PutRolePolicy", **_named(policy_id), **send(props, PolicyDocument="policy"))


def _read_policy(aws: Region, policy_id: str, state: Props) -> Props | None:
    named = _named(policy_id)
    policy = aws.find("iam", "GetRolePolicy", "PolicyDocument", ("NoSuchEntity",), **named)
    if policy is None:
        return None
    return {"role": named["RoleName"], "name": named["PolicyName"], "policy": json.dumps(policy, sort_keys=True)}


TYPES = (
    AwsType(
        type="aws:iam/role:Role",
        constraints=ROLE,
        create=_create_role,
        sent=names("assumeRolePolicy description maxSessionDuration name path permissionsBoundary"),
        unread=frozenset({"forceDetachPolicies"}),
        read=_read_role,
        delete=_delete_role,
        settings=(
            Setting(inputs=("assumeRolePolicy",), apply=_trust),
            Setting(inputs=("description", "maxSessionDuration"), apply=_describe),
            Setting(inputs=("permissionsBoundary",), apply=_bound),
            Setting(inputs=("managedPolicyArns",), apply=_attach),
        ),
        tagging=Tagging(
            put=lambda aws, name, tags: aws.call("iam", "TagRole", RoleName=name, Tags=tag_list(tags)),
            drop=lambda aws, name, names: aws.call("iam", "UntagRole", RoleName=name, TagKeys=names),
        ),
        census=Census(service="iam", operation="ListRoles", path="Roles[?!starts_with(Path, '/aws-')].RoleName"),
        auto_name=AutoName(max_length=ROLE_NAME_LENGTH),
    ),
    AwsType(
        type="aws:iam/rolePolicy:RolePolicy",
        constraints=ROLE_POLICY,
        create=_create_policy,
        sent=names("name policy role"),
        read=_read_policy,
        delete=lambda aws, policy_id, _: aws.call("iam", "DeleteRolePolicy", **_named(policy_id)),
        settings=(Setting(inputs=("policy",), apply=_put_policy),),
        # The real provider would make up as many as 255 characters, and IAM refuse them.
        auto_name=AutoName(max_length=POLICY_NAME_LENGTH),
    ),
)
