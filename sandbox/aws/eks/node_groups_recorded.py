"""EKS: managed node groups. Their nodes come up at once, or never: what keeps them from joining is looked up here."""

import re
from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import ServiceException

from sandbox.aws.eks.access_recorded import node_entry
from sandbox.aws.eks.clusters_recorded import minor
from sandbox.aws.eks.common_recorded import (
    ADD_ONS,
    EXISTS,
    INVALID,
    MISSING,
    NODE_GROUPS,
    cluster_of,
    require_role,
    resource_id,
    subnet,
    updated,
)
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

GRAVITON = re.compile(r"(a1|[a-z]+\d+g[a-z]*)\..+")
"""Families of ARM processors have a g after the generation: m7g, c7gn, t4g."""


def _made(place: Place, asked: Thing) -> Thing:
    cluster = cluster_of(place, asked)
    require_role(place, asked["nodeRole"])
    for it in asked["subnets"]:
        subnet(place, it)
    version = asked.get("version", cluster["version"])
    _require_not_ahead(cluster, version)
    instance_types = _instance_types(place, asked)
    ami_type = asked.get("amiType", f"AL2023_{'ARM_64' if _is_arm(instance_types[0]) else 'x86_64'}_STANDARD")
    _require_fit(ami_type, instance_types)
    _require_order(asked["scalingConfig"])
    path = f"{asked['clusterName']}/{asked['nodegroupName']}/{resource_id()}"
    issues = _issues(place, cluster)
    if not issues:
        node_entry(place, cluster, asked["nodeRole"])
    return {
        "amiType": ami_type,
        "capacityType": asked.get("capacityType", "ON_DEMAND"),
        "createdAt": now(),
        "health": {"issues": issues},
        "modifiedAt": now(),
        "nodegroupArn": place.arn(f"nodegroup/{path}"),
        "releaseVersion": asked.get("releaseVersion", f"{version}-latest"),
        "resources": {"autoScalingGroups": [{"name": f"eks-{asked['nodegroupName']}-{resource_id()}"}]},
        "status": "CREATE_FAILED" if issues else "ACTIVE",
        "updateConfig": asked.get("updateConfig", {"maxUnavailable": 1}),
        "version": version,
        **(
            _described_template(place, asked)
            or {"instanceTypes": instance_types, "diskSize": asked.get("diskSize", 20)}
        ),
    }


def _issues(place: Place, cluster: Thing) -> list[Thing]:
    """A node without a network plugin never becomes ready, whatever is installed once it waits."""
    own = cluster.get("bootstrapSelfManagedAddons", True)
    if own or (cluster["name"], "vpc-cni") in place.shelf(ADD_ONS):
        return []
    reason = (
        "Unhealthy nodes in the kubernetes cluster: container runtime network not ready: cni plugin not initialized"
    )
    return [{"code": "NodeCreationFailure", "message": reason, "resourceIds": []}]


def _require_not_ahead(cluster: Thing, version: str) -> None:
    if minor(version) > minor(cluster["version"]):
        raise Refusal(
            INVALID, f"Nodegroup Kubernetes version {version} must not be ahead of the cluster's, {cluster['version']}"
        )


def _template(place: Place, asked: Thing) -> Thing:
    """The launch template's version that the request names."""
    wanted, ec2 = asked["launchTemplate"], place.of("ec2")
    if len(wanted.keys() & {"id", "name"}) != 1:
        raise Refusal(INVALID, "Either provide launch template ID or launch template name in the request.")
    try:
        ((template, version),) = ec2.describe_launch_template_versions(
            wanted.get("name"), wanted.get("id"), [wanted.get("version", "$Default")], 0, 0, 1
        )
    except ServiceException as error:
        raise Refusal(INVALID, error.message) from None
    return {"id": template.id, "name": template.name, "version": str(version.number), "data": version.data}


def _described_template(place: Place, asked: Thing) -> Thing:
    if "launchTemplate" not in asked:
        return {}
    template = _template(place, asked)
    return {"launchTemplate": {name: template[name] for name in ("id", "name", "version")}}


def _instance_types(place: Place, asked: Thing) -> list[str]:
    given: list[str] = asked.get("instanceTypes", [])
    if "launchTemplate" not in asked:
        return given or ["t3.medium"]
    for name, what in (("diskSize", "Disk size"), ("remoteAccess", "Remote access configuration")):
        if name in asked:
            raise Refusal(INVALID, f"{what} must be specified within the launch template.")
    inside = _template(place, asked)["data"].get("InstanceType")
    if given and inside:
        raise Refusal(
            INVALID, "You cannot specify an instance type in both the launch template and the request's instanceTypes"
        )
    return given or [inside or "t3.medium"]


def _is_arm(instance_type: str) -> bool:
    return GRAVITON.fullmatch(instance_type) is not None


def _require_fit(ami_type: str, instance_types: list[str]) -> None:
    wrong = [one for one in instance_types if _is_arm(one) is not ("ARM" in ami_type) and ami_type != "CUSTOM"]
    if wrong:
        raise Refusal(INVALID, f"{wrong} is not a valid instance type for requested amiType {ami_type}")


def _require_order(scaling: Thing) -> None:
    low, desired, high = (scaling[name] for name in ("minSize", "desiredSize", "maxSize"))
    if not low <= desired <= high:
        raise Refusal(INVALID, f"desired capacity {desired} must be between minimum size {low} and maximum size {high}")


def _reconfigure(place: Place, asked: Thing) -> Thing:
    group = FAMILY.find(place, asked)
    scaling = {**group["scalingConfig"], **asked.get("scalingConfig", {})}
    _require_order(scaling)
    labels = asked.get("labels", {})
    kept = {key: text for key, text in group.get("labels", {}).items() if key not in labels.get("removeLabels", ())}
    taints = asked.get("taints", {})
    replaced = [_taint_key(one) for one in (*taints.get("removeTaints", ()), *taints.get("addOrUpdateTaints", ()))]
    staying = [one for one in group.get("taints", ()) if _taint_key(one) not in replaced]
    group |= {
        "labels": kept | labels.get("addOrUpdateLabels", {}),
        "taints": [*staying, *taints.get("addOrUpdateTaints", ())],
        "scalingConfig": scaling,
        "modifiedAt": now(),
        **{name: asked[name] for name in ("updateConfig", "nodeRepairConfig") if name in asked},
    }
    return updated("ConfigUpdate")


def _taint_key(taint: Thing) -> tuple[str, str]:
    return taint["key"], taint["effect"]


def _replace_nodes(place: Place, asked: Thing) -> Thing:
    group = FAMILY.find(place, asked)
    version = asked.get("version", group["version"])
    _require_not_ahead(cluster_of(place, asked), version)
    if "launchTemplate" in asked:
        wanted = asked["launchTemplate"]
        if wanted.get("id", group["launchTemplate"]["id"]) != group["launchTemplate"]["id"]:
            raise Refusal(INVALID, "Launch template ID cannot change: make a node group anew")
        group |= _described_template(place, {**group, "launchTemplate": wanted})
    release = asked.get(
        "releaseVersion", group["releaseVersion"] if version == group["version"] else f"{version}-latest"
    )
    group |= {"version": version, "releaseVersion": release, "modifiedAt": now()}
    return updated("VersionUpdate")


def group_tags(group: Mapping[str, Any]) -> dict[str, str]:
    """What EKS writes on the instances of a group."""
    return {"eks:cluster-name": group["clusterName"], "eks:nodegroup-name": group["nodegroupName"]}


def _removed(place: Place, group: Thing) -> None:
    """Its instances end with it, where there are any: beside a real control plane."""
    ec2 = place.of("ec2")
    filters = [{"name": f"tag:{name}", "values": [text]} for name, text in group_tags(group).items()]
    filters.append({"name": "instance-state-name", "values": ["running"]})
    if ending := [instance.id for instance in ec2.all_instances(filters=filters)]:
        ec2.terminate_instances(ending)


FAMILY = Family(
    kind=NODE_GROUPS,
    key=("clusterName", "nodegroupName"),
    create="CreateNodegroup",
    describe="DescribeNodegroup",
    delete="DeleteNodegroup",
    list="ListNodegroups",
    wrapped="nodegroup",
    listed="nodegroups",
    as_listed=lambda group: group["nodegroupName"],
    exists=EXISTS,
    missing=MISSING,
    made=_made,
    deletes=_removed,
)
ANSWERS: Answers = {
    **FAMILY.answers(),
    "UpdateNodegroupConfig": _reconfigure,
    "UpdateNodegroupVersion": _replace_nodes,
}
