"""Who may take a role: permission sets of IAM Identity Center by name, roles and users by ARN; and how many fit in."""

import json
from collections.abc import Iterable

PERMISSION_SET = "permission-set/"
SUFFIX = "?" * 16
"""What Identity Center appends to a set's name: sixteen characters. One for one, so that no longer name fits."""
TRUST_CHARACTERS = 2048  # of a role's trust policy, spaces aside: IAM's quota L-C07B4B0D, which can be raised to 4,096


def principal_arn(principal: str, account_id: str) -> str:
    """The pattern of ``aws:PrincipalArn`` that a listed principal stands for.

    Of a permission set it is the role that Identity Center makes, whose path has a region in it unless Identity Center
    lives in us-east-1.
    """
    kind, name = principal[: len(PERMISSION_SET)], principal[len(PERMISSION_SET) :]
    if kind != PERMISSION_SET:
        return principal
    return f"arn:aws:iam::{account_id}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_{name}_{SUFFIX}"


def trust_conditions(principals: Iterable[str], account_id: str) -> dict[str, dict[str, list[str]]]:
    """What narrows a trust in the whole account to the principals."""
    patterns = {principal_arn(principal, account_id) for principal in principals}
    return {"ArnLike": {"aws:PrincipalArn": sorted(patterns)}}


def trust_characters(principals: Iterable[str], account_id: str) -> int:
    """What of the quota a role takes that the principals may take."""
    frame = (
        '{"Statement":[{"Action":"sts:AssumeRole","Condition":,"Effect":"Allow","Principal":{"AWS":""}}],"Version":""}'
    )
    values = f"arn:aws:iam::{account_id}:root" + "2012-10-17"
    conditions = json.dumps(trust_conditions(principals, account_id), separators=(",", ":"))
    return len(frame) + len(values) + len(conditions)
