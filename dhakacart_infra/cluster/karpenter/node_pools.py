"""What Karpenter may start: one kind of node, in a pool that carries what must stay and in one for what may be taken.

Spot nodes are tainted: only pods that tolerate it can be on one. Weights alone would not keep the others off. For every
node that it plans, Karpenter counts the largest type it may become against the pool's limit (``subtractMax`` in its
core's ``pkg/controllers/provisioning/scheduling``), so in a burst the on-demand pool counts as full long before it is.

An account that never had a spot instance wants one thing first, by hand and once: ``aws iam create-service-linked-role
--aws-service-name spot.amazonaws.com`` (EC2 guide, "Service-linked role for Spot Instance requests").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.node_role import NodeRole
from dhakacart_infra.cluster.scheduling import SPOT_TAINT
from dhakacart_infra.cluster.system_nodes import DATA_DISK, DATA_DISK_GIB, MAX_PODS, SYSTEM_DISK, SYSTEM_DISK_GIB
from dhakacart_infra.config.versions import BOTTLEROCKET
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

GROUP, CLASS_GROUP = "karpenter.sh", "karpenter.k8s.aws"
CLASS = "default"
ARCHITECTURES = {"arm64": "arm64", "x86_64": "amd64"}  # as Kubernetes calls them
CATEGORIES = ["c", "m", "r"]
OLDEST_GENERATION = 6
SIZES = ["large", "xlarge", "2xlarge"]
"""Two to eight vCPUs. Smaller ones have too few network interfaces for ``MAX_PODS``; larger ones take too much of the
shop with them when they fail."""
BASE_FIRST = 100
SETTLED = "5m"
"""How long a node must have gained and lost no pod before its pods may be moved to save it."""
LIFETIME = "720h"  # 30 days: budgets do not slow an end by age, only the pods' own disruption budgets do
DRAIN = "1h"  # then what refuses to leave a node is ended with it
DELETE_TIMEOUT = "75m"  # the nodes' longest drain, and then some: the provider gives up after ten minutes


@dataclass(frozen=True, kw_only=True)
class NodePoolsArgs:
    node_role: NodeRole
    subnet_ids: Sequence[pulumi.Output[str]]
    security_group_id: pulumi.Output[str]
    volumes_key_arn: pulumi.Output[str]
    architecture: Literal["arm64", "x86_64"]
    on_demand_vcpu: int
    spot_vcpu: int
    controller: pulumi.Resource


class NodePools(Component, token="dhakacart:cluster:NodePools"):
    """``pools`` are gone only when their nodes are: what runs on those depends on them."""

    pools: list[k8s.apiextensions.CustomResource]

    def build(self, args: NodePoolsArgs) -> None:
        node_class = self._node_class(args)
        self.pools = [
            self._pool("on-demand", args, node_class, vcpu=args.on_demand_vcpu, weight=BASE_FIRST),
            self._pool("spot", args, node_class, vcpu=args.spot_vcpu, taints=[SPOT_TAINT]),
        ]

    def _node_class(self, args: NodePoolsArgs) -> k8s.apiextensions.CustomResource:
        profile = aws.iam.InstanceProfile(self.child_name("profile"), role=args.node_role.name, opts=self.child())
        # A change of any tag replaces every node: the role of the region must not, in the middle of a failover.
        tags = dict(self.scope.launch_tags)
        return k8s.apiextensions.CustomResource(
            self.child_name("class"),
            api_version=f"{CLASS_GROUP}/v1",
            kind="EC2NodeClass",
            metadata={"name": CLASS},
            spec={
                "amiSelectorTerms": [{"alias": f"bottlerocket@v{BOTTLEROCKET}"}],
                "instanceProfile": profile.name,
                "subnetSelectorTerms": [{"id": subnet} for subnet in args.subnet_ids],
                "securityGroupSelectorTerms": [{"id": args.security_group_id}],
                "blockDeviceMappings": [
                    _disk(SYSTEM_DISK, SYSTEM_DISK_GIB, args.volumes_key_arn),
                    _disk(DATA_DISK, DATA_DISK_GIB, args.volumes_key_arn),
                ],
                "metadataOptions": {
                    "httpEndpoint": "enabled",
                    "httpProtocolIPv6": "disabled",
                    "httpPutResponseHopLimit": 1,  # pods are a hop further off: they must not take the node's role
                    "httpTokens": "required",
                },
                # Karpenter would count without prefix delegation (its issue 8210).
                "kubelet": {"maxPods": MAX_PODS},
                # The provider's default tags do not reach what Karpenter starts.
                "tags": {**tags, "Name": self.naming.of(Kind.TAG, "node")},
            },
            # The controller brings the kind, and it alone can let go of the last object of it.
            opts=self.child(depends_on=[args.controller]),
        )

    def _pool(
        self,
        capacity: Literal["on-demand", "spot"],
        args: NodePoolsArgs,
        node_class: k8s.apiextensions.CustomResource,
        *,
        vcpu: int,
        weight: int = 1,
        taints: Sequence[dict[str, str]] = (),
    ) -> k8s.apiextensions.CustomResource:
        own = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete=DELETE_TIMEOUT))
        return k8s.apiextensions.CustomResource(
            self.child_name(capacity),
            api_version=f"{GROUP}/v1",
            kind="NodePool",
            metadata={"name": capacity},
            spec={
                "weight": weight,
                "limits": {"cpu": str(vcpu)},
                "disruption": {
                    "consolidationPolicy": "WhenEmptyOrUnderutilized",
                    "consolidateAfter": SETTLED,
                    "budgets": [{"nodes": "10%"}],
                },
                "template": {
                    "spec": {
                        "nodeClassRef": {"group": CLASS_GROUP, "kind": "EC2NodeClass", "name": CLASS},
                        "requirements": _requirements(capacity, ARCHITECTURES[args.architecture]),
                        "taints": list(taints),
                        "expireAfter": LIFETIME,
                        "terminationGracePeriod": DRAIN,
                    }
                },
            },
            # Its class is but a name to it, and has to be there for as long as a node is.
            opts=pulumi.ResourceOptions.merge(self.child(depends_on=[node_class]), own),
        )


def _requirements(capacity: str, architecture: str) -> list[dict[str, Any]]:
    return [
        {"key": "kubernetes.io/arch", "operator": "In", "values": [architecture]},
        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
        {"key": f"{GROUP}/capacity-type", "operator": "In", "values": [capacity]},
        {"key": f"{CLASS_GROUP}/instance-category", "operator": "In", "values": CATEGORIES},
        {"key": f"{CLASS_GROUP}/instance-generation", "operator": "Gt", "values": [str(OLDEST_GENERATION - 1)]},
        {"key": f"{CLASS_GROUP}/instance-size", "operator": "In", "values": SIZES},
    ]


def _disk(device: str, gib: int, key_arn: pulumi.Output[str]) -> dict[str, Any]:
    return {
        "deviceName": device,
        "ebs": {
            "volumeType": "gp3",
            "volumeSize": f"{gib}Gi",
            "encrypted": True,
            "kmsKeyID": key_arn,
            "deleteOnTermination": True,
        },
    }
