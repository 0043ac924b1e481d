"""EKS: managed node groups."""

import re
from collections.abc import Mapping
from typing import Any, cast

from sandbox.aws.checks import UNIQUE_SUFFIX, Check, arn, matches, names, nested
from sandbox.aws.eks.common import CLUSTER_NAME, CLUSTER_NAME_RULE, GONE, eks_tags, in_cluster, tagged
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Setting, receive, send
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

NAME_LENGTH = 63
MAX_TAINTS = 50
TEMPLATE_ID = re.compile(r"lt-[0-9a-z]{8,17}")
CAPACITY_TYPES = ("ON_DEMAND", "SPOT", "CAPACITY_BLOCK")
EFFECTS = ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")
BOUNDS = ("maxUnavailable", "maxUnavailablePercentage")
SENT_BY_NAME = names(
    "amiType capacityType clusterName diskSize instanceTypes labels launchTemplate nodeRepairConfig releaseVersion",
    "scalingConfig taints updateConfig version",
)
CONFIGURED = ("labels", "nodeRepairConfig", "scalingConfig", "taints", "updateConfig")


def _one_of(owner: str, members: tuple[str, ...], least: int) -> Check:
    """Of an object's members, at most one is given, and at least so many."""

    def check(inputs: Inputs) -> str | None:
        value = nested(inputs, owner)
        given = [name for name in members if value.get(name) is not None]
        if not value or least <= len(given) <= 1:
            return None
        found = ", ".join(given) or "none"
        return f'Invalid combination of arguments: "{owner}": one of {", ".join(members)} must be given, got {found}'

    return check


def _required(owner: str, *members: str) -> Check:
    def check(inputs: Inputs) -> str | None:
        value: Any = inputs.get(owner)
        for item in cast("list[Props]", value if isinstance(value, list) else [value] if value else []):
            if missing := [name for name in members if item.get(name) is None]:
                return f'{owner}: the argument "{missing[0]}" is required, but no definition was found.'
        return None

    return check


def _few_taints(inputs: Inputs) -> str | None:
    count = len(inputs.get("taints") or ())
    return f"Too many taints: no more than {MAX_TAINTS} are allowed, got {count}" if count > MAX_TAINTS else None


def _template_id(inputs: Inputs) -> str | None:
    it = nested(inputs, "launchTemplate").get("id")
    if it and not TEMPLATE_ID.fullmatch(it):
        return f'launchTemplate.id must begin with "lt-" and then letters and digits, got "{it}"'
    return None


NODE_GROUP = Constraints(
    source="internal/service/eks/node_group.go",
    inputs=names(
        "amiType capacityType clusterName diskSize forceUpdateVersion instanceTypes labels launchTemplate",
        "nodeGroupName nodeGroupNamePrefix nodeRepairConfig nodeRoleArn region releaseVersion remoteAccess",
        "scalingConfig subnetIds tags taints updateConfig version warmPoolConfig",
    ),
    required=("clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"),
    replaces=names(
        "amiType capacityType clusterName diskSize instanceTypes launchTemplate.id launchTemplate.name nodeGroupName",
        "nodeGroupNamePrefix nodeRoleArn region remoteAccess subnetIds",
    ),
    conflicts=(("nodeGroupName", "nodeGroupNamePrefix"),),
    values={"capacityType": CAPACITY_TYPES, "taints.effect": EFFECTS},
    ranges={
        "launchTemplate.version": (1, 255),
        "nodeGroupName": (0, NAME_LENGTH),
        "nodeGroupNamePrefix": (0, NAME_LENGTH - UNIQUE_SUFFIX),
        "scalingConfig.desiredSize": (0, 2**31 - 1),
        "scalingConfig.maxSize": (1, 2**31 - 1),
        "scalingConfig.minSize": (0, 2**31 - 1),
        "taints.key": (1, 63),
        "taints.value": (0, 63),
        "updateConfig.maxUnavailable": (1, 100),
        "updateConfig.maxUnavailablePercentage": (1, 100),
    },
    computed=names(
        "amiType capacityType diskSize instanceTypes launchTemplate.id launchTemplate.name nodeGroupName",
        "nodeGroupNamePrefix nodeRepairConfig releaseVersion updateConfig version",
    ),
    sets=names("subnetIds taints"),
    checks=(
        matches("clusterName", CLUSTER_NAME, CLUSTER_NAME_RULE),
        arn("nodeRoleArn"),
        _required("scalingConfig", "desiredSize", "maxSize", "minSize"),
        _required("taints", "effect", "key"),
        _required("launchTemplate", "version"),
        _one_of("launchTemplate", ("id", "name"), least=1),
        _one_of("updateConfig", BOUNDS, least=1),
        _few_taints,
        _template_id,
    ),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    it = f"{props['clusterName']}:{props['nodeGroupName']}"
    asked = send(props, **{name: name for name in SENT_BY_NAME}) | tagged(props)
    asked |= send(props, nodegroupName="nodeGroupName", nodeRole="nodeRoleArn", subnets="subnetIds")
    if access := props.get("remoteAccess"):
        asked["remoteAccess"] = send(access, ec2SshKey="ec2SshKey", sourceSecurityGroups="sourceSecurityGroupIds")
    group = aws.call("eks", "CreateNodegroup", **asked)["nodegroup"]
    if group["status"] == "ACTIVE":
        return it
    # The provider would replace it in the next update.
    aws.call("eks", "DeleteNodegroup", **_named(it))
    why = ", ".join(f"{issue['code']}: {issue['message']}" for issue in group["health"]["issues"])
    reason = f"unexpected state '{group['status']}', wanted target 'ACTIVE'. last error: {why}"
    raise AwsError("eks", "CreateNodegroup", "CreateFailed", f"waiting for EKS Node Group ({it}) create: {reason}")


def _named(it: str) -> dict[str, str]:
    return in_cluster(it, "nodegroupName")


def _describe(aws: Region, it: str) -> Any:
    return aws.find("eks", "DescribeNodegroup", "nodegroup", GONE, **_named(it))


def _read(aws: Region, it: str, state: Props) -> Props | None:
    group = _describe(aws, it)
    if group is None:
        return None
    found = receive(group, *sorted(SENT_BY_NAME), "status", nodeGroupName="nodegroupName", nodeRoleArn="nodeRole")
    access = nested(group, "remoteAccess")
    return {
        **found,
        "arn": group["nodegroupArn"],
        **({"remoteAccess": _access(access)} if access else {}),
        "resources": [{"autoscalingGroups": group["resources"]["autoScalingGroups"]}],
        "subnetIds": group["subnets"],
        "tags": group.get("tags", {}),
    }


def _access(access: Mapping[str, Any]) -> Props:
    return receive(access, "ec2SshKey", sourceSecurityGroupIds="sourceSecurityGroups")


def _replace_nodes(aws: Region, it: str, props: Props) -> None:
    stands = _describe(aws, it)
    asked = {
        name: props[name] for name in ("version", "releaseVersion") if props.get(name, stands[name]) != stands[name]
    }
    if template := props.get("launchTemplate"):
        asked["launchTemplate"] = {name: template[name] for name in ("id", "name", "version") if name in template}
    aws.call("eks", "UpdateNodegroupVersion", **_named(it), **asked, **send(props, force="forceUpdateVersion"))


def _configure(aws: Region, it: str, props: Props) -> None:
    stands = _describe(aws, it)
    asked = send(props, nodeRepairConfig="nodeRepairConfig", scalingConfig="scalingConfig", updateConfig="updateConfig")
    labels, taints = props.get("labels", {}), props.get("taints", [])
    kept = {_effect(taint) for taint in taints}
    gone = [taint for taint in stands.get("taints", ()) if _effect(taint) not in kept]
    asked["labels"] = {
        "removeLabels": sorted(stands.get("labels", {}).keys() - labels.keys()),
        "addOrUpdateLabels": labels,
    }
    asked["taints"] = {name: some for name, some in (("removeTaints", gone), ("addOrUpdateTaints", taints)) if some}
    aws.call("eks", "UpdateNodegroupConfig", **_named(it), **{name: value for name, value in asked.items() if value})


def _effect(taint: Mapping[str, str]) -> tuple[str, str]:
    return taint["key"], taint["effect"]


TYPES = (
    AwsType(
        type="aws:eks/nodeGroup:NodeGroup",
        constraints=NODE_GROUP,
        create=_create,
        sent=SENT_BY_NAME | names("nodeGroupName nodeRoleArn remoteAccess subnetIds"),
        unread=frozenset({"forceUpdateVersion"}),
        read=_read,
        delete=lambda aws, it, _: aws.call("eks", "DeleteNodegroup", **_named(it)),
        settings=(
            Setting(inputs=("launchTemplate", "releaseVersion", "version"), apply=_replace_nodes),
            Setting(inputs=CONFIGURED, apply=_configure),
        ),
        follows={"releaseVersion": frozenset({"version"})},
        tagging=eks_tags(lambda aws, it: _describe(aws, it)["nodegroupArn"]),
        # The real provider would make up as many as 255 characters, and EKS refuse them.
        auto_name=AutoName(max_length=NAME_LENGTH, field="nodeGroupName"),
    ),
)
