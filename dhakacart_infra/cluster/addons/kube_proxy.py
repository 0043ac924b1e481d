"""kube-proxy: what makes the addresses of Services work, on every node from its first second."""

import pulumi_aws as aws

from dhakacart_infra.cluster.addons.addon import AddonArgs, eks_addon
from dhakacart_infra.config.versions import KUBE_PROXY
from dhakacart_infra.foundation.component import Component


class KubeProxy(Component, token="dhakacart:cluster:KubeProxy"):
    """A node without it is not ready: ``addon`` comes before the first."""

    addon: aws.eks.Addon

    def build(self, args: AddonArgs) -> None:
        self.addon = eks_addon(self, KUBE_PROXY, args.cluster_name, depends_on=args.ready)
