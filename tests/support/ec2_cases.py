"""One case or more for each resource type of EC2."""

from typing import Any

from tests.support.resource_case import TAGS, Case, Inputs, Make, policy
from tests.support.world import World

OPEN = policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
SHUT = policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})


def route(also: str, target: Make, destination: tuple[str, Make], **more: Any) -> Case:
    def inputs(w: World) -> Inputs:
        name, value = destination
        return {"routeTableId": w.table, name: value(w), **target(w)}

    return Case(type="aws:ec2/route:Route", also=also, inputs=inputs, **more)


def rule(direction: str, peer: str, value: Make, **more: Any) -> Case:
    def inputs(w: World) -> Inputs:
        ports = {"fromPort": 443, "toPort": 443, "ipProtocol": "tcp"}
        return {"securityGroupId": w.group, peer: value(w), "description": "https", "tags": TAGS, **ports}

    kind = f"securityGroup{direction}Rule:SecurityGroup{direction}Rule"
    changes: dict[str, Make] = {
        "description": lambda _: "tls",
        "fromPort": lambda _: 80,
        "toPort": lambda _: 444,
        "ipProtocol": lambda _: "udp",
    }
    if peer == "cidrIpv4":
        changes["cidrIpv4"] = lambda _: "10.2.0.0/16"
    if peer == "referencedSecurityGroupId":
        changes = {peer: lambda w: w.group}
    return Case(type=f"aws:vpc/{kind}", also=peer, inputs=inputs, changes=changes, **more)


def tag(w: World, resource_id: str) -> None:
    w.ec2.create_tags(Resources=[resource_id], Tags=[{"Key": "touched", "Value": "yes"}])


ANYWHERE = ("destinationCidrBlock", lambda _: "0.0.0.0/0")
EC2 = [
    Case(
        type="aws:ec2/vpc:Vpc",
        inputs=lambda _: {"cidrBlock": "10.9.0.0/16", "instanceTenancy": "dedicated", "enableDnsHostnames": True},
        changes={
            "enableDnsSupport": lambda _: False,
            "enableDnsHostnames": lambda _: False,
            "enableNetworkAddressUsageMetrics": lambda _: True,
            "instanceTenancy": lambda _: "default",
        },
        outside=lambda w, it: w.ec2.modify_vpc_attribute(VpcId=it, EnableDnsHostnames={"Value": False}),
        shows="enableDnsHostnames",
    ),
    Case(
        type="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        inputs=lambda w: {"vpcId": w.vpc, "cidrBlock": "100.64.0.0/16"},
        outside=lambda w, it: w.ec2.disassociate_vpc_cidr_block(AssociationId=it),
    ),
    Case(
        type="aws:ec2/internetGateway:InternetGateway",
        inputs=lambda w: {"vpcId": w.vpc, "tags": TAGS},
        changes={"vpcId": lambda w: w.other_vpc},
        outside=lambda w, it: w.ec2.detach_internet_gateway(InternetGatewayId=it, VpcId=w.vpc),
        shows="vpcId",
    ),
    Case(
        type="aws:ec2/subnet:Subnet",
        inputs=lambda w: {"vpcId": w.vpc, "cidrBlock": "10.0.9.0/24", "availabilityZone": w.zone, "tags": TAGS},
        changes={
            "mapPublicIpOnLaunch": lambda _: True,
            "enableResourceNameDnsARecordOnLaunch": lambda _: True,
        },
        outside=lambda w, it: w.ec2.modify_subnet_attribute(SubnetId=it, MapPublicIpOnLaunch={"Value": True}),
        shows="mapPublicIpOnLaunch",
    ),
    Case(
        type="aws:ec2/subnet:Subnet",
        also="zone-id",
        inputs=lambda w: {"vpcId": w.vpc, "cidrBlock": "10.0.9.0/24", "availabilityZoneId": "aps1-az1"},
    ),
    Case(
        type="aws:ec2/subnetCidrReservation:SubnetCidrReservation",
        inputs=lambda w: {
            "subnetId": w.subnet,
            "cidrBlock": "10.0.1.0/28",
            "reservationType": "prefix",
            "description": "pods",
        },
        outside=lambda w, it: w.ec2.delete_subnet_cidr_reservation(SubnetCidrReservationId=it),
    ),
    Case(type="aws:ec2/eip:Eip", inputs=lambda _: {"domain": "vpc", "tags": TAGS}, outside=tag, shows="tags"),
    Case(
        type="aws:ec2/natGateway:NatGateway",
        inputs=lambda w: {"subnetId": w.subnet, "allocationId": w.address, "tags": TAGS},
        outside=lambda w, it: w.ec2.delete_nat_gateway(NatGatewayId=it),
    ),
    Case(type="aws:ec2/routeTable:RouteTable", inputs=lambda w: {"vpcId": w.vpc}, outside=tag, shows="tags"),
    route(
        "to-nat",
        lambda w: {"natGatewayId": w.nat},
        ANYWHERE,
        changes={"natGatewayId": lambda _: None, "gatewayId": lambda w: w.internet},
        outside=lambda w, _: w.ec2.replace_route(
            RouteTableId=w.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=w.internet
        ),
        shows="natGatewayId",
    ),
    route("to-gateway", lambda w: {"gatewayId": w.internet}, ANYWHERE),
    route("to-interface", lambda w: {"networkInterfaceId": w.interface}, ANYWHERE),
    route("to-transit", lambda w: {"transitGatewayId": w.transit}, ANYWHERE),
    route("to-peer", lambda w: {"vpcPeeringConnectionId": w.peering}, ANYWHERE),
    route(
        "ipv6",
        lambda w: {"egressOnlyGatewayId": w.egress_only},
        ("destinationIpv6CidrBlock", lambda _: "::/0"),
    ),
    route("prefix-list", lambda w: {"gatewayId": w.internet}, ("destinationPrefixListId", lambda w: w.prefix_list)),
    Case(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        inputs=lambda w: {"subnetId": w.subnet, "routeTableId": w.table},
        changes={"routeTableId": lambda w: w.other_table},
        outside=lambda w, it: w.ec2.replace_route_table_association(AssociationId=it, RouteTableId=w.other_table),
        shows="routeTableId",
    ),
    Case(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        also="gateway",
        inputs=lambda w: {"gatewayId": w.internet, "routeTableId": w.table},
    ),
    Case(
        type="aws:ec2/securityGroup:SecurityGroup",
        inputs=lambda w: {"name": "endpoints", "description": "endpoints", "vpcId": w.vpc, "tags": TAGS},
        changes={"revokeRulesOnDelete": lambda _: True},
        outside=tag,
        shows="tags",
    ),
    Case(
        type="aws:ec2/securityGroup:SecurityGroup",
        also="prefix",
        inputs=lambda w: {"namePrefix": "endpoints-", "vpcId": w.vpc},
    ),
    Case(
        type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        inputs=lambda w: {"vpcId": w.vpc, "ingress": [], "egress": [], "tags": TAGS},
        changes={"revokeRulesOnDelete": lambda _: True},
        outside=lambda w, it: w.ec2.authorize_security_group_ingress(
            GroupId=it, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        ),
        shows="ingress",
    ),
    rule("Ingress", "cidrIpv4", lambda _: "10.0.0.0/16", outside=tag, shows="tags"),
    rule("Egress", "cidrIpv4", lambda _: "10.0.0.0/16", outside=tag, shows="tags"),
    *(rule(way, "cidrIpv6", lambda _: "::/0") for way in ("Ingress", "Egress")),
    *(rule(way, "prefixListId", lambda w: w.prefix_list) for way in ("Ingress", "Egress")),
    *(rule(way, "referencedSecurityGroupId", lambda w: w.other_group) for way in ("Ingress", "Egress")),
    Case(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        inputs=lambda w: {
            "vpcId": w.vpc,
            "serviceName": "com.amazonaws.ap-south-1.sts",
            "vpcEndpointType": "Interface",
            "subnetIds": [w.subnet],
            "securityGroupIds": [w.group],
            "privateDnsEnabled": True,
            "policy": OPEN,
            "tags": TAGS,
        },
        changes={
            "subnetIds": lambda w: [w.other_subnet],
            "securityGroupIds": lambda w: [w.other_group, w.group],
            "policy": lambda _: SHUT,
        },
        outside=lambda w, it: w.ec2.modify_vpc_endpoint(VpcEndpointId=it, PolicyDocument=SHUT),
        shows="policy",
    ),
    Case(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        also="gateway",
        inputs=lambda w: {"vpcId": w.vpc, "serviceName": "com.amazonaws.ap-south-1.s3", "routeTableIds": [w.table]},
        changes={"routeTableIds": lambda w: [w.other_table]},
    ),
    *(
        Case(
            type="aws:ec2/flowLog:FlowLog",
            also=also,
            inputs=lambda w, subject=subject, make=make: {
                subject: make(w),
                "trafficType": "ALL",
                "logDestination": w.log_group,
                "logFormat": "${srcaddr} ${dstaddr}",
                "iamRoleArn": w.role,
                "maxAggregationInterval": 60,
                "tags": TAGS,
            },
            outside=lambda w, it: w.ec2.delete_flow_logs(FlowLogIds=[it]),
        )
        for also, subject, make in (
            ("", "vpcId", lambda w: w.vpc),
            ("subnet", "subnetId", lambda w: w.subnet),
            ("interface", "eniId", lambda w: w.interface),
        )
    ),
]
