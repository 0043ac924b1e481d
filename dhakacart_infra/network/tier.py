"""One tier of subnets: a subnet and a route table of its own in each zone.

A subnet is known by its zone, not by its place in a list: a zone that comes, goes or changes its place moves no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class TierArgs:
    vpc_id: pulumi.Output[str]
    tier: str
    """What the subnets are called in the console: ``app``."""
    cidrs: Mapping[str, IPv4Network]
    """By zone."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class Tier(Component, token="dhakacart:network:Tier"):
    """Subnets without any route out, until one is added. All is by zone, in the order of ``cidrs``.

    ``ways_out`` is what the subnets' ids do not carry: whatever needs the internet waits for it, and goes before it.
    """

    subnets: dict[str, aws.ec2.Subnet]
    route_tables: dict[str, aws.ec2.RouteTable]
    ways_out: list[pulumi.Resource]

    def build(self, args: TierArgs) -> None:
        self.subnets = {}
        self.route_tables = {}
        self.ways_out = []
        for zone, cidr in args.cidrs.items():
            name = {"Name": self.naming.of(Kind.TAG, args.tier, zone)}
            # Of another block, it stands beside the old one until whatever lives there has moved.
            subnet = aws.ec2.Subnet(
                self.in_zone("subnet", zone),
                vpc_id=args.vpc_id,
                availability_zone=zone,
                cidr_block=str(cidr),
                tags={**args.tags, **name, "Tier": args.tier},
                opts=self.child(),
            )
            table = aws.ec2.RouteTable(
                self.in_zone("routes", zone),
                vpc_id=args.vpc_id,
                tags={**name, "Tier": args.tier},
                opts=self.child(),
            )
            association = aws.ec2.RouteTableAssociation(
                self.in_zone("association", zone),
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=self.child(),
            )
            self.ways_out.append(association)
            self.subnets[zone] = subnet
            self.route_tables[zone] = table

    @property
    def subnet_ids(self) -> list[pulumi.Output[str]]:
        return [subnet.id for subnet in self.subnets.values()]

    @property
    def route_table_ids(self) -> list[pulumi.Output[str]]:
        return [table.id for table in self.route_tables.values()]

    def route_to_internet(self, gateway: aws.ec2.InternetGateway) -> None:
        """Send what leaves the VPC through the internet gateway: both ways, for what has a public address."""
        for zone, table in self.route_tables.items():
            route = aws.ec2.Route(
                self.in_zone("internet", zone),
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=gateway.id,
                opts=self.child(),
            )
            self.ways_out.append(route)

    def route_through(self, nat_gateways: Mapping[str, aws.ec2.NatGateway]) -> None:
        """Send what leaves the VPC through the NAT gateway of the same zone, or through the only one there is."""
        for zone, table in self.route_tables.items():
            gateway = nat_gateways.get(zone) or next(iter(nat_gateways.values()))
            route = aws.ec2.Route(
                self.in_zone("nat", zone),
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=gateway.id,
                opts=self.child(),
            )
            self.ways_out.append(route)
