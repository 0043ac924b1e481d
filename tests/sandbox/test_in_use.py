"""What AWS keeps because something uses it, and moto by itself would let go; what it lets go once nothing does."""

import pytest

from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.services import TYPES
from tests.support.world import World

NAT, ADDRESS, INTERNET = "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip", "aws:ec2/internetGateway:InternetGateway"
SUBNET, GROUP = "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"
BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"


@pytest.fixture
def aws(account: str) -> Region:
    return Gateway().region("ap-south-1")


@pytest.fixture
def world(aws: Region) -> World:
    aws.call("ec2", "DescribeVpcs")
    return World()


def kept(aws: Region, kind: str, it: str) -> str:
    with pytest.raises(AwsError) as refused:
        TYPES[kind].delete(aws, it, {})
    assert TYPES[kind].read(aws, it, {}) is not None
    return refused.value.code


def goes(aws: Region, kind: str, it: str) -> bool:
    TYPES[kind].delete(aws, it, {})
    return TYPES[kind].read(aws, it, {}) is None


def test_a_nat_gateway_holds_its_subnet_its_address_and_the_way_out(aws: Region, world: World) -> None:
    gateway, internet = world.nat, world.internet
    assert kept(aws, SUBNET, world.subnet) == "DependencyViolation"
    assert kept(aws, ADDRESS, world.address) == "InvalidIPAddress.InUse"
    assert kept(aws, INTERNET, internet) == "DependencyViolation"
    assert goes(aws, NAT, gateway)
    assert all(
        goes(aws, kind, it) for kind, it in [(ADDRESS, world.address), (INTERNET, internet), (SUBNET, world.subnet)]
    )


def test_an_endpoint_holds_its_subnet_and_its_security_group(aws: Region, world: World) -> None:
    endpoint = aws.find(
        "ec2",
        "CreateVpcEndpoint",
        "VpcEndpoint.VpcEndpointId",
        VpcId=world.vpc,
        ServiceName="com.amazonaws.ap-south-1.logs",
        VpcEndpointType="Interface",
        SubnetIds=[world.subnet],
        SecurityGroupIds=[world.group],
    )
    assert kept(aws, SUBNET, world.subnet) == "DependencyViolation"
    assert kept(aws, GROUP, world.group) == "DependencyViolation"
    moved = {"AddSubnetIds": [world.other_subnet], "RemoveSubnetIds": [world.subnet]}
    aws.call("ec2", "ModifyVpcEndpoint", VpcEndpointId=endpoint, **moved)
    assert goes(aws, SUBNET, world.subnet)
    assert kept(aws, SUBNET, world.other_subnet) == "DependencyViolation"
    aws.call("ec2", "DeleteVpcEndpoints", VpcEndpointIds=[endpoint])
    assert goes(aws, SUBNET, world.other_subnet)
    assert goes(aws, GROUP, world.group)


def test_a_subnet_holds_the_block_that_it_lies_in(aws: Region, world: World) -> None:
    block = TYPES[BLOCK].create(aws, {"vpcId": world.vpc, "cidrBlock": "100.64.0.0/16"})
    inside, beside = (
        TYPES[SUBNET].create(aws, {"vpcId": world.vpc, "cidrBlock": cidr}) for cidr in ("100.64.1.0/24", "10.0.1.0/24")
    )
    assert kept(aws, BLOCK, block) == "InvalidCidrBlock.InUse"
    assert goes(aws, SUBNET, inside)
    assert goes(aws, BLOCK, block)
    assert TYPES[SUBNET].read(aws, beside, {}) is not None


def test_a_log_group_takes_another_key_that_there_is_or_none(aws: Region, world: World) -> None:
    groups = TYPES["aws:cloudwatch/logGroup:LogGroup"]
    (encrypt,) = (setting for setting in groups.settings if setting.inputs == ("kmsKeyId",))
    name = groups.create(aws, {"name": "flows"})
    for key in (world.key_arn, None):
        encrypt.apply(aws, name, {"kmsKeyId": key})
        assert (groups.read(aws, name, {}) or {}).get("kmsKeyId") == key
    with pytest.raises(AwsError, match="InvalidParameterException"):
        encrypt.apply(aws, name, {"kmsKeyId": f"{world.key_arn[:-4]}0000"})
