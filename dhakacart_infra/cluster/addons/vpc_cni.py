"""The VPC-CNI: gives pods addresses of their own subnets, whole prefixes at a time, and enforces network policies.

It has all its settings, the subnets of the pods included, before the first node: a node that starts without them keeps
the addressing it started with (EKS guide, "Deploy pods in alternate subnets with custom networking").
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.cluster.addons.addon import eks_addon
from dhakacart_infra.cluster.addons.vpc_cni_permissions import vpc_cni_permissions
from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.config.versions import VPC_CNI
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

NAMESPACE, SERVICE_ACCOUNT = "kube-system", "aws-node"


@dataclass(frozen=True, kw_only=True)
class VpcCniArgs:
    cluster_name: pulumi.Output[str]
    pod_subnet_ids: Mapping[str, pulumi.Output[str]]
    """By zone."""
    security_group_id: pulumi.Output[str]
    """Of the pods; the nodes have the same."""


class VpcCni(Component, token="dhakacart:cluster:VpcCni"):
    """``addon`` stands before the first node and waits for none."""

    addon: aws.eks.Addon

    def build(self, args: VpcCniArgs) -> None:
        cluster = self.naming.of(Kind.EKS_CLUSTER)
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(
                namespace=NAMESPACE,
                service_account=SERVICE_ACCOUNT,
                statements=vpc_cni_permissions(self.naming, cluster),
            ),
            self.child(),
        )
        # Found by the node's zone: each is named as its zone is.
        subnets = {
            zone: {"id": subnet_id, "securityGroups": [args.security_group_id]}
            for zone, subnet_id in args.pod_subnet_ids.items()
        }
        # Its permissions go by the cluster's tag, and the provider's default tags reach nothing that it makes.
        tags = {**self.scope.launch_tags, f"kubernetes.io/cluster/{cluster}": "owned"}
        self.addon = eks_addon(
            self,
            VPC_CNI,
            args.cluster_name,
            configuration={
                "env": {
                    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
                    "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
                    "ENABLE_PREFIX_DELEGATION": "true",
                    "WARM_PREFIX_TARGET": "1",
                    "ADDITIONAL_ENI_TAGS": json.dumps(tags, sort_keys=True),
                },
                "eniConfig": {"create": True, "region": self.naming.region, "subnets": subnets},
                "enableNetworkPolicy": "true",
            },
            identities={SERVICE_ACCOUNT: role},
        )
