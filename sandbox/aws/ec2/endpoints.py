"""EC2: VPC endpoints."""

from sandbox.aws.checks import arn, json_text, names
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_map, titled
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

LISTS = ("routeTableIds", "securityGroupIds", "subnetIds")
SENT_BY_NAME = names("privateDnsEnabled serviceName vpcEndpointType vpcId") | {*LISTS}


def _private_dns_forces_a_new_endpoint(old: Inputs, new: Inputs) -> frozenset[str]:
    """Only interface endpoints can turn private DNS on and off in place."""
    name = "privateDnsEnabled"
    turned = name in new and bool(old.get(name)) != bool(new[name])
    return frozenset({name} if turned and new.get("vpcEndpointType") != "Interface" else ())


VPC_ENDPOINT = Constraints(
    source="internal/service/ec2/vpc_endpoint.go",
    inputs=names(
        "autoAccept dnsOptions ipAddressType policy privateDnsEnabled region",
        "resourceConfigurationArn routeTableIds securityGroupIds serviceName serviceNetworkArn",
        "serviceRegion subnetConfigurations subnetIds tags vpcEndpointType vpcId",
    ),
    required=("vpcId",),
    replaces=names(
        "dnsOptions.privateDnsPreference dnsOptions.privateDnsSpecifiedDomains region",
        "resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType",
        "vpcId",
    ),
    exactly_one=(("resourceConfigurationArn", "serviceName", "serviceNetworkArn"),),
    values={
        "dnsOptions.dnsRecordIpType": ("ipv4", "dualstack", "ipv6", "service-defined"),
        "dnsOptions.privateDnsPreference": (
            "ALL_DOMAINS",
            "VERIFIED_DOMAINS_ONLY",
            "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS",
            "SPECIFIED_DOMAINS_ONLY",
        ),
        "ipAddressType": ("ipv4", "dualstack", "ipv6"),
        "vpcEndpointType": ("Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
    },
    defaults={"vpcEndpointType": "Gateway"},
    computed=names(
        "dnsOptions ipAddressType policy privateDnsEnabled routeTableIds securityGroupIds",
        "serviceRegion subnetConfigurations subnetIds",
    ),
    sets=frozenset({"routeTableIds", "securityGroupIds", "subnetConfigurations", "subnetIds"}),
    documents=frozenset({"policy"}),
    checks=(arn("resourceConfigurationArn"), arn("serviceNetworkArn"), json_text("policy")),
    replaces_when=_private_dns_forces_a_new_endpoint,
)


def _create(aws: Region, props: Props) -> str:
    parameters = send(props, *SENT_BY_NAME, PolicyDocument="policy")
    reply = aws.call("ec2", "CreateVpcEndpoint", **parameters, **tagged("vpc-endpoint", props))
    return reply["VpcEndpoint"]["VpcEndpointId"]


def _read(aws: Region, endpoint_id: str, state: Props) -> Props | None:
    missing = ("InvalidVpcEndpointId.NotFound",)
    endpoint = aws.find("ec2", "DescribeVpcEndpoints", "VpcEndpoints[0]", missing, VpcEndpointIds=[endpoint_id])
    if endpoint is None or endpoint.get("State", "").lower() in {"deleted", "deleting"}:
        return None
    found = receive(endpoint, "VpcId", "ServiceName", "VpcEndpointType", "State", "OwnerId", "DnsEntries")
    found |= receive(endpoint, "SubnetIds", "RouteTableIds", "NetworkInterfaceIds", policy="PolicyDocument")
    if found["vpcEndpointType"] == "Interface":
        found |= receive(endpoint, "PrivateDnsEnabled")
    return found | {
        "arn": ec2_arn(aws, endpoint["OwnerId"], f"vpc-endpoint/{endpoint_id}"),
        "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", ())],
        "tags": tag_map(endpoint.get("Tags")),
    }


def _endpoint_list(name: str) -> Setting:
    """ModifyVpcEndpoint takes what to add and what to remove."""

    def apply(aws: Region, endpoint_id: str, props: Props) -> None:
        current = set[str]((_read(aws, endpoint_id, {}) or {}).get(name, ()))
        wanted = set[str](props.get(name, ()))
        change = {f"Add{titled(name)}": sorted(wanted - current), f"Remove{titled(name)}": sorted(current - wanted)}
        given = {parameter: ids for parameter, ids in change.items() if ids}
        if given:
            aws.call("ec2", "ModifyVpcEndpoint", VpcEndpointId=endpoint_id, **given)

    return Setting(inputs=(name,), apply=apply)


def _put_policy(aws: Region, endpoint_id: str, props: Props) -> None:
    aws.call("ec2", "ModifyVpcEndpoint", VpcEndpointId=endpoint_id, PolicyDocument=props["policy"])


TYPES = (
    AwsType(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        constraints=VPC_ENDPOINT,
        create=_create,
        sent=SENT_BY_NAME | {"policy"},
        read=_read,
        delete=lambda aws, endpoint_id, _: aws.call("ec2", "DeleteVpcEndpoints", VpcEndpointIds=[endpoint_id]),
        settings=(
            *(_endpoint_list(name) for name in LISTS),
            Setting(inputs=("policy",), apply=_put_policy),
        ),
        as_made={"ipAddressType": "ipv4"},
        tagging=EC2_TAGS,
        census=Census(
            service="ec2", operation="DescribeVpcEndpoints", path="VpcEndpoints[?State!='deleted'].VpcEndpointId"
        ),
    ),
)
