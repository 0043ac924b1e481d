"""A TCP port that is closed until somebody is let in."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind


@dataclass(frozen=True, kw_only=True)
class PortArgs:
    vpc_id: pulumi.Output[str]
    number: int
    serves: str
    """What listens there, as people call it: ``PostgreSQL``."""


class Port(Component, token="dhakacart:foundation:Port"):
    """Whoever has the security group is reached here by those that ``allow_from`` names, and reaches nobody."""

    number: int
    security_group_id: pulumi.Output[str]

    def build(self, args: PortArgs) -> None:
        self.number, self._serves = args.number, args.serves
        group = aws.ec2.SecurityGroup(
            self.child_name("access"),
            vpc_id=args.vpc_id,
            description=f"{args.serves}, from those it lets in",
            tags={"Name": self.naming.of(Kind.TAG, args.serves.lower())},
            opts=self.child(),
        )
        self.security_group_id = group.id

    def allow_from(self, role: str, security_group_id: pulumi.Output[str]) -> None:
        """Let in whatever has that security group; ``role`` says in a word what that is."""
        aws.vpc.SecurityGroupIngressRule(
            self.child_name(f"from-{role}"),
            security_group_id=self.security_group_id,
            referenced_security_group_id=security_group_id,
            ip_protocol="tcp",
            from_port=self.number,
            to_port=self.number,
            description=f"{self._serves} from {role}",
            opts=self.child(),
        )
