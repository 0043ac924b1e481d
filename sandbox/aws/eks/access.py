"""EKS: access entries, the access policies associated with them, and pod identity associations."""

from typing import Any

from sandbox.aws.checks import arn, json_text, matches, names
from sandbox.aws.eks.common import CLUSTER_NAME, CLUSTER_NAME_RULE, GONE, eks_tags, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.plain import Plain
from sandbox.aws.resource import AwsType, Setting, receive, send
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

ENTRY_TYPES = ("EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX", "STANDARD")
IN_CLUSTER = matches("clusterName", CLUSTER_NAME, CLUSTER_NAME_RULE)

ACCESS_ENTRY = Constraints(
    source="internal/service/eks/access_entry.go",
    inputs=names("clusterName kubernetesGroups principalArn region tags type userName"),
    required=("clusterName", "principalArn"),
    replaces=names("clusterName principalArn region type"),
    values={"type": ENTRY_TYPES},
    defaults={"type": "STANDARD"},
    computed=names("kubernetesGroups userName"),
    sets=frozenset({"kubernetesGroups"}),
    checks=(IN_CLUSTER, arn("principalArn")),
    delete_before_replace=True,
)

POLICY_ASSOCIATION = Constraints(
    source="internal/service/eks/access_policy_association.go",
    inputs=names("accessScope clusterName policyArn principalArn region"),
    required=("accessScope", "clusterName", "policyArn", "principalArn"),
    replaces=names("accessScope clusterName policyArn principalArn region"),
    sets=frozenset({"accessScope.namespaces"}),
    checks=(IN_CLUSTER, arn("policyArn"), arn("principalArn")),
    delete_before_replace=True,
)

POD_IDENTITY = Constraints(
    source="internal/service/eks/pod_identity_association.go",
    inputs=names(
        "clusterName disableSessionTags namespace policy region roleArn serviceAccount tags targetRoleArn",
    ),
    required=("clusterName", "namespace", "roleArn", "serviceAccount"),
    replaces=names("clusterName namespace region serviceAccount"),
    defaults={"disableSessionTags": False},
    documents=frozenset({"policy"}),
    checks=(arn("roleArn"), arn("targetRoleArn"), json_text("policy")),
    delete_before_replace=True,
)


def _associate(aws: Region, props: Props) -> str:
    parts = {name: props[name] for name in ("clusterName", "principalArn", "policyArn")}
    aws.call("eks", "AssociateAccessPolicy", **parts, accessScope=props["accessScope"])
    return "#".join(parts.values())


def _associated(it: str) -> dict[str, str]:
    cluster, principal, policy = it.split("#")
    return {"clusterName": cluster, "principalArn": principal, "policyArn": policy}


def _read_policy(aws: Region, it: str, state: Props) -> Props | None:
    named = _associated(it)
    policy = named.pop("policyArn")
    path = f"associatedAccessPolicies[?policyArn=='{policy}'] | [0]"
    found = aws.find("eks", "ListAssociatedAccessPolicies", path, GONE, **named)
    if found is None:
        return None
    scope = {name: value for name, value in found["accessScope"].items() if value}
    times = {name: found[name].isoformat() for name in ("associatedAt", "modifiedAt")}
    return {**named, **times, "policyArn": policy, "accessScope": scope}


def _create_identity(aws: Region, props: Props) -> str:
    inputs = ("clusterName", "namespace", "serviceAccount", *GRANTED)
    asked = send(props, **{name: name for name in inputs}) | tagged(props)
    return aws.call("eks", "CreatePodIdentityAssociation", **asked)["association"]["associationId"]


GRANTED = ("disableSessionTags", "policy", "roleArn", "targetRoleArn")


def _identity(aws: Region, it: str) -> Any:
    """Its cluster is no part of the id, and has to be found."""
    for cluster in aws.find("eks", "ListClusters", "clusters"):
        named = {"clusterName": cluster, "associationId": it}
        if found := aws.find("eks", "DescribePodIdentityAssociation", "association", GONE, **named):
            return found
    return None


def _read_identity(aws: Region, it: str, state: Props) -> Props | None:
    found = _identity(aws, it)
    if found is None:
        return None
    read = receive(found, "associationArn", "associationId", "clusterName", "externalId", "namespace", "serviceAccount")
    return read | receive(found, *GRANTED) | {"tags": found.get("tags", {})}


def _grant(aws: Region, it: str, props: Props) -> None:
    asked = send(props, **{name: name for name in GRANTED})
    aws.call("eks", "UpdatePodIdentityAssociation", clusterName=props["clusterName"], associationId=it, **asked)


def _delete_identity(aws: Region, it: str, state: Props) -> None:
    cluster = _identity(aws, it)["clusterName"]
    aws.call("eks", "DeletePodIdentityAssociation", clusterName=cluster, associationId=it)


TYPES = (
    Plain(
        type="aws:eks/accessEntry:AccessEntry",
        constraints=ACCESS_ENTRY,
        service="eks",
        key={"clusterName": "clusterName", "principalArn": "principalArn"},
        create="CreateAccessEntry",
        read="DescribeAccessEntry",
        at="accessEntry",
        update="UpdateAccessEntry",
        delete="DeleteAccessEntry",
        missing=GONE,
        arn="accessEntryArn",
        outputs=("createdAt", "modifiedAt"),
    ).aws_type(),
    AwsType(
        type="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        constraints=POLICY_ASSOCIATION,
        create=_associate,
        sent=names("accessScope clusterName policyArn principalArn"),
        read=_read_policy,
        delete=lambda aws, it, _: aws.call("eks", "DisassociateAccessPolicy", **_associated(it)),
    ),
    AwsType(
        type="aws:eks/podIdentityAssociation:PodIdentityAssociation",
        constraints=POD_IDENTITY,
        create=_create_identity,
        sent=names("clusterName disableSessionTags namespace policy roleArn serviceAccount targetRoleArn"),
        read=_read_identity,
        delete=_delete_identity,
        settings=(Setting(inputs=GRANTED, apply=_grant),),
        tagging=eks_tags(lambda aws, it: _identity(aws, it)["associationArn"]),
    ),
)
