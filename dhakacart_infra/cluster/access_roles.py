"""Who may use the cluster: three roles that people and pipelines take, each with its own rights inside.

Nobody has rights by having created the cluster. Whoever runs ``pulumi up`` takes the administrator's role by the
kubeconfig, on the first deployment as on every later one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config.principals import trust_conditions
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import allow, document, person_trust
from dhakacart_infra.foundation.naming import Kind


@dataclass(frozen=True, kw_only=True)
class AccessRolesArgs:
    """IAM principals by role: roles and users by their ARN, single sign-on's by ``permission-set/`` and the set's name.

    Administrators may take the lesser roles too, so a role has always somebody it is for.
    """

    administrators: Sequence[str]
    deployers: Sequence[str]
    readers: Sequence[str]


class AccessRoles(Component, token="dhakacart:cluster:AccessRoles"):
    """ARNs of the roles."""

    administrator: pulumi.Output[str]
    deployer: pulumi.Output[str]
    reader: pulumi.Output[str]

    def build(self, args: AccessRolesArgs) -> None:
        self.administrator = self._role("administrator", "Administers the cluster", args.administrators)
        deployers, readers = {*args.administrators, *args.deployers}, {*args.administrators, *args.readers}
        self.deployer = self._role("deployer", "Changes the application's namespace", deployers)
        self.reader = self._role("reader", "Reads everything in the cluster but secrets", readers)

    def _role(self, role: str, description: str, principals: Collection[str]) -> pulumi.Output[str]:
        naming = self.naming
        made = aws.iam.Role(
            self.child_name(role),
            name=naming.of(Kind.IAM_ROLE, "cluster", role),
            description=description,
            assume_role_policy=person_trust(naming.account_root(), trust_conditions(principals, naming.account_id)),
            opts=self.child(),
        )
        # What `aws eks update-kubeconfig` needs; everything else they may do is said inside the cluster.
        describe = allow(["eks:DescribeCluster"], [naming.cluster_arn()])
        aws.iam.RolePolicy(
            self.child_name(f"{role}-describe"), role=made.name, policy=document(describe), opts=self.child()
        )
        return made.arn
