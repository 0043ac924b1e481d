"""EC2: VPCs, their address blocks and internet gateways."""

from sandbox.aws.checks import cidr_of_length, names
from sandbox.aws.ec2.common import EC2_TAGS, IPV4_NETMASK, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_map, titled
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

IPV6_NETMASKS = tuple(range(44, 61, 4))
VPC_SENT = names("cidrBlock instanceTenancy")
CIDR_ASSOCIATION_SENT = names("cidrBlock vpcId")
ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics")


def _tenancy_forces_a_new_vpc(old: Inputs, new: Inputs) -> frozenset[str]:
    """AWS can only turn ``dedicated`` back into ``default`` in place."""
    before, after = old.get("instanceTenancy", "default"), new.get("instanceTenancy", "default")
    in_place = before == after or (before, after) == ("dedicated", "default")
    return frozenset() if in_place else frozenset({"instanceTenancy"})


VPC = Constraints(
    source="internal/service/ec2/vpc_.go",
    inputs=names(
        "assignGeneratedIpv6CidrBlock cidrBlock enableDnsHostnames enableDnsSupport",
        "enableNetworkAddressUsageMetrics instanceTenancy ipv4IpamPoolId ipv4NetmaskLength",
        "ipv6CidrBlock ipv6CidrBlockNetworkBorderGroup ipv6IpamPoolId ipv6NetmaskLength region",
        "tags",
    ),
    replaces=frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"}),
    conflicts=(
        ("assignGeneratedIpv6CidrBlock", "ipv6IpamPoolId"),
        ("cidrBlock", "ipv4NetmaskLength"),
        ("ipv6CidrBlock", "ipv6NetmaskLength"),
        ("ipv6CidrBlock", "assignGeneratedIpv6CidrBlock"),
    ),
    together={
        "ipv4NetmaskLength": ("ipv4IpamPoolId",),
        "ipv6CidrBlock": ("ipv6IpamPoolId",),
        "ipv6CidrBlockNetworkBorderGroup": ("assignGeneratedIpv6CidrBlock",),
        "ipv6NetmaskLength": ("ipv6IpamPoolId",),
    },
    values={"instanceTenancy": ("default", "dedicated"), "ipv6NetmaskLength": IPV6_NETMASKS},
    ranges={"ipv4NetmaskLength": IPV4_NETMASK},
    defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
    computed=names(
        "cidrBlock enableDnsHostnames enableNetworkAddressUsageMetrics ipv6CidrBlock",
        "ipv6CidrBlockNetworkBorderGroup",
    ),
    checks=(
        cidr_of_length("cidrBlock", 4, range(IPV4_NETMASK[0], IPV4_NETMASK[1] + 1)),
        cidr_of_length("ipv6CidrBlock", 6, IPV6_NETMASKS),
    ),
    replaces_when=_tenancy_forces_a_new_vpc,
)

VPC_IPV4_CIDR_BLOCK_ASSOCIATION = Constraints(
    source="internal/service/ec2/vpc_ipv4_cidr_block_association.go",
    inputs=frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "region", "vpcId"}),
    required=("vpcId",),
    replaces=frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "region", "vpcId"}),
    ranges={"ipv4NetmaskLength": IPV4_NETMASK},
    computed=frozenset({"cidrBlock"}),
    checks=(cidr_of_length("cidrBlock", 4, range(IPV4_NETMASK[0], IPV4_NETMASK[1] + 1)),),
)

INTERNET_GATEWAY = Constraints(
    source="internal/service/ec2/vpc_internet_gateway.go",
    inputs=frozenset({"region", "tags", "vpcId"}),
    replaces=frozenset({"region"}),
    computed=frozenset({"vpcId"}),
)


def _vpc_attribute(name: str) -> Setting:
    """ModifyVpcAttribute takes one attribute a call."""

    def apply(aws: Region, vpc_id: str, props: Props) -> None:
        aws.call("ec2", "ModifyVpcAttribute", VpcId=vpc_id, **{titled(name): {"Value": props[name]}})

    return Setting(inputs=(name,), apply=apply)


def _share_hardware(aws: Region, vpc_id: str, props: Props) -> None:
    aws.call("ec2", "ModifyVpcTenancy", VpcId=vpc_id, **send(props, "instanceTenancy"))


def _create_vpc(aws: Region, props: Props) -> str:
    return aws.call("ec2", "CreateVpc", **send(props, *VPC_SENT), **tagged("vpc", props))["Vpc"]["VpcId"]


def _read_vpc(aws: Region, vpc_id: str, state: Props) -> Props | None:
    vpc = aws.find("ec2", "DescribeVpcs", "Vpcs[0]", ("InvalidVpcID.NotFound",), VpcIds=[vpc_id])
    if vpc is None:
        return None
    found = receive(vpc, "CidrBlock", "InstanceTenancy", "OwnerId", "DhcpOptionsId")
    for name in ATTRIBUTES:
        path = f"{titled(name)}.Value"
        found[name] = aws.find("ec2", "DescribeVpcAttribute", path, VpcId=vpc_id, Attribute=name)
    within = {"Name": "vpc-id", "Values": [vpc_id]}
    main = [within, {"Name": "association.main", "Values": ["true"]}]
    table = aws.find("ec2", "DescribeRouteTables", "RouteTables[0].RouteTableId", Filters=main)
    default = [within, {"Name": "group-name", "Values": ["default"]}]
    group = aws.find("ec2", "DescribeSecurityGroups", "SecurityGroups[0].GroupId", Filters=default)
    return found | {
        "arn": ec2_arn(aws, vpc["OwnerId"], f"vpc/{vpc_id}"),
        "tags": tag_map(vpc.get("Tags")),
        "mainRouteTableId": table,
        "defaultRouteTableId": table,
        "defaultSecurityGroupId": group,
    }


def _add_block(aws: Region, props: Props) -> str:
    reply = aws.call("ec2", "AssociateVpcCidrBlock", **send(props, *CIDR_ASSOCIATION_SENT))
    return reply["CidrBlockAssociation"]["AssociationId"]


def _read_cidr_association(aws: Region, association_id: str, state: Props) -> Props | None:
    path = f"Vpcs[].[VpcId, CidrBlockAssociationSet[?AssociationId=='{association_id}'] | [0]] | [?[1]] | [0]"
    found = aws.find("ec2", "DescribeVpcs", path)
    if found is None or found[1]["CidrBlockState"]["State"] != "associated":
        return None
    return {"vpcId": found[0], "cidrBlock": found[1]["CidrBlock"]}


def _create_internet_gateway(aws: Region, props: Props) -> str:
    reply = aws.call("ec2", "CreateInternetGateway", **tagged("internet-gateway", props))
    return reply["InternetGateway"]["InternetGatewayId"]


def _read_internet_gateway(aws: Region, gateway_id: str, state: Props) -> Props | None:
    missing = ("InvalidInternetGatewayID.NotFound",)
    gateway = aws.find(
        "ec2", "DescribeInternetGateways", "InternetGateways[0]", missing, InternetGatewayIds=[gateway_id]
    )
    if gateway is None:
        return None
    attached = [attachment["VpcId"] for attachment in gateway.get("Attachments", [])]
    found = {"arn": ec2_arn(aws, gateway["OwnerId"], f"internet-gateway/{gateway_id}"), "ownerId": gateway["OwnerId"]}
    return found | {"vpcId": attached[0] if attached else None, "tags": tag_map(gateway.get("Tags"))}


def _attach(aws: Region, gateway_id: str, props: Props) -> None:
    """To its VPC, from whichever it was attached to before."""
    state = _read_internet_gateway(aws, gateway_id, {}) or {}
    if state.get("vpcId"):
        aws.call("ec2", "DetachInternetGateway", InternetGatewayId=gateway_id, VpcId=state["vpcId"])
    if props.get("vpcId"):
        aws.call("ec2", "AttachInternetGateway", InternetGatewayId=gateway_id, VpcId=props["vpcId"])


def _delete_internet_gateway(aws: Region, gateway_id: str, state: Props) -> None:
    _attach(aws, gateway_id, {})
    aws.call("ec2", "DeleteInternetGateway", InternetGatewayId=gateway_id)


TYPES = (
    AwsType(
        type="aws:ec2/vpc:Vpc",
        constraints=VPC,
        create=_create_vpc,
        sent=VPC_SENT,
        read=_read_vpc,
        delete=lambda aws, vpc_id, _: aws.call("ec2", "DeleteVpc", VpcId=vpc_id),
        settings=(
            *(_vpc_attribute(name) for name in ATTRIBUTES),
            Setting(inputs=("instanceTenancy",), apply=_share_hardware),
        ),
        tagging=EC2_TAGS,
        census=Census(service="ec2", operation="DescribeVpcs", path="Vpcs[?!IsDefault].VpcId"),
    ),
    AwsType(
        type="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        constraints=VPC_IPV4_CIDR_BLOCK_ASSOCIATION,
        create=_add_block,
        sent=CIDR_ASSOCIATION_SENT,
        read=_read_cidr_association,
        delete=lambda aws, association_id, _: aws.call("ec2", "DisassociateVpcCidrBlock", AssociationId=association_id),
    ),
    AwsType(
        type="aws:ec2/internetGateway:InternetGateway",
        constraints=INTERNET_GATEWAY,
        create=_create_internet_gateway,
        sent=frozenset(),
        read=_read_internet_gateway,
        delete=_delete_internet_gateway,
        settings=(Setting(inputs=("vpcId",), apply=_attach),),
        tagging=EC2_TAGS,
        census=Census(
            service="ec2",
            operation="DescribeInternetGateways",
            path="InternetGateways[].InternetGatewayId",
        ),
    ),
)
