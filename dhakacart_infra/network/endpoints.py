"""Private ways to AWS: S3 by a gateway endpoint, which is free; other services by interface endpoints, where they pay.

An interface endpoint costs by the hour and zone, NAT by the gigabyte: which services pay is the stack's to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.network.tier import Tier

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    vpc_id: pulumi.Output[str]
    nodes: Tier
    """The endpoints' own interfaces stand in its subnets; its route tables lead to S3."""
    reachable_from: Mapping[str, Mapping[str, IPv4Network]]
    """By tier and zone: where nodes have interfaces. The pods' too, whose traffic in the VPC keeps their address."""
    interface_services: Sequence[str]
    """Service names without ``com.amazonaws.<region>``: ``ecr.api``."""


class Endpoints(Component, token="dhakacart:network:Endpoints"):
    """Nodes and pods reach these services without leaving the VPC; nothing else in the VPC does."""

    security_group: aws.ec2.SecurityGroup

    def build(self, args: EndpointsArgs) -> None:
        aws.ec2.VpcEndpoint(
            self.child_name("s3"),
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=self._service("s3"),
            route_table_ids=args.nodes.route_table_ids,
            tags={"Name": self.naming.of(Kind.TAG, "s3")},
            opts=self.child(),
        )
        self.security_group = self._security_group(args)
        for service in args.interface_services:
            aws.ec2.VpcEndpoint(
                self.child_name(service.replace(".", "-")),
                vpc_id=args.vpc_id,
                vpc_endpoint_type="Interface",
                service_name=self._service(service),
                subnet_ids=args.nodes.subnet_ids,
                security_group_ids=[self.security_group.id],
                private_dns_enabled=True,
                tags={"Name": self.naming.of(Kind.TAG, service)},
                opts=self.child(),
            )

    def _security_group(self, args: EndpointsArgs) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            self.child_name("access"),
            vpc_id=args.vpc_id,
            description="HTTPS from nodes and pods to AWS services",
            tags={"Name": self.naming.of(Kind.TAG, "endpoints")},
            opts=self.child(),
        )
        for tier, cidrs in args.reachable_from.items():
            for zone, cidr in cidrs.items():
                aws.vpc.SecurityGroupIngressRule(
                    self.in_zone(f"https-{tier}", zone),
                    security_group_id=group.id,
                    cidr_ipv4=str(cidr),
                    ip_protocol="tcp",
                    from_port=HTTPS,
                    to_port=HTTPS,
                    opts=self.child(),
                )
        return group

    def _service(self, name: str) -> str:
        return f"com.amazonaws.{self.naming.region}.{name}"
