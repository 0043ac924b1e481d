"""The cluster's door: which IAM roles it lets in, and as which Kubernetes groups."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.cluster.access_roles import AccessRoles
from dhakacart_infra.foundation.component import Component

DEPLOYERS = "dhakacart:deployers"
READERS = "dhakacart:readers"
CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


@dataclass(frozen=True, kw_only=True)
class AccessEntriesArgs:
    cluster_name: pulumi.Output[str]
    roles: AccessRoles
    karpenter_node_role_arn: pulumi.Output[str]


class AccessEntries(Component, token="dhakacart:cluster:AccessEntries"):
    """``administrator`` is what the first Kubernetes object waits for, and outlives the last."""

    administrator: aws.eks.AccessPolicyAssociation
    karpenter_nodes: aws.eks.AccessEntry

    def build(self, args: AccessEntriesArgs) -> None:
        self._args = args
        administrator = self._entry("administrator", args.roles.administrator)
        # By EKS's own policy, not by a group: the roles of groups are objects that somebody has to be let in to make.
        self.administrator = aws.eks.AccessPolicyAssociation(
            self.child_name("administrator-policy"),
            cluster_name=args.cluster_name,
            principal_arn=administrator.principal_arn,
            policy_arn=CLUSTER_ADMIN,
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self.child(),
        )
        self._entry("deployer", args.roles.deployer, group=DEPLOYERS)
        self._entry("reader", args.roles.reader, group=READERS)
        # EKS makes the entry of a managed node group's role itself; Karpenter's nodes are strangers to it.
        self.karpenter_nodes = self._entry("karpenter-nodes", args.karpenter_node_role_arn, kind="EC2_LINUX")

    def _entry(
        self, role: str, arn: pulumi.Output[str], *, group: str | None = None, kind: str = "STANDARD"
    ) -> aws.eks.AccessEntry:
        return aws.eks.AccessEntry(
            self.child_name(role),
            cluster_name=self._args.cluster_name,
            principal_arn=arn,
            kubernetes_groups=[group] if group else None,
            type=kind,
            opts=self.child(),
        )
