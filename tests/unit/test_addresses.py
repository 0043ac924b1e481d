"""The address plan: nothing overlaps, everything fits, and a new zone moves nothing."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.config.address_rules import joinable
from dhakacart_infra.config.addresses import TIERS, AddressPlan, first_free, places, plan, planned, prefix_reservation
from tests.support.configurations import plans, pod_blocks, vpc_blocks

AWS_KEEPS = 5  # addresses of every subnet
PREFIXES_A_NODE = 8


def networks(*texts: str) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, texts))


def test_a_16_gives_the_subnets_of_the_requirements():
    made = plan(*networks("10.0.0.0/16", "100.64.0.0/16"), range(2))
    assert made.public == networks("10.0.1.0/24", "10.0.2.0/24")
    assert made.app == networks("10.0.10.0/24", "10.0.20.0/24")
    assert made.database == networks("10.0.100.0/24", "10.0.200.0/24")
    assert made.pods == networks("100.64.0.0/18", "100.64.64.0/18")


@given(plans())
def test_planned_subnets_never_overlap(made):
    assert not [pair for pair in combinations(sorted(made.subnets), 2) if pair[0].overlaps(pair[1])]
    assert len(made.subnets) == len(TIERS) * made.zones


@given(plans())
def test_planned_subnets_fit_their_block(made):
    for tier in TIERS:
        assert all(subnet.subnet_of(made.block(tier)) for subnet in made.tier(tier))


@given(plans())
def test_planned_subnets_are_large_enough_for_what_lives_in_them(made):
    for subnet in (*made.public, *made.app, *made.database):
        assert subnet.num_addresses - AWS_KEEPS >= 16 + 5 + 6, "control plane, endpoints and some nodes"
    for subnet in made.pods:
        usable_prefixes = prefix_reservation(subnet).num_addresses // 16 - 1  # AWS keeps the last address
        assert usable_prefixes >= 3 * PREFIXES_A_NODE


@given(plans(max_zones=3))
def test_adding_a_zone_keeps_every_existing_subnet(made):
    grown = made.with_zone()
    assert made.subnets < grown.subnets
    for tier in TIERS:
        assert grown.tier(tier)[: made.zones] == made.tier(tier)


@given(plans(max_zones=3))
def test_adding_a_zone_is_planning_for_one_more(made):
    assert made.with_zone() == plan(made.vpc, made.pod_block, range(made.zones + 1))


ZONES = [f"us-east-1{letter}" for letter in "abcdef"]


@given(st.lists(st.sampled_from(ZONES[:4]), min_size=1, max_size=4, unique=True))
def test_a_zones_place_depends_on_no_other_zone(zones):
    assert dict(zip(zones, places(zones), strict=True)) == {zone: ZONES.index(zone) for zone in zones}


@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=4, unique=True), st.data())
def test_zones_have_places_of_their_own_that_their_order_does_not_change(zones, data):
    found = dict(zip(zones, places(zones), strict=True))
    assert len(set(found.values())) == len(zones)
    assert set(found.values()) <= set(range(4))
    again = data.draw(st.permutations(zones))
    assert dict(zip(again, places(again), strict=True)) == found


@st.composite
def plans_with_listed_subnets(draw: st.DrawFn) -> AddressPlan:
    """Two zones whose VPC subnets stand in any slots, often where the plan would put a third zone's."""
    vpc, pods = draw(vpc_blocks()), draw(pod_blocks())
    likely = st.sampled_from([1, 2, 3, 4, 10, 20, 30, 40, 100, 150, 200, 250])
    slots = draw(st.lists(likely | st.integers(0, 255), min_size=6, max_size=6, unique=True))
    every = list(vpc.subnets(8))
    public, app, database = ([every[slots[number]] for number in pair] for pair in ((0, 1), (2, 3), (4, 5)))
    return plan(vpc, pods, range(2), {"public": public, "app": app, "database": database})


@given(plans_with_listed_subnets())
def test_adding_zones_finds_room_beside_listed_subnets(made):
    grown = made.with_zone().with_zone()
    assert made.subnets < grown.subnets
    assert len(grown.subnets) == len(TIERS) * 4
    assert not [pair for pair in combinations(sorted(grown.subnets), 2) if pair[0].overlaps(pair[1])]
    assert all(subnet.subnet_of(grown.block(tier)) for tier in TIERS for subnet in grown.tier(tier))


def test_there_is_no_fifth_zone():
    made = plan(*networks("10.0.0.0/16", "100.64.0.0/16"), range(4))
    with pytest.raises(ValueError, match="room for 4 zones"):
        made.with_zone()


def test_a_tier_without_room_refuses_another_zone():
    halves = networks("100.64.0.0/17", "100.64.128.0/17")
    made = plan(*networks("10.0.0.0/16", "100.64.0.0/16"), range(2), listed={"pods": halves})
    with pytest.raises(ValueError, match=r"no room for another pods subnet in 100\.64\.0\.0/16"):
        made.with_zone()


@given(vpc_blocks(), st.sampled_from(["public", "app", "database"]), st.integers(0, 3), st.sets(st.integers(0, 255)))
def test_the_first_free_subnet_is_free_and_there_is_one_as_long_as_any_slot_is(vpc, tier, index, numbers):
    every = list(vpc.subnets(8))
    taken = [every[number] for number in numbers]
    found = first_free(tier, index, vpc, taken)
    assert (found is None) == (len(numbers) == len(every))
    assert found is None or (found in every and found not in taken)


def test_a_free_subnet_is_not_taken_from_a_zone_to_come():
    (vpc,) = networks("10.0.0.0/16")
    slots_of_all_zones = {planned(tier, index, vpc) for tier in TIERS if tier != "pods" for index in range(4)}
    found = first_free("app", 0, vpc, [planned("app", 0, vpc)])
    assert found is not None
    assert found not in slots_of_all_zones


@given(pod_blocks())
def test_prefixes_are_reserved_in_the_upper_half(block):
    reserved = prefix_reservation(block)
    assert reserved.num_addresses * 2 == block.num_addresses
    assert reserved.broadcast_address == block.broadcast_address


@pytest.mark.parametrize(
    ("vpc", "pods", "allowed"),
    [
        ("10.0.0.0/16", "100.64.0.0/16", True),
        ("192.168.0.0/16", "100.127.0.0/16", True),
        ("10.0.0.0/16", "10.2.0.0/16", True),
        ("10.5.0.0/16", "10.0.0.0/16", True),
        ("10.0.0.0/17", "10.0.128.0/17", False),
        ("10.1.0.0/16", "10.0.0.0/16", False),
        ("10.0.0.0/16", "10.1.0.0/16", True),
        ("10.0.0.0/16", "172.20.0.0/16", False),
        ("10.0.0.0/16", "192.168.0.0/16", False),
        ("172.16.0.0/16", "172.20.0.0/16", True),
        ("172.16.0.0/16", "172.31.0.0/16", False),
        ("172.16.0.0/16", "10.9.0.0/16", False),
        ("192.168.0.0/17", "192.168.128.0/17", True),
        ("192.168.0.0/16", "10.9.0.0/16", False),
    ],
)
def test_blocks_can_join_a_vpc_as_the_table_of_aws_says(vpc, pods, allowed):
    assert joinable(*networks(vpc, pods)) is allowed
