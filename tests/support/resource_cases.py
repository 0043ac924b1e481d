"""One row or more for each resource type of the simulated AWS: inputs, what may change, what others may do to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.world import World

Make = Callable[[World], Any]
Inputs = dict[str, Any]
TAGS = {"Name": "dhaka", "owner": "shop"}


def trust(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def policy(statement: Inputs) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


READ = policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
WRITE = policy({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})
ALL_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"})
SOME_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"})
OPEN = policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
SHUT = policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})


@dataclass(frozen=True, kw_only=True)
class Case:
    type: str
    inputs: Callable[[World], Inputs]
    changes: dict[str, Make] = field(default_factory=dict[str, Make])
    """A later value of an input; None takes the input away."""
    outside: Callable[[World, str], object] | None = None
    """What somebody else does to it."""
    shows: str = ""
    """The input in which that shows; nothing if it is gone then."""
    also: str = ""
    """Tells several cases of one type apart."""

    @property
    def name(self) -> str:
        return f"{self.type.split(':')[-1]}{self.also and '-'}{self.also}"


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
    return Case(type=f"aws:vpc/{kind}", also=peer, inputs=inputs, changes=changes, **more)


def tag(w: World, resource_id: str) -> None:
    w.ec2.create_tags(Resources=[resource_id], Tags=[{"Key": "touched", "Value": "yes"}])


ANYWHERE = ("destinationCidrBlock", lambda _: "0.0.0.0/0")
CASES = [
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
    Case(
        type="aws:iam/role:Role",
        inputs=lambda w: {
            "assumeRolePolicy": trust("ec2"),
            "path": "/shop/",
            "name": "nodes",
            "permissionsBoundary": w.managed_policy,
            "managedPolicyArns": [w.managed_policy],
            "tags": TAGS,
        },
        changes={
            "assumeRolePolicy": lambda _: trust("eks"),
            "description": lambda _: "nodes",
            "maxSessionDuration": lambda _: 7200,
            "permissionsBoundary": lambda _: None,
            "managedPolicyArns": lambda w: [w.other_managed_policy],
            "forceDetachPolicies": lambda _: True,
        },
        outside=lambda w, it: w.client("iam").update_role(RoleName=it, Description="by hand"),
        shows="description",
    ),
    Case(
        type="aws:iam/role:Role",
        also="prefix",
        inputs=lambda _: {"assumeRolePolicy": trust("ec2"), "namePrefix": "nodes-", "description": "nodes"},
        changes={"description": lambda _: None},
    ),
    Case(
        type="aws:iam/rolePolicy:RolePolicy",
        inputs=lambda w: {"role": w.role_name, "name": "read", "policy": READ},
        changes={"policy": lambda _: WRITE},
        outside=lambda w, it: w.client("iam").put_role_policy(
            RoleName=w.role_name, PolicyName="read", PolicyDocument=WRITE
        ),
        shows="policy",
    ),
    Case(
        type="aws:iam/rolePolicy:RolePolicy",
        also="prefix",
        inputs=lambda w: {"role": w.role_name, "namePrefix": "read-", "policy": READ},
    ),
    Case(
        type="aws:kms/key:Key",
        inputs=lambda _: {"description": "logs", "enableKeyRotation": True, "policy": ALL_KMS, "tags": TAGS},
        changes={
            "description": lambda _: "flow logs",
            "enableKeyRotation": lambda _: False,
            "isEnabled": lambda _: False,
            "policy": lambda _: SOME_KMS,
            "deletionWindowInDays": lambda _: 7,
            "bypassPolicyLockoutSafetyCheck": lambda _: True,
        },
        outside=lambda w, it: w.client("kms").disable_key_rotation(KeyId=it),
        shows="enableKeyRotation",
    ),
    Case(
        type="aws:kms/key:Key",
        also="asymmetric",
        inputs=lambda _: {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY", "multiRegion": True},
    ),
    Case(
        type="aws:kms/alias:Alias",
        inputs=lambda w: {"name": "alias/logs", "targetKeyId": w.key},
        changes={"targetKeyId": lambda w: w.other_key},
        outside=lambda w, it: w.client("kms").update_alias(AliasName=it, TargetKeyId=w.other_key),
        shows="targetKeyId",
    ),
    Case(
        type="aws:kms/alias:Alias",
        also="arn",
        inputs=lambda w: {"namePrefix": "alias/logs-", "targetKeyId": w.key_arn},
    ),
    Case(
        type="aws:cloudwatch/logGroup:LogGroup",
        inputs=lambda w: {"name": "/dhaka/flows", "retentionInDays": 30, "kmsKeyId": w.key_arn, "tags": TAGS},
        changes={"retentionInDays": lambda _: 0, "skipDestroy": lambda _: False},
        outside=lambda w, it: w.client("logs").delete_retention_policy(logGroupName=it),
        shows="retentionInDays",
    ),
    Case(type="aws:cloudwatch/logGroup:LogGroup", also="prefix", inputs=lambda _: {"namePrefix": "/dhaka/"}),
]
FIRST = list({case.type: case for case in reversed(CASES)}.values())
"""One for each type."""
