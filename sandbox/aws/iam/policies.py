"""IAM: managed policies, and their attachment to roles."""

import json
import re

from sandbox.aws.checks import UNIQUE_SUFFIX, arn, matches, names, policy_text
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.iam.roles import NAME, POLICY_NAME_LENGTH
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

POLICY_SIZE = 6144  # characters, white space aside; not adjustable
MAX_VERSIONS = 5

POLICY = Constraints(
    source="internal/service/iam/policy.go",
    inputs=names("delayAfterPolicyCreationInMs description name namePrefix path policy tags"),
    required=("policy",),
    replaces=names("description name namePrefix path"),
    conflicts=(("name", "namePrefix"),),
    ranges={"name": (1, POLICY_NAME_LENGTH), "namePrefix": (1, POLICY_NAME_LENGTH - UNIQUE_SUFFIX)},
    defaults={"path": "/"},
    computed=frozenset({"name", "namePrefix"}),
    documents=frozenset({"policy"}),
    checks=(
        policy_text("policy"),
        matches("name", NAME, r"must match [\w+=,.@-]"),
        matches("namePrefix", NAME, r"must match [\w+=,.@-]"),
    ),
    delete_before_replace=True,
)

ATTACHMENT = Constraints(
    source="internal/service/iam/role_policy_attachment.go",
    inputs=names("policyArn role"),
    required=("policyArn", "role"),
    replaces=names("policyArn role"),
    checks=(arn("policyArn"),),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    _within_size("CreatePolicy", props["policy"])
    parameters = send(props, "description", "path", PolicyName="name", PolicyDocument="policy")
    return aws.call("iam", "CreatePolicy", **parameters, Tags=tag_list(props.get("tagsAll")))["Policy"]["Arn"]


def _within_size(operation: str, document: str) -> None:
    if len(re.sub(r"\s", "", document)) > POLICY_SIZE:
        message = f"Cannot exceed quota for PolicySize: {POLICY_SIZE}"
        raise AwsError("iam", operation, "LimitExceeded", message)


def _read(aws: Region, policy_arn: str, state: Props) -> Props | None:
    policy = aws.find("iam", "GetPolicy", "Policy", ("NoSuchEntity",), PolicyArn=policy_arn)
    if policy is None:
        return None
    path, version = "PolicyVersion.Document", policy["DefaultVersionId"]
    document = aws.find("iam", "GetPolicyVersion", path, PolicyArn=policy_arn, VersionId=version)
    found = receive(policy, "Arn", "Path", "Description", "PolicyId", "AttachmentCount", name="PolicyName")
    return found | {"policy": json.dumps(document, sort_keys=True), "tags": tag_map(policy.get("Tags"))}


def _write(aws: Region, policy_arn: str, props: Props) -> None:
    """A new version that becomes the default; the oldest of the others makes room for it."""
    _within_size("CreatePolicyVersion", props["policy"])
    others = _others(aws, policy_arn)
    for version in others[: len(others) + 2 - MAX_VERSIONS]:
        aws.call("iam", "DeletePolicyVersion", PolicyArn=policy_arn, VersionId=version)
    path, document = "PolicyVersion.VersionId", props["policy"]
    version = aws.find("iam", "CreatePolicyVersion", path, PolicyArn=policy_arn, PolicyDocument=document)
    aws.call("iam", "SetDefaultPolicyVersion", PolicyArn=policy_arn, VersionId=version)


def _others(aws: Region, policy_arn: str) -> list[str]:
    """Versions that are not the default, oldest first."""
    path = "Versions[?!IsDefaultVersion].VersionId"
    versions: list[str] = aws.find("iam", "ListPolicyVersions", path, PolicyArn=policy_arn)
    return sorted(versions, key=lambda version: int(version.removeprefix("v")))


def _delete(aws: Region, policy_arn: str, state: Props) -> None:
    for version in _others(aws, policy_arn):
        aws.call("iam", "DeletePolicyVersion", PolicyArn=policy_arn, VersionId=version)
    aws.call("iam", "DeletePolicy", PolicyArn=policy_arn)


def _attach(aws: Region, props: Props) -> str:
    aws.call("iam", "AttachRolePolicy", **send(props, "policyArn", RoleName="role"))
    return f"{props['role']}/{props['policyArn']}"


def _both(attachment: str) -> dict[str, str]:
    role, _, policy_arn = attachment.partition("/")
    return {"role": role, "policyArn": policy_arn}


def _read_attachment(aws: Region, attachment: str, state: Props) -> Props | None:
    both, path = _both(attachment), "AttachedPolicies[].PolicyArn"
    attached = aws.find("iam", "ListAttachedRolePolicies", path, ("NoSuchEntity",), RoleName=both["role"])
    return both if both["policyArn"] in (attached or ()) else None


def _detach(aws: Region, attachment: str, state: Props) -> None:
    aws.call("iam", "DetachRolePolicy", **send(_both(attachment), "policyArn", RoleName="role"))


TYPES = (
    AwsType(
        type="aws:iam/policy:Policy",
        constraints=POLICY,
        create=_create,
        sent=names("description name path policy"),
        unread=frozenset({"delayAfterPolicyCreationInMs"}),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=("policy",), apply=_write),),
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call("iam", "TagPolicy", PolicyArn=it, Tags=tag_list(tags)),
            drop=lambda aws, it, names: aws.call("iam", "UntagPolicy", PolicyArn=it, TagKeys=names),
        ),
        census=Census(service="iam", operation="ListPolicies", path="Policies[].Arn", params={"Scope": "Local"}),
        auto_name=AutoName(max_length=POLICY_NAME_LENGTH),
    ),
    AwsType(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        constraints=ATTACHMENT,
        create=_attach,
        sent=names("policyArn role"),
        read=_read_attachment,
        delete=_detach,
    ),
)
