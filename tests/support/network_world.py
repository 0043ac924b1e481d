"""A VPC and what is in one, which nobody's program made."""

from functools import cached_property
from typing import Any

REGION = "ap-south-1"


class NetworkWorld:
    """``client`` is the world's that this is a part of."""

    client: Any
    zone = f"{REGION}a"

    @cached_property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def vpc(self) -> str:
        return self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    @cached_property
    def other_vpc(self) -> str:
        return self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]

    @cached_property
    def subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=self.zone)
        return made["Subnet"]["SubnetId"]

    @cached_property
    def other_subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.2.0/24", AvailabilityZone=self.zone)
        return made["Subnet"]["SubnetId"]

    @cached_property
    def table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    @cached_property
    def other_table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    @cached_property
    def internet(self) -> str:
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return gateway

    @cached_property
    def address(self) -> str:
        return self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    @cached_property
    def nat(self) -> str:
        gateway = self.ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=self.address)
        return gateway["NatGateway"]["NatGatewayId"]

    @cached_property
    def interface(self) -> str:
        return self.ec2.create_network_interface(SubnetId=self.subnet)["NetworkInterface"]["NetworkInterfaceId"]

    @cached_property
    def transit(self) -> str:
        return self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]

    @cached_property
    def peering(self) -> str:
        peering = self.ec2.create_vpc_peering_connection(VpcId=self.vpc, PeerVpcId=self.other_vpc)
        return peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    @cached_property
    def egress_only(self) -> str:
        gateway = self.ec2.create_egress_only_internet_gateway(VpcId=self.vpc)
        return gateway["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]

    @cached_property
    def prefix_list(self) -> str:
        listed = self.ec2.create_managed_prefix_list(PrefixListName="cdn", MaxEntries=5, AddressFamily="IPv4")
        return listed["PrefixList"]["PrefixListId"]

    @cached_property
    def group(self) -> str:
        return self.ec2.create_security_group(GroupName="one", Description="one", VpcId=self.vpc)["GroupId"]

    @cached_property
    def other_group(self) -> str:
        return self.ec2.create_security_group(GroupName="two", Description="two", VpcId=self.vpc)["GroupId"]

    @cached_property
    def far_subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.3.0/24", AvailabilityZone=f"{REGION}b")
        return made["Subnet"]["SubnetId"]
