"""Karpenter's controller, on the managed nodes: it can neither start nor end the node that it runs on itself.

Keys of the chart as in its values.yaml at the pinned version (aws/karpenter-provider-aws, charts/karpenter).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.karpenter import permissions
from dhakacart_infra.cluster.karpenter.interruptions import Interruptions
from dhakacart_infra.cluster.karpenter.node_pools import NodePools, NodePoolsArgs
from dhakacart_infra.cluster.node_role import NodeRole
from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES
from dhakacart_infra.config.versions import KARPENTER, KARPENTER_CRDS
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.helm import release
from dhakacart_infra.foundation.iam import document

NAMESPACE = "kube-system"  # whose requests the API server serves first
SERVICE_ACCOUNT = "karpenter"
IMAGE = "public.ecr.aws/karpenter/controller"
SHARE = {"cpu": "500m", "memory": "1Gi"}  # for a cluster of tens of nodes


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    cluster_name: pulumi.Output[str]
    node_role: NodeRole
    """Of the nodes it starts; the cluster must have an access entry for it."""
    subnet_ids: Sequence[pulumi.Output[str]]
    """Where it starts them; they carry the tag ``karpenter.sh/discovery``."""
    security_group_id: pulumi.Output[str]
    """The one that EKS made for the cluster."""
    volumes_key_arn: pulumi.Output[str]
    architecture: Literal["arm64", "x86_64"]
    on_demand_vcpu: int
    """Most vCPUs of all on-demand nodes together, as ``spot_vcpu`` of all spot nodes."""
    spot_vcpu: int
    ready: Sequence[pulumi.Resource]
    """What its pods need to run at all: managed nodes, Pod Identity, the way into the cluster."""


class Karpenter(Component, token="dhakacart:cluster:Karpenter"):
    """What runs on its nodes depends on ``node_pools.pools``, so that it is gone before they are."""

    controller: k8s.helm.v3.Release
    node_pools: NodePools

    def build(self, args: KarpenterArgs) -> None:
        interruptions = Interruptions(self.child_name("interruptions"), None, self.child())
        # Helm installs what a chart keeps in crds/ once and never again: definitions are a release of their own.
        definitions = release(
            self, "definitions", KARPENTER_CRDS, namespace=NAMESPACE, values={}, depends_on=args.ready
        )
        self.controller = release(
            self,
            "controller",
            KARPENTER,
            namespace=NAMESPACE,
            values=self._values(args.cluster_name, interruptions.queue),
            skip_crds=True,
            # Pods get an identity as they start, or never; and the controller ends at once without its kinds.
            depends_on=[*args.ready, *self._identity(args), definitions],
        )
        self.node_pools = NodePools(
            self.child_name("pools"),
            NodePoolsArgs(
                node_role=args.node_role,
                subnet_ids=args.subnet_ids,
                security_group_id=args.security_group_id,
                volumes_key_arn=args.volumes_key_arn,
                architecture=args.architecture,
                on_demand_vcpu=args.on_demand_vcpu,
                spot_vcpu=args.spot_vcpu,
                controller=self.controller,
            ),
            self.child(),
        )

    def _identity(self, args: KarpenterArgs) -> list[pulumi.Resource]:
        """All that makes the service account somebody in AWS."""
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(
                namespace=NAMESPACE,
                service_account=SERVICE_ACCOUNT,
                statements=permissions.controller(self.naming),
            ),
            self.child(),
        )
        pass_role = aws.iam.RolePolicy(
            self.child_name("pass-node-role"),
            role=role.arn.apply(lambda arn: arn.rsplit("/", maxsplit=1)[-1]),
            policy=args.node_role.arn.apply(lambda arn: document(permissions.pass_role(arn))),
            opts=self.child(),
        )
        return [role.associate(args.cluster_name), pass_role]

    def _values(self, cluster_name: pulumi.Output[str], queue: pulumi.Output[str]) -> dict[str, Any]:
        return {
            **SYSTEM_NODES,
            "replicas": 2,
            "dnsPolicy": "Default",  # the VPC's resolver: the cluster's own may be waiting for a node
            "serviceAccount": {"name": SERVICE_ACCOUNT},
            "controller": {
                # Without the chart's digest: the cache's first pull has to name a tag alone (containers-roadmap#2837).
                "image": {"repository": self.artifacts.image(IMAGE), "digest": ""},
                "resources": {"requests": SHARE, "limits": SHARE},
            },
            "settings": {
                "clusterName": cluster_name,
                "interruptionQueue": queue,
                # The first network interface of a node carries no pods (VPC-CNI's custom networking).
                "reservedENIs": "1",
                "enableZonalShift": True,
            },
        }
