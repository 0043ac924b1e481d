"""The VPC, with a second address block for pods, a door to the internet, and a default security group that is empty."""

from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind


@dataclass(frozen=True, kw_only=True)
class VpcArgs:
    cidr: IPv4Network
    pod_cidr: IPv4Network


class Vpc(Component, token="dhakacart:network:Vpc"):
    """``id`` serves the VPC's own block, ``id_with_pods`` whatever needs the pods' block to be there."""

    id: pulumi.Output[str]
    id_with_pods: pulumi.Output[str]
    internet_gateway: aws.ec2.InternetGateway

    def build(self, args: VpcArgs) -> None:
        vpc = aws.ec2.Vpc(
            self.child_name("vpc"),
            cidr_block=str(args.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of interface endpoints need it
            tags={"Name": self.naming.of(Kind.TAG)},
            opts=self.child(),
        )
        pods = aws.ec2.VpcIpv4CidrBlockAssociation(
            self.child_name("pods"),
            vpc_id=vpc.id,
            cidr_block=str(args.pod_cidr),
            opts=self.child(),
        )
        self.internet_gateway = aws.ec2.InternetGateway(
            self.child_name("internet"),
            vpc_id=vpc.id,
            tags={"Name": self.naming.of(Kind.TAG)},
            opts=self.child(),
        )
        # Adopted and left without rules: what forgets to name its security group gets one that allows nothing.
        aws.ec2.DefaultSecurityGroup(
            self.child_name("default"),
            vpc_id=vpc.id,
            tags={"Name": self.naming.of(Kind.TAG, "default-unused")},
            opts=self.child(),
        )
        self.id = vpc.id
        self.id_with_pods = pods.vpc_id
