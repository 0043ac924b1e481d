"""EKS: clusters."""

import base64
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import arn, matches, names, nested
from sandbox.aws.eks.common import CLUSTER_NAME, CLUSTER_NAME_RULE, GONE, eks_tags, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, receive, send
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
SENT_BY_NAME = names(
    "accessConfig bootstrapSelfManagedAddons deletionProtection kubernetesNetworkConfig name roleArn upgradePolicy",
    "version zonalShiftConfig",
)
REACH = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")


def _network(inputs: Inputs) -> str | None:
    subnets = nested(inputs, "vpcConfig").get("subnetIds", True)
    return None if subnets else 'The argument "vpcConfig.subnetIds" is required, but no definition was found.'


def _encryption_ends(old: Inputs, new: Inputs) -> frozenset[str]:
    """A cluster that is encrypted with a key stays so."""
    return frozenset({"encryptionConfig"} if old.get("encryptionConfig") and not new.get("encryptionConfig") else ())


CLUSTER = Constraints(
    source="internal/service/eks/cluster.go",
    inputs=names(
        "accessConfig bootstrapSelfManagedAddons computeConfig controlPlaneScalingConfig defaultAddonsToRemoves",
        "deletionProtection enabledClusterLogTypes encryptionConfig forceUpdateVersion kubeApiServerConfig",
        "kubeControllerManagerConfig kubeSchedulerConfig kubernetesNetworkConfig name outpostConfig region",
        "remoteNetworkConfig roleArn storageConfig tags upgradePolicy version vpcConfig zonalShiftConfig",
    ),
    required=("roleArn", "vpcConfig"),
    replaces=names(
        "accessConfig.bootstrapClusterCreatorAdminPermissions bootstrapSelfManagedAddons",
        "kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr name region roleArn",
    ),
    replaces_when=_encryption_ends,
    conflicts=(
        ("encryptionConfig", "outpostConfig"),
        ("kubernetesNetworkConfig", "outpostConfig"),
        ("remoteNetworkConfig", "outpostConfig"),
    ),
    values={
        "accessConfig.authenticationMode": ("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"),
        "enabledClusterLogTypes": LOG_TYPES,
        "encryptionConfig.resources": ("secrets",),
        "kubernetesNetworkConfig.ipFamily": ("ipv4", "ipv6"),
        "upgradePolicy.supportType": ("STANDARD", "EXTENDED"),
    },
    defaults={
        "bootstrapSelfManagedAddons": True,
        "vpcConfig.endpointPrivateAccess": False,
        "vpcConfig.endpointPublicAccess": True,
    },
    computed=names(
        "accessConfig accessConfig.authenticationMode accessConfig.bootstrapClusterCreatorAdminPermissions",
        "computeConfig controlPlaneScalingConfig deletionProtection kubernetesNetworkConfig",
        "kubernetesNetworkConfig.elasticLoadBalancing kubernetesNetworkConfig.ipFamily",
        "kubernetesNetworkConfig.serviceIpv4Cidr kubernetesNetworkConfig.serviceIpv6Cidr storageConfig upgradePolicy",
        "upgradePolicy.supportType version vpcConfig.clusterSecurityGroupId vpcConfig.publicAccessCidrs",
        "vpcConfig.vpcId",
    ),
    sets=names(
        "enabledClusterLogTypes encryptionConfig.resources vpcConfig.publicAccessCidrs vpcConfig.securityGroupIds",
        "vpcConfig.subnetIds",
    ),
    checks=(matches("name", CLUSTER_NAME, CLUSTER_NAME_RULE), arn("roleArn"), _network),
    delete_before_replace=True,
)


def _logging(props: Props) -> dict[str, Any]:
    on = [kind for kind in LOG_TYPES if kind in props.get("enabledClusterLogTypes", ())]
    off = [kind for kind in LOG_TYPES if kind not in on]
    setups = [{"types": kinds, "enabled": kinds is on} for kinds in (on, off) if kinds]
    return {"logging": {"clusterLogging": setups}}


def _encryption(props: Props) -> dict[str, Any]:
    config = props.get("encryptionConfig")
    return {"encryptionConfig": [config]} if config else {}


def _create(aws: Region, props: Props) -> str:
    asked = send(props, **{name: name for name in SENT_BY_NAME}, resourcesVpcConfig="vpcConfig") | tagged(props)
    aws.call("eks", "CreateCluster", **asked, **_logging(props), **_encryption(props))
    return props["name"]


def _describe(aws: Region, name: str) -> Any:
    return aws.find("eks", "DescribeCluster", "cluster", GONE, name=name)


def _read(aws: Region, name: str, state: Props) -> Props | None:
    cluster = _describe(aws, name)
    if cluster is None:
        return None
    found = receive(cluster, "arn", "deletionProtection", "name", "platformVersion", "roleArn", "status", "version")
    found |= receive(cluster, "accessConfig", "kubernetesNetworkConfig", "upgradePolicy", "zonalShiftConfig")
    return {
        **found,
        **_api(aws, cluster),
        "createdAt": cluster["createdAt"].isoformat(),
        "enabledClusterLogTypes": [
            kind for setup in cluster["logging"]["clusterLogging"] if setup["enabled"] for kind in setup["types"]
        ],
        **({"encryptionConfig": cluster["encryptionConfig"][0]} if cluster.get("encryptionConfig") else {}),
        "identities": [{"oidcs": [{"issuer": cluster["identity"]["oidc"]["issuer"]}]}],
        "tags": cluster.get("tags", {}),
        "vpcConfig": cluster["resourcesVpcConfig"],
    }


def _api(aws: Region, cluster: Mapping[str, Any]) -> Props:
    """Where the Kubernetes API is: a real one in its place, if the sandbox was given one."""
    if aws.kube is None:
        return receive(cluster, "certificateAuthority", "endpoint")
    authority = base64.b64encode(aws.kube.ca_pem.encode()).decode()
    return {"certificateAuthority": {"data": authority}, "endpoint": aws.kube.endpoint}


def _change(aws: Region, name: str, **change: Any) -> None:
    aws.call("eks", "UpdateClusterConfig", name=name, **change)


def _reach(aws: Region, name: str, props: Props) -> None:
    """EKS takes one change at a time: of the endpoint, of the subnets, of the security groups."""
    wanted, stands = props["vpcConfig"], _describe(aws, name)["resourcesVpcConfig"]
    for group in (REACH, ("subnetIds",), ("securityGroupIds",)):
        asked = {member: wanted[member] for member in group if member in wanted}
        if any(_sorted(value) != _sorted(stands[member]) for member, value in asked.items()):
            _change(aws, name, resourcesVpcConfig=asked)


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _authenticate(aws: Region, name: str, props: Props) -> None:
    _change(aws, name, accessConfig=send(props["accessConfig"], authenticationMode="authenticationMode"))


def _encrypt(aws: Region, name: str, props: Props) -> None:
    aws.call("eks", "AssociateEncryptionConfig", clusterName=name, **_encryption(props))


def _shift(aws: Region, name: str, props: Props) -> None:
    _change(aws, name, zonalShiftConfig=props.get("zonalShiftConfig", {"enabled": False}))


def _delete(aws: Region, name: str, _: Props) -> None:
    if aws.unprotect:
        aws.call("eks", "UpdateClusterConfig", name=name, deletionProtection=False)
    aws.call("eks", "DeleteCluster", name=name)


TYPES = (
    AwsType(
        type="aws:eks/cluster:Cluster",
        constraints=CLUSTER,
        create=_create,
        sent=SENT_BY_NAME | {"enabledClusterLogTypes", "encryptionConfig", "vpcConfig"},
        unread=frozenset({"bootstrapSelfManagedAddons", "forceUpdateVersion"}),
        as_made={"zonalShiftConfig": {"enabled": False}},
        read=_read,
        delete=_delete,
        settings=(
            Setting(
                inputs=("version",),
                apply=lambda aws, name, props: aws.call(
                    "eks", "UpdateClusterVersion", name=name, **send(props, version="version")
                ),
            ),
            Setting(inputs=("accessConfig",), apply=_authenticate),
            Setting(inputs=("encryptionConfig",), apply=_encrypt),
            Setting(
                inputs=("enabledClusterLogTypes",), apply=lambda aws, name, props: _change(aws, name, **_logging(props))
            ),
            Setting(
                inputs=("upgradePolicy",),
                apply=lambda aws, name, props: _change(aws, name, **send(props, upgradePolicy="upgradePolicy")),
            ),
            Setting(inputs=("vpcConfig",), apply=_reach),
            Setting(inputs=("zonalShiftConfig",), apply=_shift),
            Setting(
                inputs=("deletionProtection",),
                apply=lambda aws, name, props: _change(aws, name, deletionProtection=props["deletionProtection"]),
            ),
        ),
        tagging=eks_tags(lambda aws, name: _describe(aws, name)["arn"]),
        census=Census(service="eks", operation="ListClusters", path="clusters"),
        auto_name=AutoName(max_length=100),
    ),
)
