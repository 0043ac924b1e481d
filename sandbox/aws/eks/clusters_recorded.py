"""EKS: clusters, with what EKS makes beside one: its security group, and the log group if nobody has made it."""

import re

from sandbox.aws.eks.certificates import authority
from sandbox.aws.eks.common_recorded import (
    ACCESS_ENTRIES,
    ACCESS_POLICIES,
    ADD_ONS,
    CLUSTERS,
    EXISTS,
    IN_USE,
    INVALID,
    MISSING,
    NODE_GROUPS,
    POD_IDENTITIES,
    REFUSED,
    belonging,
    require_role,
    resource_id,
    subnet,
    unique,
    updated,
)
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

VERSION = re.compile(r"1\.(\d\d)")
DEFAULT_VERSION = "1.35"
ADMINISTRATOR = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
GROUP_PURPOSE = (
    "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
    "as well as any managed workloads."
)
CHANGES = {
    "accessConfig": "AccessConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "logging": "LoggingUpdate",
    "resourcesVpcConfig": "VpcConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
}
"""What a request may change, one at a time, and what EKS calls the update."""


def minor(version: str) -> int:
    """35 of 1.35."""
    if found := VERSION.fullmatch(version):
        return int(found[1])
    raise Refusal(INVALID, f"unsupported Kubernetes version {version}")


def _made(place: Place, asked: Thing) -> Thing:
    name = asked["name"]
    if (name,) in place.shelf(CLUSTERS):
        raise Refusal(EXISTS, f"Cluster already exists with name: {name}")
    minor(asked.get("version", DEFAULT_VERSION))
    require_role(place, asked["roleArn"])
    for config in asked.get("encryptionConfig", ()):
        _require_key(place, config["provider"]["keyArn"])
    access = {"authenticationMode": "CONFIG_MAP", **asked.get("accessConfig", {})}
    network = {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16", **asked.get("kubernetesNetworkConfig", {})}
    cluster: Thing = {
        "arn": place.arn(f"cluster/{name}"),
        "accessConfig": access,
        "certificateAuthority": {"data": authority(name)},
        "createdAt": now(),
        "deletionProtection": asked.get("deletionProtection", False),
        "endpoint": f"https://{unique(32).upper()}.gr7.{place.region}.eks.amazonaws.com",
        "health": {"issues": []},
        "identity": {"oidc": {"issuer": f"https://oidc.eks.{place.region}.amazonaws.com/id/{unique(32).upper()}"}},
        "kubernetesNetworkConfig": network,
        "logging": asked.get("logging", {"clusterLogging": []}),
        "name": name,
        "platformVersion": "eks.1",
        "resourcesVpcConfig": _vpc_config(place, asked["resourcesVpcConfig"]),
        "status": "ACTIVE",
        "upgradePolicy": asked.get("upgradePolicy", {"supportType": "EXTENDED"}),
        "version": asked.get("version", DEFAULT_VERSION),
        "zonalShiftConfig": asked.get("zonalShiftConfig", {"enabled": False}),
    }
    cluster["resourcesVpcConfig"]["clusterSecurityGroupId"] = _group(place, cluster)
    if access["authenticationMode"] != "CONFIG_MAP" and access.get("bootstrapClusterCreatorAdminPermissions", True):
        _let_creator_in(place, name)
    keep_log_group(place, cluster)
    return cluster


def _require_key(place: Place, arn: str) -> None:
    if all(key.arn != arn for key in place.of("kms").keys.values()):
        raise Refusal(INVALID, f"KeyArn in encryptionConfig provider, key: {arn} is invalid: there is no such key")


def _vpc_config(place: Place, asked: Thing) -> Thing:
    """Complete, and as EKS wants it: two zones of one VPC, and a way in."""
    config: Thing = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "securityGroupIds": [], **asked}
    subnets = [subnet(place, it) for it in config["subnetIds"]]
    if len({one.availability_zone for one in subnets}) < 2:  # noqa: PLR2004
        raise Refusal(INVALID, "Subnets specified must be in at least two different AZs")
    if len({one.vpc_id for one in subnets}) > 1:
        raise Refusal(INVALID, "Subnets specified must belong to the same VPC")
    if not (config["endpointPublicAccess"] or config["endpointPrivateAccess"]):
        raise Refusal(INVALID, "Private and public endpoint access cannot be false")
    everywhere = ["0.0.0.0/0"] if config["endpointPublicAccess"] else []
    return {**config, "publicAccessCidrs": config.get("publicAccessCidrs") or everywhere, "vpcId": subnets[0].vpc_id}


def _group(place: Place, cluster: Thing) -> str:
    """The cluster security group: whatever is in it, nodes and control plane, reaches the rest of it."""
    ec2, name = place.of("ec2"), cluster["name"]
    group_name = f"eks-cluster-sg-{name}-{int(unique(8), 16)}"
    tags = {"Name": group_name, f"kubernetes.io/cluster/{name}": "owned", "aws:eks:cluster-name": name}
    group = ec2.create_security_group(group_name, GROUP_PURPOSE, cluster["resourcesVpcConfig"]["vpcId"], tags)
    ec2.authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=[{"GroupId": group.id}])
    return group.id


def _let_creator_in(place: Place, cluster: str) -> None:
    """Whoever creates a cluster administers it for ever, unless the request says otherwise."""
    creator = f"arn:aws:iam::{place.account}:user/moto"  # who every caller is to moto
    entry: Thing = {"clusterName": cluster, "principalArn": creator, "type": "STANDARD", "kubernetesGroups": []}
    arn = place.arn(f"access-entry/{cluster}/user/{place.account}/moto/{resource_id()}")
    place.shelf(ACCESS_ENTRIES)[cluster, creator] = entry | {
        "accessEntryArn": arn,
        "createdAt": now(),
        "modifiedAt": now(),
        "username": creator,
    }
    scope: Thing = {"accessScope": {"type": "cluster", "namespaces": []}, "policyArn": ADMINISTRATOR}
    place.shelf(ACCESS_POLICIES)[cluster, creator, ADMINISTRATOR] = scope | {
        "associatedAt": now(),
        "modifiedAt": now(),
    }


def keep_log_group(place: Place, cluster: Thing) -> None:
    """A control plane that logs makes its log group anew whenever it is not there, and never takes it away."""
    name, logs = f"/aws/eks/{cluster['name']}/cluster", place.of("logs")
    if any(entry["enabled"] for entry in cluster["logging"]["clusterLogging"]) and name not in logs.groups:
        logs.create_log_group(name, {})


def _reconfigure(place: Place, asked: Thing) -> Thing:
    cluster = FAMILY.find(place, asked)
    wanted = {name: value for name, value in asked.items() if name in CHANGES}
    if len(wanted) != 1:
        raise Refusal(INVALID, f"Only one type of update can be allowed, got {', '.join(wanted) or 'none'}")
    changed: Thing = {
        name: {**cluster[name], **value} if isinstance(value, dict) else value for name, value in wanted.items()
    }
    if "resourcesVpcConfig" in changed:
        changed["resourcesVpcConfig"] = _vpc_config(place, changed["resourcesVpcConfig"])
        _require_same_zones(place, cluster["resourcesVpcConfig"], changed["resourcesVpcConfig"])
    cluster |= changed
    keep_log_group(place, cluster)
    return updated(*(CHANGES[name] for name in wanted))


def _require_same_zones(place: Place, before: Thing, after: Thing) -> None:
    """A control plane stays in the zones it was made with (EKS guide, "View Amazon EKS networking requirements for VPC
    and subnets"; containers-roadmap#2258)."""
    old, new = ({subnet(place, it).availability_zone for it in config["subnetIds"]} for config in (before, after))
    if old != new:
        listed = f"{', '.join(sorted(new))}, not {', '.join(sorted(old))}"
        raise Refusal(INVALID, f"Subnets must be in the set of AZs that the cluster was created with: got {listed}")


def _upgrade(place: Place, asked: Thing) -> Thing:
    cluster = FAMILY.find(place, asked)
    if minor(asked["version"]) != minor(cluster["version"]) + 1:
        raise Refusal(
            INVALID,
            f"Unsupported Kubernetes minor version update from {cluster['version']} to {asked['version']}: "
            "a cluster goes up by one minor version at a time",
        )
    cluster["version"] = asked["version"]
    return updated("VersionUpdate")


def _encrypt(place: Place, asked: Thing) -> Thing:
    cluster = FAMILY.find(place, {"name": asked["clusterName"]})
    if cluster.get("encryptionConfig"):
        raise Refusal(INVALID, "Encryption is already enabled on the cluster")
    for config in asked["encryptionConfig"]:
        _require_key(place, config["provider"]["keyArn"])
    cluster["encryptionConfig"] = asked["encryptionConfig"]
    return updated("AssociateEncryptionConfig")


def _removed(place: Place, cluster: Thing) -> None:
    """Nodes keep a cluster from going; everything else in it goes with it, the log group excepted."""
    name = cluster["name"]
    if cluster["deletionProtection"]:
        raise Refusal(REFUSED, f"Cluster {name} has deletion protection enabled: disable it before deleting")
    if nodes := belonging(place.shelf(NODE_GROUPS), name):
        raise Refusal(IN_USE, f"Cluster has nodegroups attached: {', '.join(group for _, group in nodes)}")
    place.of("ec2").delete_security_group(group_id=cluster["resourcesVpcConfig"]["clusterSecurityGroupId"])
    for kind in (ADD_ONS, ACCESS_ENTRIES, ACCESS_POLICIES, POD_IDENTITIES):
        shelf = place.shelf(kind)
        for key in belonging(shelf, name):
            del shelf[key]
    keep_log_group(place, cluster)


FAMILY = Family(
    kind=CLUSTERS,
    key=("name",),
    create="CreateCluster",
    describe="DescribeCluster",
    delete="DeleteCluster",
    list="ListClusters",
    wrapped="cluster",
    listed="clusters",
    as_listed=lambda cluster: cluster["name"],
    exists=EXISTS,
    missing=MISSING,
    made=_made,
    deletes=_removed,
)
ANSWERS: Answers = {
    **FAMILY.answers(),
    "UpdateClusterConfig": _reconfigure,
    "UpdateClusterVersion": _upgrade,
    "AssociateEncryptionConfig": _encrypt,
}
