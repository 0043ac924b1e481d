"""What a node may do in AWS: join the cluster, pull images, and be reached by Session Manager. Pods have their own."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, document
from dhakacart_infra.foundation.naming import PARTITION

MANAGED_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",  # the way onto a node that has no SSH
)


@dataclass(frozen=True, kw_only=True)
class NodeRoleArgs:
    pull: Statement
    """What pulling through the registry's cache takes."""


class NodeRole(Component, token="dhakacart:cluster:NodeRole"):
    """``arn`` and ``name`` carry the permissions with them: a node without them never becomes ready."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def build(self, args: NodeRoleArgs) -> None:
        role = aws.iam.Role(
            self.child_name("role"),
            description="Nodes of the cluster",
            assume_role_policy=document(
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            opts=self.child(),
        )
        permissions: list[pulumi.CustomResource] = [
            aws.iam.RolePolicyAttachment(
                self.child_name(policy),
                role=role.name,
                policy_arn=f"arn:{PARTITION}:iam::aws:policy/{policy}",
                opts=self.child(),
            )
            for policy in MANAGED_POLICIES
        ]
        permissions.append(
            aws.iam.RolePolicy(
                self.child_name("pull-through"), role=role.name, policy=document(args.pull), opts=self.child()
            )
        )
        granted = pulumi.Output.all(*(permission.id for permission in permissions))
        self.arn = granted.apply(lambda _: role.arn)
        self.name = granted.apply(lambda _: role.name)
