"""Staging's network as it stands in simulated AWS, asked through boto3."""

from ipaddress import ip_network

import pytest

EVERYWHERE = "0.0.0.0/0"
ZONES = ["ap-south-1a", "ap-south-1b"]


@pytest.mark.parametrize(
    ("tier", "cidrs"),
    [
        ("public", ["10.0.1.0/24", "10.0.2.0/24"]),
        ("app", ["10.0.10.0/24", "10.0.20.0/24"]),
        ("database", ["10.0.100.0/24", "10.0.200.0/24"]),
        ("pods", ["100.64.0.0/18", "100.64.64.0/18"]),
    ],
)
def test_each_tier_has_the_required_block_in_each_zone(aws, tier, cidrs):
    subnets = aws.subnets(tier)
    assert [(subnet["AvailabilityZone"], subnet["CidrBlock"]) for subnet in subnets] == list(
        zip(ZONES, cidrs, strict=True)
    )


def test_the_vpc_has_the_required_block_and_one_for_pods(aws):
    blocks = {block["CidrBlock"] for block in aws.vpc()["CidrBlockAssociationSet"]}
    assert aws.vpc()["CidrBlock"] == "10.0.0.0/16"
    assert blocks == {"10.0.0.0/16", "100.64.0.0/16"}


def test_each_app_subnet_leaves_through_the_nat_gateway_of_its_own_zone(aws):
    zones = {
        subnet["SubnetId"]: subnet["AvailabilityZone"] for tier in ("app", "public") for subnet in aws.subnets(tier)
    }
    gateways = {gateway["NatGatewayId"]: gateway for gateway in aws.ec2.describe_nat_gateways()["NatGateways"]}
    for table in aws.route_tables("app"):
        (route,) = table.routes_to(EVERYWHERE)
        (subnet,) = table.subnets
        gateway = gateways[route["NatGatewayId"]]
        assert zones[gateway["SubnetId"]] == zones[subnet], f"{table.name} leaves through another zone"


@pytest.mark.parametrize("tier", ["database", "pods"])
def test_no_route_leads_out_of_the_vpc_from(aws, tier):
    tables = aws.route_tables(tier)
    assert len(tables) == len(ZONES)
    for table in tables:
        assert {route.get("GatewayId") for route in table.routes} == {"local"}, f"{table.name} leads out"


def test_public_subnets_reach_the_internet_gateway(aws):
    for table in aws.route_tables("public"):
        (route,) = table.routes_to(EVERYWHERE)
        assert route["GatewayId"].startswith("igw-")


def test_every_subnet_has_a_route_table_of_its_own(aws):
    tables = [table for tier in ("public", "app", "database", "pods") for table in aws.route_tables(tier)]
    assert len(tables) == 8
    assert all(len(table.subnets) == 1 for table in tables)


def test_nothing_gets_a_public_address_by_being_started_in_a_subnet(aws):
    for tier in ("public", "app", "database", "pods"):
        assert not any(subnet["MapPublicIpOnLaunch"] for subnet in aws.subnets(tier))


def test_every_flow_is_logged_within_a_minute_to_an_encrypted_group(aws):
    (flow_log,) = aws.ec2.describe_flow_logs()["FlowLogs"]
    assert (flow_log["TrafficType"], flow_log["MaxAggregationInterval"]) == ("ALL", 60)
    assert flow_log["ResourceId"] == aws.vpc()["VpcId"]
    (group,) = aws.client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 14
    assert group["arn"].startswith(flow_log["LogDestination"])
    key = aws.client("kms").describe_key(KeyId=group["kmsKeyId"])["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER"
    assert aws.client("kms").get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]


def test_only_the_flow_log_service_may_take_the_writers_role(aws):
    (role,) = aws.client("iam").list_roles()["Roles"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_the_default_security_group_allows_nothing(aws):
    filters = [{"Name": "vpc-id", "Values": [aws.vpc()["VpcId"]]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert group["IpPermissions"] == []
    assert group["IpPermissionsEgress"] == []


def test_endpoints_are_reached_from_where_nodes_have_interfaces_and_from_nowhere_else(aws):
    endpoints = [e for e in aws.ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["VpcEndpointType"] == "Interface"]
    groups = {group["GroupId"] for endpoint in endpoints for group in endpoint["Groups"]}
    (group,) = aws.ec2.describe_security_groups(GroupIds=list(groups))["SecurityGroups"]
    allowed = [
        (r["IpProtocol"], r["FromPort"], r["ToPort"], x["CidrIp"])
        for r in group["IpPermissions"]
        for x in r["IpRanges"]
    ]
    nodes = {subnet["CidrBlock"] for tier in ("app", "pods") for subnet in aws.subnets(tier)}
    assert {cidr for *_, cidr in allowed} == nodes
    assert {(protocol, low, high) for protocol, low, high, _ in allowed} == {("tcp", 443, 443)}
    assert group["IpPermissionsEgress"] == []
    for tier in ("public", "database"):
        for subnet in aws.subnets(tier):
            assert not any(ip_network(subnet["CidrBlock"]).overlaps(ip_network(cidr)) for cidr in nodes)


def test_interface_endpoints_stand_in_the_app_subnets_with_private_names(aws):
    endpoints = [e for e in aws.ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["VpcEndpointType"] == "Interface"]
    app = {subnet["SubnetId"] for subnet in aws.subnets("app")}
    assert {endpoint["ServiceName"].removeprefix("com.amazonaws.ap-south-1.") for endpoint in endpoints} == {
        "ecr.api",
        "ecr.dkr",
        "logs",
    }
    assert all(set(endpoint["SubnetIds"]) == app and endpoint["PrivateDnsEnabled"] for endpoint in endpoints)


def test_s3_is_reached_from_app_subnets_without_nat(aws):
    (gateway,) = [e for e in aws.ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["VpcEndpointType"] == "Gateway"]
    filters = [{"Name": "tag:Tier", "Values": ["app"]}]
    app = {table["RouteTableId"] for table in aws.ec2.describe_route_tables(Filters=filters)["RouteTables"]}
    assert gateway["ServiceName"] == "com.amazonaws.ap-south-1.s3"
    assert set(gateway["RouteTableIds"]) == app


def test_everything_that_takes_tags_carries_the_owners(aws):
    tagged = [aws.vpc(), *aws.subnets("app"), *aws.ec2.describe_nat_gateways()["NatGateways"]]
    for resource in tagged:
        tags = {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
        assert {"Project", "Environment", "RegionRole", "Owner", "CostCentre", "ManagedBy", "Name"} <= tags.keys()


def test_half_of_each_pod_subnet_is_reserved_for_prefixes(aws):
    for subnet in aws.subnets("pods"):
        found = aws.ec2.get_subnet_cidr_reservations(SubnetId=subnet["SubnetId"])["SubnetIpv4CidrReservations"]
        assert [entry["ReservationType"] for entry in found] == ["prefix"]
        whole, kept = ip_network(subnet["CidrBlock"]), ip_network(found[0]["Cidr"])
        assert kept.subnet_of(whole)
        assert kept.num_addresses * 2 == whole.num_addresses
