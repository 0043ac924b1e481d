"""NAT gateways with fixed public addresses: partners can put them on their allow lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.alarms import Alarm, AlarmTopic, Formula, Metric
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

NAMESPACE = "AWS/NATGateway"
DROPPED_PERCENT = 0.01
"""More than this is to be looked at (VPC guide, "Troubleshoot NAT gateways", "PacketsDropCount")."""


@dataclass(frozen=True, kw_only=True)
class NatArgs:
    subnets: Mapping[str, aws.ec2.Subnet]
    """Public ones by zone: a gateway in each."""
    internet_gateway: aws.ec2.InternetGateway
    alarms: AlarmTopic


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
            for alarm in _alarms(zone, gateway.id):
                args.alarms.watch(self, alarm)
        self.public_ips = pulumi.Output.all(*(address.public_ip for address in addresses))


def _alarms(zone: str, gateway_id: pulumi.Output[str]) -> Iterator[Alarm]:
    def counted(name: str) -> Metric:
        return Metric(namespace=NAMESPACE, name=name, statistic="Sum", dimensions={"NatGatewayId": gateway_id})

    yield Alarm(
        kind="NatPortsExhausted",
        one=zone[-1],
        severity="critical",
        means="A NAT gateway refuses connections: it has no port left for one destination, which takes 55,000 at once.",
        watches=counted("ErrorPortAllocation"),
        is_="GreaterThanThreshold",
        threshold=0,
        periods=5,
        of_them=3,
        missing="notBreaching",
    )
    received = ("PacketsInFromDestination", "PacketsInFromSource")
    yield Alarm(
        kind="NatPacketsDropped",
        one=zone[-1],
        severity="warning",
        means="A NAT gateway loses packets, of all that it gets.",
        watches=Formula(
            text="100 * dropped / (answers + requests)",
            of=dict(
                zip(("dropped", "answers", "requests"), map(counted, ("PacketsDropCount", *received)), strict=True)
            ),
        ),
        is_="GreaterThanThreshold",
        threshold=DROPPED_PERCENT,
        periods=15,
        missing="notBreaching",
    )
