"""EKS: add-ons."""

import re
from typing import Any

from sandbox.aws.checks import ARN, arn, json_text, matches, names
from sandbox.aws.eks.common import CLUSTER_NAME, CLUSTER_NAME_RULE, GONE, eks_tags, in_cluster, tagged
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AwsType, Setting, receive, send
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

NUMBER = r"(0|[1-9]\d*)"
PART = r"(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(rf"v{NUMBER}\.{NUMBER}\.{NUMBER}(-{PART}(\.{PART})*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?")
CONFIGURABLE = ("addonVersion", "configurationValues", "podIdentityAssociations", "serviceAccountRoleArn")
CREATE_MINUTES = 20


def _identities(inputs: Inputs) -> str | None:
    for index, one in enumerate(inputs.get("podIdentityAssociations") or ()):
        where = f"podIdentityAssociations[{index}]"
        for name in ("roleArn", "serviceAccount"):
            if not one.get(name):
                return f'{where}: the argument "{name}" is required, but no definition was found'
        if not ARN.fullmatch(one["roleArn"]):
            return f'{where}: "roleArn" ({one["roleArn"]}) is an invalid ARN'
    return None


ADDON = Constraints(
    source="internal/service/eks/addon.go",
    inputs=names(
        "addonName addonVersion clusterName configurationValues namespaceConfig podIdentityAssociations preserve",
        "region resolveConflictsOnCreate resolveConflictsOnUpdate serviceAccountRoleArn tags",
    ),
    required=("addonName", "clusterName"),
    replaces=names("addonName clusterName namespaceConfig region"),
    values={
        "resolveConflictsOnCreate": ("NONE", "OVERWRITE"),
        "resolveConflictsOnUpdate": ("OVERWRITE", "NONE", "PRESERVE"),
    },
    computed=names("addonVersion configurationValues namespaceConfig"),
    sets=frozenset({"podIdentityAssociations"}),
    checks=(
        matches("addonVersion", VERSION, "must follow semantic version format"),
        matches("clusterName", CLUSTER_NAME, CLUSTER_NAME_RULE),
        arn("serviceAccountRoleArn"),
        json_text("configurationValues"),
        _identities,
    ),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    it = f"{props['clusterName']}:{props['addonName']}"
    asked = send(props, **{name: name for name in CONFIGURABLE}) | tagged(props)
    asked |= send(props, resolveConflicts="resolveConflictsOnCreate")
    addon = aws.call("eks", "CreateAddon", **_named(it), **asked)["addon"]
    if addon["status"] == "ACTIVE":
        return it
    # The provider would wait for as long as it may, and the next update start anew.
    aws.call("eks", "DeleteAddon", **_named(it))
    why = ", ".join(f"{issue['code']}: {issue['message']}" for issue in addon["health"]["issues"])
    last = f"(last state: '{addon['status']}', timeout: {CREATE_MINUTES}m0s): {why}"
    reason = f"waiting for EKS Add-On ({it}) create: timeout while waiting for state to become 'ACTIVE' {last}"
    raise AwsError("eks", "CreateAddon", "Unhealthy", reason)


def _named(it: str) -> dict[str, str]:
    return in_cluster(it, "addonName")


def _describe(aws: Region, it: str) -> Any:
    return aws.find("eks", "DescribeAddon", "addon", GONE, **_named(it))


def _read(aws: Region, it: str, state: Props) -> Props | None:
    addon = _describe(aws, it)
    if addon is None:
        return None
    found = receive(addon, "addonName", "addonVersion", "clusterName", "configurationValues", "serviceAccountRoleArn")
    return found | {
        "arn": addon["addonArn"],
        "createdAt": addon["createdAt"].isoformat(),
        "modifiedAt": addon["modifiedAt"].isoformat(),
        "podIdentityAssociations": [
            _identity(aws, addon["clusterName"], association) for association in addon["podIdentityAssociations"]
        ],
        "tags": addon.get("tags", {}),
    }


def _identity(aws: Region, cluster: str, association: str) -> Props:
    named = {"clusterName": cluster, "associationId": association.rpartition("/")[2]}
    found = aws.call("eks", "DescribePodIdentityAssociation", **named)["association"]
    return {"roleArn": found["roleArn"], "serviceAccount": found["serviceAccount"]}


def _configure(aws: Region, it: str, props: Props) -> None:
    asked = send(props, **{name: name for name in CONFIGURABLE})
    asked |= {"podIdentityAssociations": props.get("podIdentityAssociations", [])}
    conflicts = send(props, resolveConflicts="resolveConflictsOnUpdate")
    aws.call("eks", "UpdateAddon", **_named(it), **asked, **conflicts)


def _delete(aws: Region, it: str, state: Props) -> None:
    aws.call("eks", "DeleteAddon", **_named(it), **send(state, preserve="preserve"))


TYPES = (
    AwsType(
        type="aws:eks/addon:Addon",
        constraints=ADDON,
        create=_create,
        sent=names(
            "addonName addonVersion clusterName configurationValues podIdentityAssociations serviceAccountRoleArn",
        ),
        unread=names("preserve resolveConflictsOnCreate resolveConflictsOnUpdate"),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=CONFIGURABLE, apply=_configure),),
        tagging=eks_tags(lambda aws, it: _describe(aws, it)["addonArn"]),
    ),
)
