"""EKS: add-ons. One that needs nodes is degraded for as long as there are none."""

import json
from dataclasses import dataclass

from sandbox.aws.eks.common_recorded import (
    ADD_ONS,
    EXISTS,
    INVALID,
    MISSING,
    NODE_GROUPS,
    POD_IDENTITIES,
    belonging,
    cluster_of,
    require_role,
    resource_id,
    updated,
)
from sandbox.aws.eks.pod_identity_recorded import associate, owned
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now


@dataclass(frozen=True)
class Kind:
    """``needs_nodes``: it has a Deployment. One that is a DaemonSet alone is whole without a node."""

    needs_nodes: bool
    namespace: str = "kube-system"


# By what each is made of. Only those the program uses were looked up; EKS has more.
KINDS = {
    "vpc-cni": Kind(needs_nodes=False),
    "kube-proxy": Kind(needs_nodes=False),
    "eks-pod-identity-agent": Kind(needs_nodes=False),
    "eks-node-monitoring-agent": Kind(needs_nodes=False),
    "coredns": Kind(needs_nodes=True),
    "aws-ebs-csi-driver": Kind(needs_nodes=True),
    "aws-efs-csi-driver": Kind(needs_nodes=True),
    "aws-mountpoint-s3-csi-driver": Kind(needs_nodes=True),
    "snapshot-controller": Kind(needs_nodes=True),
    "metrics-server": Kind(needs_nodes=True),
    "kube-state-metrics": Kind(needs_nodes=True, namespace="kube-state-metrics"),
    "prometheus-node-exporter": Kind(needs_nodes=False, namespace="prometheus-node-exporter"),
    "cert-manager": Kind(needs_nodes=True, namespace="cert-manager"),
    "external-dns": Kind(needs_nodes=True, namespace="external-dns"),
    "amazon-cloudwatch-observability": Kind(needs_nodes=True, namespace="amazon-cloudwatch"),
}
UNHEALTHY = "The add-on is unhealthy because it doesn't have the desired number of replicas."


def _made(place: Place, asked: Thing) -> Thing:
    cluster, name = cluster_of(place, asked), asked["addonName"]
    if name not in KINDS:
        raise Refusal(INVALID, f"Addon {name} specified is not supported. Known here: {', '.join(KINDS)}")
    if (cluster["name"], name) in place.shelf(ADD_ONS):
        raise Refusal(EXISTS, "Addon already exists.")
    _require_sound(place, asked)
    arn = place.arn(f"addon/{cluster['name']}/{name}/{resource_id()}")
    return {
        "addonArn": arn,
        "addonVersion": asked.get("addonVersion", "v1.0.0-eksbuild.1"),
        "createdAt": now(),
        "modifiedAt": now(),
        "namespaceConfig": {"namespace": KINDS[name].namespace},
        "owner": "aws",
        "podIdentityAssociations": _identities(place, asked, arn),
        "publisher": "eks",
    }


def _require_sound(place: Place, asked: Thing) -> None:
    values = asked.get("configurationValues")
    if values and not isinstance(_parsed(values), dict):
        raise Refusal(INVALID, f"ConfigurationValue is not in valid JSON or YAML format: {values[:80]}")
    if role := asked.get("serviceAccountRoleArn"):
        require_role(place, role)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _identities(place: Place, asked: Thing, owner: str) -> list[str]:
    """ARNs of the associations that the add-on brings."""
    service = {"clusterName": asked["clusterName"], "namespace": KINDS[asked["addonName"]].namespace}
    wanted = asked.get("podIdentityAssociations", ())
    return [associate(place, {**service, **one}, owner)["associationArn"] for one in wanted]


def _with_health(place: Place, addon: Thing) -> Thing:
    """As it stands now: nodes may have come since it was made."""
    lonely = KINDS[addon["addonName"]].needs_nodes and not belonging(place.shelf(NODE_GROUPS), addon["clusterName"])
    issues: list[Thing] = (
        [{"code": "InsufficientNumberOfReplicas", "message": UNHEALTHY, "resourceIds": []}] if lonely else []
    )
    return {"addon": {**addon, "status": "DEGRADED" if lonely else "ACTIVE", "health": {"issues": issues}}}


def _create(place: Place, asked: Thing) -> Thing:
    return _with_health(place, FAMILY.answers()["CreateAddon"](place, asked)["addon"])


def _change(place: Place, asked: Thing) -> Thing:
    addon = FAMILY.find(place, asked)
    _require_sound(place, asked)
    identities = addon["podIdentityAssociations"]
    if "podIdentityAssociations" in asked:
        _remove(place, addon)
        identities = _identities(place, asked, addon["addonArn"])
    addon |= {**asked, "podIdentityAssociations": identities, "modifiedAt": now()}
    return updated("AddonUpdate")


def _remove(place: Place, addon: Thing) -> None:
    for key in owned(place, addon["addonArn"]):
        del place.shelf(POD_IDENTITIES)[key]


FAMILY = Family(
    kind=ADD_ONS,
    key=("clusterName", "addonName"),
    create="CreateAddon",
    delete="DeleteAddon",
    list="ListAddons",
    wrapped="addon",
    listed="addons",
    as_listed=lambda addon: addon["addonName"],
    exists=EXISTS,
    missing=MISSING,
    made=_made,
    deletes=_remove,
)
ANSWERS: Answers = {
    **FAMILY.answers(),
    "CreateAddon": _create,
    "DescribeAddon": lambda place, asked: _with_health(place, FAMILY.find(place, asked)),
    "UpdateAddon": _change,
}
