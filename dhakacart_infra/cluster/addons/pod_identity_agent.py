"""The EKS Pod Identity agent: hands pods the credentials of the role that their service account has."""

import pulumi_aws as aws

from dhakacart_infra.cluster.addons.addon import AddonArgs, eks_addon
from dhakacart_infra.config.versions import POD_IDENTITY_AGENT
from dhakacart_infra.foundation.component import Component


class PodIdentityAgent(Component, token="dhakacart:cluster:PodIdentityAgent"):
    """The VPC-CNI gets its own credentials here, so that ``addon`` comes before the first node.

    The agent runs in the nodes' network and needs none of the VPC-CNI's.
    """

    addon: aws.eks.Addon

    def build(self, args: AddonArgs) -> None:
        self.addon = eks_addon(self, POD_IDENTITY_AGENT, args.cluster_name, depends_on=args.ready)
