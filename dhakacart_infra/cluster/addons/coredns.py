"""CoreDNS: every name that a pod looks up. EKS sizes it by the nodes and cores there are."""

import pulumi_aws as aws

from dhakacart_infra.cluster.addons.addon import AddonArgs, eks_addon
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES, spread
from dhakacart_infra.config.versions import COREDNS
from dhakacart_infra.foundation.component import Component

MIN_REPLICAS = 2
MAX_REPLICAS = 10  # a tenth of a core each: more would crowd the system nodes, where they run


class CoreDns(Component, token="dhakacart:cluster:CoreDns"):
    """``addon`` is degraded until a node can run it, so it waits for the nodes; what needs names waits for it."""

    addon: aws.eks.Addon

    def build(self, args: AddonArgs) -> None:
        self.addon = eks_addon(
            self,
            COREDNS,
            args.cluster_name,
            configuration={
                "autoScaling": {"enabled": True, "minReplicas": MIN_REPLICAS, "maxReplicas": MAX_REPLICAS},
                "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
                "topologySpreadConstraints": spread({"k8s-app": "kube-dns"}),
                **SYSTEM_NODES,
            },
            depends_on=args.ready,
        )
