"""What the pods of one service account may do in AWS: a role that only they can take, by EKS Pod Identity."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, document, pod_trust


@dataclass(frozen=True, kw_only=True)
class PodRoleArgs:
    namespace: str
    service_account: str
    statements: Sequence[Statement] = ()
    managed_policies: Sequence[str] = ()
    """ARNs of policies that AWS keeps current, where it publishes one for the purpose."""


class PodRole(Component, token="dhakacart:cluster:PodRole"):
    """``arn`` carries the permissions with it: what uses it waits until the role has them."""

    arn: pulumi.Output[str]

    def build(self, args: PodRoleArgs) -> None:
        self._args = args
        naming = self.naming
        role = aws.iam.Role(
            self.child_name("role"),
            description=f"Pods of {args.namespace}/{args.service_account}",
            assume_role_policy=pod_trust(
                cluster_arn=naming.cluster_arn(),
                namespace=args.namespace,
                service_account=args.service_account,
            ),
            opts=self.child(),
        )
        permissions: list[pulumi.CustomResource] = [
            aws.iam.RolePolicyAttachment(
                self.child_name(policy.rsplit("/", maxsplit=1)[-1]),
                role=role.name,
                policy_arn=policy,
                opts=self.child(),
            )
            for policy in args.managed_policies
        ]
        if args.statements:
            policy = document(*args.statements)
            permissions.append(
                aws.iam.RolePolicy(self.child_name("policy"), role=role.name, policy=policy, opts=self.child())
            )
        granted = pulumi.Output.all(*(permission.id for permission in permissions))
        self.arn = granted.apply(lambda _: role.arn)

    def associate(self, cluster_name: pulumi.Input[str]) -> aws.eks.PodIdentityAssociation:
        """Give the role to the service account's pods: those that start after it, so the workload waits for it."""
        return aws.eks.PodIdentityAssociation(
            self.child_name("association"),
            cluster_name=cluster_name,
            namespace=self._args.namespace,
            service_account=self._args.service_account,
            role_arn=self.arn,
            opts=self.child(),
        )
