"""IAM documents as pure data: least privilege is refused to be forgotten, and equal documents are equal text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
POLICY_VERSION = "2012-10-17"


def allow(actions: Sequence[str], resources: Sequence[str], conditions: Conditions | None = None) -> Statement:
    """Let whoever holds the policy do ``actions`` on ``resources``.

    Raises ValueError for the action ``*``, and for the resource ``*`` without a condition that narrows it.
    """
    if "*" in actions:
        raise ValueError(f"action '*' grants everything: name the actions, got {list(actions)}")
    if "*" in resources and not conditions:
        raise ValueError(f"resource '*' wants a condition, for {list(actions)}: name the ARNs or narrow it")
    statement: Statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": conditions} if conditions else {})


def allow_principal(
    principal: Mapping[str, str],
    actions: Sequence[str],
    conditions: Conditions | None = None,
) -> Statement:
    """A statement of a key's policy, where the resource ``*`` means the key that the policy hangs on."""
    statement: Statement = {
        "Effect": "Allow",
        "Principal": dict(principal),
        "Action": sorted(actions),
        "Resource": "*",
    }
    return statement | ({"Condition": conditions} if conditions else {})


def to(principal: Mapping[str, str], statement: Statement) -> Statement:
    """The statement in a policy that hangs on a resource, where it says to whom it is granted."""
    return statement | {"Principal": dict(principal)}


def service_trust(service: str, *, account_id: str, source_arn: str) -> str:
    """Let an AWS service take a role, but only on behalf of ``source_arn`` in this account (the confused deputy)."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account_id},
                "ArnLike": {"aws:SourceArn": source_arn},
            },
        }
    )


def pod_trust(*, cluster_arn: str, namespace: str, service_account: str) -> str:
    """Let the pods of one service account of one cluster take a role. EKS Pod Identity tags its sessions with them."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "aws:RequestTag/eks-cluster-arn": cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        }
    )


def person_trust(account_root: str, conditions: Conditions) -> str:
    """Let people and pipelines take a role: the IAM principals of the account that meet the conditions."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": account_root},
            "Action": "sts:AssumeRole",
            "Condition": conditions,
        }
    )


def document(*statements: Statement) -> str:
    """The policy's JSON, keys sorted, so that the same policy never shows as a change."""
    return json.dumps({"Version": POLICY_VERSION, "Statement": list(statements)}, sort_keys=True)
