"""EKS: access entries, and the access policies of EKS's own that are associated with them."""

import re

from sandbox.aws.eks.common_recorded import (
    ACCESS_ENTRIES,
    ACCESS_POLICIES,
    EXISTS,
    INVALID,
    MISSING,
    REFUSED,
    belonging,
    cluster_of,
    require_role,
    resource_id,
)
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

POLICY = re.compile(r"arn:aws:eks::aws:cluster-access-policy/AmazonEKS\w+Policy")
TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "EC2", "HYPERPOD_LINUX")
RESERVED_NAMES = ("system:", "eks:", "aws:", "amazon:", "iam:")
ASSOCIATION = ("clusterName", "principalArn", "policyArn")


def _made(place: Place, asked: Thing) -> Thing:
    cluster, principal = cluster_of(place, asked), asked["principalArn"]
    if cluster["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        modes = "[API, API_AND_CONFIG_MAP]"
        raise Refusal(REFUSED, f"The cluster's authentication mode must be set to one of {modes} for this operation.")
    if ":role/" in principal:
        require_role(place, principal)
    kind = asked.get("type", "STANDARD")
    _require_fit(kind, asked)
    path = f"{asked['clusterName']}/role/{place.account}/{principal.rpartition('/')[2]}/{resource_id()}"
    return {
        "accessEntryArn": place.arn(f"access-entry/{path}"),
        "createdAt": now(),
        "kubernetesGroups": asked.get("kubernetesGroups", [] if kind == "STANDARD" else ["system:nodes"]),
        "modifiedAt": now(),
        "type": kind,
        "username": asked.get("username", principal if kind == "STANDARD" else "system:node:{{EC2PrivateDNSName}}"),
    }


def _require_fit(kind: str, asked: Thing) -> None:
    if kind not in TYPES:
        raise Refusal(INVALID, f"The type {kind} is not valid. Allowed: {', '.join(TYPES)}")
    if kind != "STANDARD" and (asked.get("kubernetesGroups") or asked.get("username")):
        raise Refusal(INVALID, f"A username or Kubernetes groups cannot be given to an access entry of type {kind}")
    if wrong := [group for group in asked.get("kubernetesGroups", ()) if group.startswith("system:")]:
        raise Refusal(INVALID, f"The kubernetes group name {wrong[0]} is invalid, it cannot start with system:")
    if asked.get("username", "").startswith(RESERVED_NAMES):
        raise Refusal(INVALID, f"The username {asked['username']} is invalid, it cannot start with a reserved prefix")


def node_entry(place: Place, cluster: Thing, role: str) -> None:
    """A managed node group lets its own role in, unless somebody has."""
    asked = {"clusterName": cluster["name"], "principalArn": role, "type": "EC2_LINUX"}
    if cluster["accessConfig"]["authenticationMode"] != "CONFIG_MAP":
        place.shelf(ACCESS_ENTRIES).setdefault((cluster["name"], role), {**asked, **_made(place, asked)})


def _change(place: Place, asked: Thing) -> Thing:
    entry = ENTRIES.find(place, asked)
    _require_fit(entry["type"], asked)
    entry |= {**asked, "modifiedAt": now()}
    return {"accessEntry": entry}


def _remove(place: Place, entry: Thing) -> None:
    shelf = place.shelf(ACCESS_POLICIES)
    for key in belonging(shelf, entry["clusterName"]):
        if key[1] == entry["principalArn"]:
            del shelf[key]


def _associate(place: Place, asked: Thing) -> Thing:
    cluster_of(place, asked)
    entry = ENTRIES.find(place, asked)
    if entry["type"] != "STANDARD":
        raise Refusal(INVALID, f"Access policies cannot be associated with an access entry of type {entry['type']}")
    if not POLICY.fullmatch(asked["policyArn"]):
        raise Refusal(INVALID, f"The policyArn {asked['policyArn']} is not that of an EKS access policy")
    scope: Thing = {"namespaces": [], **asked["accessScope"]}
    if (scope["type"] == "namespace") is not bool(scope["namespaces"]):
        raise Refusal(INVALID, f"namespaces go with the access scope of type namespace, and only there: {scope}")
    policies, key = place.shelf(ACCESS_POLICIES), tuple(asked[part] for part in ASSOCIATION)
    since = policies.get(key, {}).get("associatedAt", now())  # to associate it again changes its scope
    times: Thing = {"associatedAt": since, "modifiedAt": now()}
    policies[key] = {"accessScope": scope, "policyArn": asked["policyArn"], **times}
    named = {name: asked[name] for name in ("clusterName", "principalArn")}
    return {**named, "associatedAccessPolicy": policies[key]}


def _disassociate(place: Place, asked: Thing) -> Thing:
    if place.shelf(ACCESS_POLICIES).pop(tuple(asked[part] for part in ASSOCIATION), None) is None:
        raise Refusal(MISSING, f"No policy {asked['policyArn']} is associated with {asked['principalArn']}")
    return {}


def _associated(place: Place, asked: Thing) -> Thing:
    entry = ENTRIES.find(place, asked)
    names = entry["clusterName"], entry["principalArn"]
    found = [policy for key, policy in place.shelf(ACCESS_POLICIES).items() if key[:2] == names]
    return {"clusterName": names[0], "principalArn": names[1], "associatedAccessPolicies": found}


ENTRIES = Family(
    kind=ACCESS_ENTRIES,
    key=("clusterName", "principalArn"),
    create="CreateAccessEntry",
    describe="DescribeAccessEntry",
    delete="DeleteAccessEntry",
    list="ListAccessEntries",
    wrapped="accessEntry",
    listed="accessEntries",
    as_listed=lambda entry: entry["principalArn"],
    exists=EXISTS,
    missing=MISSING,
    made=_made,
    deletes=_remove,
)
ANSWERS: Answers = {
    **ENTRIES.answers(),
    "UpdateAccessEntry": _change,
    "AssociateAccessPolicy": _associate,
    "DisassociateAccessPolicy": _disassociate,
    "ListAssociatedAccessPolicies": _associated,
}
