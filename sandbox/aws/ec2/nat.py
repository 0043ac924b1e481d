"""EC2: Elastic IPs and NAT gateways."""

from ipaddress import IPv4Address

from sandbox.aws.checks import names
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, account_id, receive, send, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

ADDRESS_SENT = frozenset({"domain"})
NAT_GATEWAY_SENT = names("allocationId connectivityType subnetId")

UNFIT = {
    "private": ("allocationId", "secondaryAllocationIds"),
    "public": ("secondaryPrivateIpAddressCount",),
}
"""Of a NAT gateway: what its connectivity type rules out."""


def _private_ip(inputs: Inputs) -> str | None:
    value = inputs.get("privateIp")
    if not isinstance(value, str):
        return None
    try:
        IPv4Address(value)
    except ValueError:
        return f"expected privateIp to contain a valid IPv4 address, got: {value}"
    return None


def _fits_connectivity(inputs: Inputs) -> str | None:
    connectivity = inputs.get("connectivityType")
    for name in UNFIT.get(str(connectivity), ()):
        if inputs.get(name) not in (None, "", []):
            return f'{name} is not supported with connectivityType = "{connectivity}"'
    return None


def _zones_named(inputs: Inputs) -> str | None:
    if inputs.get("availabilityMode") != "regional":
        return None
    for index, address in enumerate(inputs.get("availabilityZoneAddresses") or []):
        if not address.get("availabilityZone") and not address.get("availabilityZoneId"):
            wanted = "at least one of availabilityZone or availabilityZoneId must be specified"
            return f"availabilityZoneAddresses[{index}]: {wanted}"
    return None


def _nat_gateway_forced(old: Inputs, new: Inputs) -> frozenset[str]:
    """A regional gateway cannot turn from automatic to listed zones; a private one's address count is for life."""
    forced: set[str] = set()
    listed = bool(old.get("availabilityZoneAddresses")), bool(new.get("availabilityZoneAddresses"))
    if new.get("availabilityMode") == "regional" and listed[0] != listed[1]:
        forced.add("availabilityZoneAddresses")
    count = "secondaryPrivateIpAddressCount"
    if new.get("connectivityType") == "private" and count in new and old.get(count) != new[count]:
        forced.add(count)
    return frozenset(forced)


EIP = Constraints(
    source="internal/service/ec2/ec2_eip.go",
    inputs=names(
        "address associateWithPrivateIp customerOwnedIpv4Pool domain instance ipamPoolId",
        "networkBorderGroup networkInterface publicIpv4Pool region tags",
    ),
    replaces=frozenset({"address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool", "region"}),
    values={"domain": ("vpc", "standard")},
    computed=names(
        "domain instance ipamPoolId networkBorderGroup networkInterface publicIpv4Pool",
    ),
)

NAT_GATEWAY = Constraints(
    source="internal/service/ec2/vpc_nat_gateway.go",
    inputs=names(
        "allocationId availabilityMode availabilityZoneAddresses connectivityType privateIp",
        "region secondaryAllocationIds secondaryPrivateIpAddressCount secondaryPrivateIpAddresses",
        "subnetId tags vpcId",
    ),
    replaces=frozenset(
        {"allocationId", "availabilityMode", "connectivityType", "privateIp", "region", "subnetId", "vpcId"}
    ),
    conflicts=(("secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"),),
    values={"availabilityMode": ("zonal", "regional"), "connectivityType": ("private", "public")},
    defaults={"connectivityType": "public"},
    computed=names(
        "availabilityMode privateIp secondaryAllocationIds secondaryPrivateIpAddressCount",
        "secondaryPrivateIpAddresses vpcId",
    ),
    sets=frozenset({"availabilityZoneAddresses", "secondaryAllocationIds", "secondaryPrivateIpAddresses"}),
    checks=(_private_ip, _fits_connectivity, _zones_named),
    replaces_when=_nat_gateway_forced,
)


def _create_address(aws: Region, props: Props) -> str:
    return aws.call("ec2", "AllocateAddress", **send(props, *ADDRESS_SENT), **tagged("elastic-ip", props))[
        "AllocationId"
    ]


def _read_address(aws: Region, allocation_id: str, state: Props) -> Props | None:
    address = aws.find(
        "ec2", "DescribeAddresses", "Addresses[0]", ("InvalidAllocationID.NotFound",), AllocationIds=[allocation_id]
    )
    if address is None:
        return None
    found = receive(address, "Domain", "PublicIp", "AllocationId")
    arn = ec2_arn(aws, account_id(aws), f"elastic-ip/{allocation_id}")
    return found | {"arn": arn, "tags": tag_map(address.get("Tags"))}


def _create_nat_gateway(aws: Region, props: Props) -> str:
    reply = aws.call("ec2", "CreateNatGateway", **send(props, *NAT_GATEWAY_SENT), **tagged("natgateway", props))
    return reply["NatGateway"]["NatGatewayId"]


def _read_nat_gateway(aws: Region, gateway_id: str, state: Props) -> Props | None:
    missing = ("NatGatewayNotFound",)
    gateway = aws.find("ec2", "DescribeNatGateways", "NatGateways[0]", missing, NatGatewayIds=[gateway_id])
    if gateway is None or gateway["State"] in {"deleted", "deleting"}:
        return None
    found = receive(gateway, "SubnetId", "ConnectivityType")
    for address in gateway["NatGatewayAddresses"][:1]:
        found |= receive(address, "AllocationId", "PublicIp", "NetworkInterfaceId", "PrivateIp")
    return found | {"tags": tag_map(gateway.get("Tags"))}


def _delete_nat_gateway(aws: Region, gateway_id: str, state: Props) -> None:
    aws.call("ec2", "DeleteNatGateway", NatGatewayId=gateway_id)


TYPES = (
    AwsType(
        type="aws:ec2/eip:Eip",
        constraints=EIP,
        create=_create_address,
        sent=ADDRESS_SENT,
        read=_read_address,
        delete=lambda aws, allocation_id, _: aws.call("ec2", "ReleaseAddress", AllocationId=allocation_id),
        tagging=EC2_TAGS,
        census=Census(service="ec2", operation="DescribeAddresses", path="Addresses[].AllocationId"),
    ),
    AwsType(
        type="aws:ec2/natGateway:NatGateway",
        constraints=NAT_GATEWAY,
        create=_create_nat_gateway,
        sent=NAT_GATEWAY_SENT,
        as_made={"availabilityMode": "zonal"},
        read=_read_nat_gateway,
        delete=_delete_nat_gateway,
        tagging=EC2_TAGS,
        census=Census(
            service="ec2", operation="DescribeNatGateways", path="NatGateways[?State!='deleted'].NatGatewayId"
        ),
    ),
)
