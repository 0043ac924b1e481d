"""``eks:index:Cluster`` as a program asks for it in its lean form, and what the real component made of that.

Noted down from pulumi-eks 4.4, run against a monitor that answers as ``tests.support.monitor`` does.
"""

from typing import Any

import grpc
import pytest

from sandbox.eks.provider import CLUSTER
from sandbox.providers.values import reference
from tests.support.monitor import STACK, Constructed, Constructor, Monitor

ROLE, ADMIN, KEY, VPC, SUBNET = (
    f"{STACK}aws:{kind}::{name}"
    for kind, name in (
        ("iam/role:Role", "service"),
        ("iam/role:Role", "admin"),
        ("kms/key:Key", "secrets"),
        ("ec2/vpc:Vpc", "vpc"),
        ("ec2/subnet:Subnet", "a"),
    )
)
ROLE_ARN, ADMIN_ARN = "arn:aws:iam::123456789012:role/service", "arn:aws:iam::123456789012:role/admin"
LEAN = {
    "name": "shop",
    "version": "1.35",
    "vpcId": "vpc-1",
    "subnetIds": ["subnet-a", "subnet-b"],
    "serviceRole": reference(ROLE, "service"),
    "authenticationMode": "API",
    "providerCredentialOpts": {"roleArn": ADMIN_ARN},
    "encryptionConfigKeyArn": "arn:key",
    "enabledClusterLogTypes": ["api", "audit"],
    "endpointPrivateAccess": True,
    "endpointPublicAccess": False,
    "deletionProtection": True,
    "upgradePolicy": {"supportType": "STANDARD"},
    "tags": {"Name": "shop"},
    "skipDefaultNodeGroup": True,
    "skipDefaultSecurityGroups": True,
    "createInstanceRole": False,
    "createOidcProvider": False,
    "bootstrapSelfManagedAddons": False,
    "useDefaultVpcCni": True,
    "kubeProxyAddonOptions": {"enabled": False},
    "corednsAddonOptions": {"enabled": False},
}
SOURCES = {
    "vpcId": [VPC],
    "subnetIds": [SUBNET],
    "providerCredentialOpts": [ADMIN],
    "encryptionConfigKeyArn": [KEY],
}
MADE = {
    "arn": "arn:aws:eks:ap-south-1:123456789012:cluster/shop",
    "endpoint": "https://ABC.gr7.ap-south-1.eks.amazonaws.com",
    "certificateAuthority": {"data": "Q0E="},
    "identities": [{"oidcs": [{"issuer": "https://oidc.eks.ap-south-1.amazonaws.com/id/ABC"}]}],
    "vpcConfig": {"clusterSecurityGroupId": "sg-1", "vpcId": "vpc-1"},
}
CLUSTER_INPUTS = {
    "name": "shop",
    "version": "1.35",
    "roleArn": ROLE_ARN,
    "vpcConfig": {
        "subnetIds": ["subnet-a", "subnet-b"],
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
    },
    "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
    "bootstrapSelfManagedAddons": False,
    "encryptionConfig": {"provider": {"keyArn": "arn:key"}, "resources": ["secrets"]},
    "enabledClusterLogTypes": ["api", "audit"],
    "deletionProtection": True,
    "upgradePolicy": {"supportType": "STANDARD"},
    "tags": {"Name": "shop"},
}
KUBECONFIG = (
    '{"apiVersion":"v1","clusters":[{"cluster":{"server":"https://ABC.gr7.ap-south-1.eks.amazonaws.com",'
    '"certificate-authority-data":"Q0E="},"name":"kubernetes"}],"contexts":[{"context":{"cluster":"kubernetes",'
    '"user":"aws"},"name":"aws"}],"current-context":"aws","kind":"Config","users":[{"name":"aws","user":{"exec":'
    '{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"aws","args":["--region","ap-south-1","eks",'
    '"get-token","--cluster-name","shop","--output","json","--role","arn:aws:iam::123456789012:role/admin"],"env":'
    '[{"name":"KUBERNETES_EXEC_INFO","value":"{\\"apiVersion\\": \\"client.authentication.k8s.io/v1beta1\\"}"}]}}}]}'
)
ENTRIES = {
    "ops": {
        "principalArn": ADMIN_ARN,
        "username": "ops",
        "kubernetesGroups": ["operators"],
        "accessPolicies": {"view": {"policyArn": "arn:view", "accessScope": {"type": "cluster"}}},
    },
    "nodes": {"principalArn": ROLE_ARN, "type": "EC2_LINUX"},
}


def monitor_of_aws() -> Monitor:
    """AWS makes the cluster, and has the service role already."""
    return Monitor(made={"aws:eks/cluster:Cluster": MADE}, standing={ROLE: {"arn": ROLE_ARN}})


def lean(eks: Constructor, without: tuple[str, ...] = (), **more: Any) -> Constructed:
    inputs = {name: value for name, value in {**LEAN, **more}.items() if name not in without}
    return eks.construct(CLUSTER, inputs, SOURCES)


def refusal(eks: Constructor, kind: str = CLUSTER, **inputs: Any) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        eks.construct(kind, {**LEAN, **inputs})
    return caught.value.details()  # pyright: ignore[reportAttributeAccessIssue] - a call that failed is one too
