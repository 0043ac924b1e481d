"""metrics-server: what pods use of CPU and memory, which autoscaling goes by."""

import pulumi_aws as aws

from dhakacart_infra.cluster.addons.addon import AddonArgs, eks_addon
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES, spread
from dhakacart_infra.config.versions import METRICS_SERVER
from dhakacart_infra.foundation.component import Component

REPLICAS = 2  # while there is none, nothing scales


class MetricsServer(Component, token="dhakacart:cluster:MetricsServer"):
    """``addon`` is the community add-on, which EKS installs and its own project supports."""

    addon: aws.eks.Addon

    def build(self, args: AddonArgs) -> None:
        self.addon = eks_addon(
            self,
            METRICS_SERVER,
            args.cluster_name,
            configuration={
                "replicas": REPLICAS,
                "topologySpreadConstraints": spread({"app.kubernetes.io/name": "metrics-server"}),
                **SYSTEM_NODES,
            },
            depends_on=args.ready,
        )
