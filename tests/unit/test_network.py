"""The network as the program registers it, for what no simulated AWS needs to be asked."""

from functools import cache

from tests.support.network_program import land
from tests.support.recorder import Recorder, record
from tests.support.stacks import config

SUBNET, ROUTE, NAT = "aws:ec2/subnet:Subnet", "aws:ec2/route:Route", "aws:ec2/natGateway:NatGateway"


def unchanged(values):
    """The stack as it is."""


@cache
def registered(stack: str, change=unchanged) -> Recorder:
    """What a stack's network registers; built once for all tests that only look."""
    settings = config(stack, change)
    return record(lambda: land(settings, "dhakacart"), stack=stack)


def single_nat(values):
    values["network"]["nat_gateways"] = "single"


def third_zone(values):
    network = values["network"]
    network["availability_zones"].append(f"{values['region']}c")
    for tier in ("public_subnets", "app_subnets", "database_subnets", "pod_subnets"):
        del network[tier]


def test_a_single_nat_gateway_serves_every_zone():
    recorder = registered("staging", single_nat)
    (gateway,) = recorder.of(NAT)
    routes = [route["natGatewayId"] for name, route in recorder.of(ROUTE).items() if "nat" in name]
    assert routes == [f"{gateway}-id"] * 2


def test_a_third_zone_adds_resources_and_changes_none_of_those_that_stand():
    before, after = registered("prod"), registered("prod", third_zone)
    old = {(r.type, r.name): r.inputs for r in before.resources if r.type in {SUBNET, ROUTE, NAT}}
    new = {(r.type, r.name): r.inputs for r in after.resources}
    assert {key: new[key] for key in old} == old
    assert len(after.of(SUBNET)) == 12


def test_karpenter_finds_the_app_subnets_and_no_others():
    tagged = {
        name for name, inputs in registered("prod").of(SUBNET).items() if "karpenter.sh/discovery" in inputs["tags"]
    }
    assert tagged == {"network-app-subnet-a", "network-app-subnet-b"}


def test_load_balancers_find_public_subnets_for_the_internet_and_app_subnets_for_inside():
    subnets = registered("prod").of(SUBNET)
    public = {name for name, inputs in subnets.items() if "kubernetes.io/role/elb" in inputs["tags"]}
    inside = {name for name, inputs in subnets.items() if "kubernetes.io/role/internal-elb" in inputs["tags"]}
    assert public == {"network-public-subnet-a", "network-public-subnet-b"}
    assert inside == {"network-app-subnet-a", "network-app-subnet-b"}


def test_half_of_every_pod_subnet_is_kept_for_whole_prefixes():
    reserved = registered("prod").of("aws:ec2/subnetCidrReservation:SubnetCidrReservation").values()
    assert {entry["cidrBlock"] for entry in reserved} == {"100.64.32.0/19", "100.64.96.0/19"}
