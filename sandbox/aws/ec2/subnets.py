"""EC2: subnets and what is reserved in them."""

from collections.abc import Iterator

from sandbox.aws.checks import arn, cidr, names
from sandbox.aws.ec2.common import EC2_TAGS, IPV4_NETMASK, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_map, titled
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

IPV6_NETMASKS = tuple(range(44, 65, 4))
SUBNET_SENT = names("availabilityZone availabilityZoneId cidrBlock vpcId")
RESERVATION_SENT = names("cidrBlock description reservationType subnetId")


def _ipv6_block_forces_a_new_subnet(old: Inputs, new: Inputs) -> frozenset[str]:
    moved = "ipv6CidrBlock" in new and old.get("ipv6CidrBlock") != new["ipv6CidrBlock"]
    return frozenset({"ipv6CidrBlock"} if moved and old.get("assignIpv6AddressOnCreation") else ())


def _device_index(inputs: Inputs) -> str | None:
    if inputs.get("enableLniAtDeviceIndex") == 0:
        return "enableLniAtDeviceIndex must not be zero, got 0: index 0 is the primary network interface"
    return None


SUBNET = Constraints(
    source="internal/service/ec2/vpc_subnet.go",
    inputs=names(
        "assignIpv6AddressOnCreation availabilityZone availabilityZoneId cidrBlock",
        "customerOwnedIpv4Pool enableDns64 enableLniAtDeviceIndex",
        "enableResourceNameDnsARecordOnLaunch enableResourceNameDnsAaaaRecordOnLaunch",
        "ipv4IpamPoolId ipv4NetmaskLength ipv6CidrBlock ipv6IpamPoolId ipv6Native",
        "ipv6NetmaskLength mapCustomerOwnedIpOnLaunch mapPublicIpOnLaunch outpostArn",
        "privateDnsHostnameTypeOnLaunch region tags vpcId",
    ),
    required=("vpcId",),
    replaces=names(
        "availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
        "ipv6IpamPoolId ipv6Native ipv6NetmaskLength outpostArn region vpcId",
    ),
    conflicts=(
        ("availabilityZone", "availabilityZoneId"),
        ("ipv4IpamPoolId", "customerOwnedIpv4Pool"),
        ("ipv4NetmaskLength", "cidrBlock"),
        ("ipv4NetmaskLength", "customerOwnedIpv4Pool"),
        ("ipv6NetmaskLength", "ipv6CidrBlock"),
    ),
    together={
        "customerOwnedIpv4Pool": ("mapCustomerOwnedIpOnLaunch", "outpostArn"),
        "ipv4NetmaskLength": ("ipv4IpamPoolId",),
        "ipv6NetmaskLength": ("ipv6IpamPoolId",),
        "mapCustomerOwnedIpOnLaunch": ("customerOwnedIpv4Pool", "outpostArn"),
    },
    values={
        "ipv6NetmaskLength": IPV6_NETMASKS,
        "privateDnsHostnameTypeOnLaunch": ("ip-name", "resource-name"),
    },
    ranges={"ipv4NetmaskLength": IPV4_NETMASK},
    defaults={
        "assignIpv6AddressOnCreation": False,
        "enableDns64": False,
        "enableResourceNameDnsARecordOnLaunch": False,
        "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "ipv6Native": False,
        "mapPublicIpOnLaunch": False,
    },
    computed=names(
        "availabilityZone availabilityZoneId cidrBlock ipv6CidrBlock",
        "privateDnsHostnameTypeOnLaunch",
    ),
    checks=(cidr("cidrBlock", 4), cidr("ipv6CidrBlock", 6), arn("outpostArn"), _device_index),
    replaces_when=_ipv6_block_forces_a_new_subnet,
)

SUBNET_CIDR_RESERVATION = Constraints(
    source="internal/service/ec2/vpc_subnet_cidr_reservation.go",
    inputs=frozenset({"cidrBlock", "description", "region", "reservationType", "subnetId"}),
    required=("cidrBlock", "reservationType", "subnetId"),
    replaces=frozenset({"cidrBlock", "description", "region", "reservationType", "subnetId"}),
    values={"reservationType": ("prefix", "explicit")},
    checks=(cidr("cidrBlock"),),
)


def _create_subnet(aws: Region, props: Props) -> str:
    parameters = send(props, *SUBNET_SENT)
    if zone_id := parameters.pop("AvailabilityZoneId", None):
        # Moto takes a subnet that names its zone by id for the zone's default one.
        path = f"AvailabilityZones[?ZoneId=='{zone_id}'] | [0].ZoneName"
        parameters["AvailabilityZone"] = aws.find("ec2", "DescribeAvailabilityZones", path)
    reply = aws.call("ec2", "CreateSubnet", **parameters, **tagged("subnet", props))
    return reply["Subnet"]["SubnetId"]


def _read_subnet(aws: Region, subnet_id: str, state: Props) -> Props | None:
    subnet = aws.find("ec2", "DescribeSubnets", "Subnets[0]", ("InvalidSubnetID.NotFound",), SubnetIds=[subnet_id])
    if subnet is None:
        return None
    names = ("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "OwnerId", "MapPublicIpOnLaunch")
    found = receive(subnet, *names, arn="SubnetArn")
    host_names = subnet["PrivateDnsNameOptionsOnLaunch"]
    return found | {
        "enableResourceNameDnsARecordOnLaunch": host_names["EnableResourceNameDnsARecord"],
        "privateDnsHostnameTypeOnLaunch": host_names["HostnameType"],
        "tags": tag_map(subnet.get("Tags")),
    }


def _attribute(name: str) -> Setting:
    """ModifySubnetAttribute takes one attribute a call."""

    def apply(aws: Region, subnet_id: str, props: Props) -> None:
        aws.call("ec2", "ModifySubnetAttribute", SubnetId=subnet_id, **{titled(name): {"Value": props[name]}})

    return Setting(inputs=(name,), apply=apply)


def _create_reservation(aws: Region, props: Props) -> str:
    parameters = send(props, *(RESERVATION_SENT - {"cidrBlock"}), Cidr="cidrBlock")
    reply = aws.call("ec2", "CreateSubnetCidrReservation", **parameters)
    return reply["SubnetCidrReservation"]["SubnetCidrReservationId"]


def _reservations(aws: Region, subnet_id: str) -> Iterator[Props]:
    both = "[SubnetIpv4CidrReservations, SubnetIpv6CidrReservations][]"
    missing = ("InvalidSubnetID.NotFound",)
    yield from aws.find("ec2", "GetSubnetCidrReservations", both, missing, SubnetId=subnet_id) or ()


def _read_reservation(aws: Region, reservation_id: str, state: Props) -> Props | None:
    """EC2 lists reservations by subnet only: without a state to name it, every subnet is asked."""
    known = state.get("subnetId")
    subnets: list[str] = [known] if known else aws.find("ec2", "DescribeSubnets", "Subnets[].SubnetId")
    for subnet in subnets:
        for found in _reservations(aws, subnet):
            if found["SubnetCidrReservationId"] == reservation_id:
                return receive(found, "SubnetId", "ReservationType", "OwnerId", "Description", cidrBlock="Cidr")
    return None


TYPES = (
    AwsType(
        type="aws:ec2/subnet:Subnet",
        constraints=SUBNET,
        create=_create_subnet,
        sent=SUBNET_SENT,
        read=_read_subnet,
        delete=lambda aws, subnet_id, _: aws.call("ec2", "DeleteSubnet", SubnetId=subnet_id),
        settings=(_attribute("mapPublicIpOnLaunch"), _attribute("enableResourceNameDnsARecordOnLaunch")),
        as_made={"privateDnsHostnameTypeOnLaunch": "ip-name"},
        tagging=EC2_TAGS,
        census=Census(service="ec2", operation="DescribeSubnets", path="Subnets[?!DefaultForAz].SubnetId"),
    ),
    AwsType(
        type="aws:ec2/subnetCidrReservation:SubnetCidrReservation",
        constraints=SUBNET_CIDR_RESERVATION,
        create=_create_reservation,
        sent=RESERVATION_SENT,
        unread=frozenset({"description"}),  # moto forgets it
        read=_read_reservation,
        delete=lambda aws, reservation_id, _: aws.call(
            "ec2", "DeleteSubnetCidrReservation", SubnetCidrReservationId=reservation_id
        ),
    ),
)
