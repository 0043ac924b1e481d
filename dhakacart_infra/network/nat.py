"""NAT gateways with fixed public addresses: partners can put them on their allow lists."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind


@dataclass(frozen=True, kw_only=True)
class NatArgs:
    subnets: Sequence[aws.ec2.Subnet]
    """Public ones: a gateway in each."""
    internet_gateway: aws.ec2.InternetGateway


class Nat(Component, token="dhakacart:network:Nat"):
    """``gateways`` are in the order of the subnets; ``public_ips`` is what the internet sees the shop come from."""

    gateways: list[aws.ec2.NatGateway]
    public_ips: pulumi.Output[list[str]]

    def build(self, args: NatArgs) -> None:
        self.gateways = []
        addresses: list[aws.ec2.Eip] = []
        for number, subnet in enumerate(args.subnets, start=1):
            tags = {"Name": self.naming.of(Kind.TAG, "nat", str(number))}
            address = aws.ec2.Eip(self.child_name(f"address-{number}"), domain="vpc", tags=tags, opts=self.child())
            gateway = aws.ec2.NatGateway(
                self.child_name(f"gateway-{number}"),
                subnet_id=subnet.id,
                allocation_id=address.allocation_id,
                tags=tags,
                # EC2 refuses a public NAT gateway in a VPC without an internet gateway, and no argument names it.
                opts=self.child(depends_on=[args.internet_gateway]),
            )
            addresses.append(address)
            self.gateways.append(gateway)
        self.public_ips = pulumi.Output.all(*(address.public_ip for address in addresses))
