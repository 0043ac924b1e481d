"""One tier of subnets: a subnet and a route table of its own in each zone."""

from collections.abc import Mapping, Sequence
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
    zones: Sequence[str]
    cidrs: Sequence[IPv4Network]
    """One a zone, in the zones' order."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class Tier(Component, token="dhakacart:network:Tier"):
    """Subnets without any route out, until one is added.

    ``ways_out`` is what the subnets' ids do not carry: whatever needs the internet waits for it, and goes before it.
    """

    cidrs: list[IPv4Network]
    subnets: list[aws.ec2.Subnet]
    route_tables: list[aws.ec2.RouteTable]
    ways_out: list[pulumi.Resource]

    def build(self, args: TierArgs) -> None:
        self.cidrs = list(args.cidrs)
        self.subnets = []
        self.route_tables = []
        self.ways_out = []
        for number, (zone, cidr) in enumerate(zip(args.zones, args.cidrs, strict=True), start=1):
            name = {"Name": self.naming.of(Kind.TAG, args.tier, zone)}
            subnet = aws.ec2.Subnet(
                self.child_name(f"subnet-{number}"),
                vpc_id=args.vpc_id,
                availability_zone=zone,
                cidr_block=str(cidr),
                tags={**args.tags, **name, "Tier": args.tier},
                opts=self.child(),
            )
            table = aws.ec2.RouteTable(
                self.child_name(f"routes-{number}"),
                vpc_id=args.vpc_id,
                tags={**name, "Tier": args.tier},
                opts=self.child(),
            )
            association = aws.ec2.RouteTableAssociation(
                self.child_name(f"association-{number}"),
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=self.child(),
            )
            self.ways_out.append(association)
            self.subnets.append(subnet)
            self.route_tables.append(table)

    @property
    def subnet_ids(self) -> list[pulumi.Output[str]]:
        return [subnet.id for subnet in self.subnets]

    @property
    def route_table_ids(self) -> list[pulumi.Output[str]]:
        return [table.id for table in self.route_tables]

    def route_to_internet(self, gateway: aws.ec2.InternetGateway) -> None:
        """Send what leaves the VPC through the internet gateway: both ways, for what has a public address."""
        for number, table in enumerate(self.route_tables, start=1):
            route = aws.ec2.Route(
                self.child_name(f"internet-{number}"),
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=gateway.id,
                opts=self.child(),
            )
            self.ways_out.append(route)

    def route_through(self, nat_gateways: Sequence[aws.ec2.NatGateway]) -> None:
        """Send what leaves the VPC through the NAT gateway of the same zone, or through the only one there is."""
        for number, table in enumerate(self.route_tables, start=1):
            gateway = nat_gateways[(number - 1) % len(nat_gateways)]
            route = aws.ec2.Route(
                self.child_name(f"nat-{number}"),
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=gateway.id,
                opts=self.child(),
            )
            self.ways_out.append(route)
