"""NAT gateways with fixed public addresses: partners can put them on their allow lists."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind


@dataclass(frozen=True, kw_only=True)
class NatArgs:
    subnets: Mapping[str, aws.ec2.Subnet]
    """Public ones by zone: a gateway in each."""
    internet_gateway: aws.ec2.InternetGateway


class Nat(Component, token="dhakacart:network:Nat"):
    """``gateways`` are by zone; ``public_ips`` is what the internet sees the shop come from."""

    gateways: dict[str, aws.ec2.NatGateway]
    public_ips: pulumi.Output[list[str]]

    def build(self, args: NatArgs) -> None:
        self.gateways = {}
        addresses: list[aws.ec2.Eip] = []
        for zone, subnet in args.subnets.items():
            tags = {"Name": self.naming.of(Kind.TAG, "nat", zone)}
            address = aws.ec2.Eip(self.in_zone("address", zone), domain="vpc", tags=tags, opts=self.child())
            # One in another subnet takes the address over, and AWS gives an address to one gateway at a time.
            gateway = aws.ec2.NatGateway(
                self.in_zone("gateway", zone),
                subnet_id=subnet.id,
                allocation_id=address.allocation_id,
                tags=tags,
                # EC2 refuses a public NAT gateway in a VPC without an internet gateway, and no argument names it.
                opts=self.child(makes_way=True, depends_on=[args.internet_gateway]),
            )
            addresses.append(address)
            self.gateways[zone] = gateway
        self.public_ips = pulumi.Output.all(*(address.public_ip for address in addresses))
