"""What a stack that stands refuses, and what it does not mind."""

import asyncio
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import mocks

from dhakacart_infra.config import ConfigurationError, Problem, StackConfig, parse, require_possible
from dhakacart_infra.config.address_rules import list_key
from dhakacart_infra.config.addresses import TIERS
from dhakacart_infra.config.standing import Standing
from dhakacart_infra.foundation import standing
from tests.support.configurations import Raw, configurations, put
from tests.support.recorder import Recorder
from tests.support.stacks import config
from tests.support.stacks import raw as raw_of

LISTS = [list_key(tier).removeprefix("network.") for tier in TIERS]
SOURCE = "arn:aws:rds:ap-south-1:123456789012:db:dhakacart-prod-aps1"
Edit = Callable[[Raw], None]


def as_made(made: StackConfig) -> Standing:
    """What an ``up`` of the configuration leaves."""
    return Standing(
        account_id=made.account_id,
        region=made.region,
        environment=made.environment,
        vpc=made.network.cidr,
        pod_block=made.network.pod_cidr,
        subnets={(tier, zone): block for tier in TIERS for zone, block in made.network.subnets(tier).items()},
        control_plane=frozenset(made.control_plane_zones),
        database=True,
        database_source=SOURCE if made.role == "standby" else None,
    )


def refused(edit: Edit, *, before: Edit = lambda _: None) -> tuple[Problem, ...]:
    """What staging, which stands as its file has it after ``before``, has against a change."""
    stands = as_made(config("staging", before))
    try:
        require_possible(config("staging", edit), stands, stack="staging")
    except ConfigurationError as error:
        return error.problems
    return ()


def network(**changes: Any) -> Edit:
    return lambda values: values["network"].update(changes)


def reordered(order: str, *names: str) -> Edit:
    """The lists with their elements, known as a, b, c, in another order; all of them if none is named."""

    def edit(values: Raw) -> None:
        third_zone(values)
        for name in names or ("availability_zones", *LISTS):
            before = values["network"][name]
            values["network"][name] = [before["abc".index(letter)] for letter in order]

    return edit


def third_zone(values: Raw) -> None:
    section = values["network"]
    section["availability_zones"].append("ap-south-1c")
    for name, block in zip(LISTS, ("10.0.3.0/24", "10.0.30.0/24", "10.0.150.0/24", "100.64.128.0/18"), strict=True):
        section[name].append(block)


@given(configurations())
def test_a_stack_that_is_not_there_refuses_nothing_and_one_that_is_not_its_own_configuration(generated):
    stack, raw = generated
    made = parse(raw, stack=stack)
    require_possible(made, Standing(), stack=stack)
    require_possible(made, as_made(made), stack=stack)


@given(configurations(), st.data())
def test_zones_may_be_listed_in_any_order_with_their_blocks(generated, data):
    stack, raw = generated
    made = parse(raw, stack=stack)
    order = data.draw(st.permutations(range(len(made.network.availability_zones))))
    section = raw["network"]
    for name in ("availability_zones", *LISTS):
        if section[name] is not None:
            section = {**section, name: [section[name][index] for index in order]}
    again = parse({**raw, "network": section}, stack=stack)
    require_possible(again, as_made(made), stack=stack)
    assert as_made(again) == as_made(made), "nothing moves"


@pytest.mark.parametrize("order", ["abc", "ac", "ca"])
def test_a_zone_comes_and_one_without_the_control_plane_goes(order):
    def own_zones(values: Raw) -> None:
        third_zone(values)
        values["cluster"]["control_plane_zones"] = ["ap-south-1a", "ap-south-1c"]

    def edit(values: Raw) -> None:
        reordered(order)(values)
        values["cluster"]["control_plane_zones"] = ["ap-south-1c", "ap-south-1a"]

    assert refused(edit, before=own_zones) == ()
    assert refused(third_zone) == ()


PEER = {"stack": "staging-dr", "region": "ap-southeast-1", "cidr": "10.1.0.0/16", "pod_cidr": "100.65.0.0/16"}
FREE: dict[str, Edit] = {
    "another public block": network(public_subnets=["10.0.7.0/24", "10.0.2.0/24"]),
    "another app block": network(app_subnets=["10.0.10.0/24", "10.0.70.0/24"]),
    "lists left to the planner": network(**dict.fromkeys(LISTS)),
    "another peer": lambda values: values.update(peer=PEER),
}


@pytest.mark.parametrize("edit", FREE.values(), ids=FREE.keys())
def test_what_can_be_made_beside_what_stands_is_not_refused(edit):
    assert refused(edit) == ()


def moved(values: Raw) -> None:
    section = values["network"]
    section["cidr"] = "10.9.0.0/16"
    for name in LISTS[:3]:
        section[name] = [block.replace("10.0.", "10.9.") for block in section[name]]


def other_pods(values: Raw) -> None:
    values["network"] |= {"pod_cidr": "100.70.0.0/16", "pod_subnets": ["100.70.0.0/18", "100.70.64.0/18"]}


def another_region(values: Raw) -> None:
    values["region"] = "ap-southeast-1"
    values["network"]["availability_zones"] = ["ap-southeast-1a", "ap-southeast-1b"]


def another_account(values: Raw) -> None:
    values["account_id"] = "210987654321"
    values["domain"] = values["cdn"] = None
    values["alerts"]["emails"] = []
    values["cluster"]["public_access_cidrs"] = []
    for role in ("administrators", "deployers", "readers"):
        values["cluster"][role] = [one.replace("123456789012", "210987654321") for one in values["cluster"][role]]


def first_zone_gone(values: Raw) -> None:
    reordered("bc")(values)


def other_control_plane(values: Raw) -> None:
    third_zone(values)
    values["cluster"]["control_plane_zones"] = ["ap-south-1b", "ap-south-1c"]


REFUSED: dict[str, tuple[Edit, str, str, str]] = {
    "the VPC's block": (moved, "network.cidr", "10.9.0.0/16", "10.0.0.0/16, or another stack with 10.9.0.0/16"),
    "the pods' block": (other_pods, "network.pod_cidr", "100.70.0.0/16", "100.64.0.0/16"),
    "the region": (another_region, "region", "ap-southeast-1", "ap-south-1"),
    "the account": (another_account, "account_id", '"210987654321"', '"123456789012"'),
    "zones without their blocks": (
        network(availability_zones=["ap-south-1b", "ap-south-1a"]),
        "network.availability_zones",
        "[ap-south-1b, ap-south-1a]",
        "[ap-south-1a, ap-south-1b]",
    ),
    "a block of the other zone": (
        network(public_subnets=["10.0.2.0/24", "10.0.7.0/24"]),
        "network.public_subnets[0]",
        "10.0.2.0/24",
        "10.0.1.0/24, where it stands; or 10.0.5.0/24, which is free",
    ),
    "half of a block that stands": (
        network(database_subnets=["10.0.100.0/25", "10.0.200.0/24"]),
        "network.database_subnets[0]",
        "10.0.100.0/25",
        "10.0.100.0/24, where it stands",
    ),
    "other pods in a zone": (
        network(pod_subnets=["100.64.0.0/18", "100.64.192.0/18"]),
        "network.pod_subnets[1]",
        "100.64.192.0/18",
        "100.64.64.0/18, where it stands",
    ),
    "a zone of the control plane": (
        first_zone_gone,
        "network.availability_zones",
        "[ap-south-1b, ap-south-1c]",
        "adding ap-south-1a again",
    ),
    "another control plane": (
        other_control_plane,
        "cluster.control_plane_zones",
        "[ap-south-1b, ap-south-1c]",
        "[ap-south-1a, ap-south-1b]",
    ),
}


@pytest.mark.parametrize(("edit", "key", "value", "remedy"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_made_of_what_stands_is_refused_with_the_way_that_works(edit, key, value, remedy):
    (problem,) = refused(edit)
    assert (problem.key, problem.value) == (key, value)
    assert problem.remedy.startswith(remedy)
    assert problem.allowed
    assert "destroy" not in str(problem), "no remedy takes down more than the change"


def test_another_environment_of_a_stack_that_stands_is_refused():
    stands = as_made(config("prod-dr"))
    renamed = parse(put(put(raw_of("prod-dr"), "environment", "prod-dr"), "peer.stack", "prod-dr-dr"), stack="prod-dr")
    with pytest.raises(ConfigurationError) as caught:
        require_possible(renamed, stands, stack="prod-dr")
    assert [problem.key for problem in caught.value.problems] == ["environment"]


def test_a_new_first_zone_is_taken_for_the_control_planes_unless_the_file_says_otherwise():
    def later_zones(values: Raw) -> None:
        values["network"]["availability_zones"] = ["ap-south-1b", "ap-south-1c"]

    def with_the_first(values: Raw) -> None:
        third_zone(values)
        values["network"]["availability_zones"] = ["ap-south-1b", "ap-south-1c", "ap-south-1a"]

    def kept(values: Raw) -> None:
        with_the_first(values)
        values["cluster"]["control_plane_zones"] = ["ap-south-1b", "ap-south-1c"]

    (problem,) = refused(with_the_first, before=later_zones)
    assert (problem.key, problem.value) == ("cluster.control_plane_zones", "nothing")
    assert problem.remedy == "[ap-south-1b, ap-south-1c]"
    assert refused(kept, before=later_zones) == ()


@pytest.mark.parametrize("order", ["".join(order) for order in permutations("abc")])
def test_zones_in_another_order_than_their_blocks_are_one_problem(order):
    found = refused(reordered(order, "availability_zones"), before=third_zone)
    assert [problem.key for problem in found] == (["network.availability_zones"] if order != "abc" else [])


def test_what_is_half_made_holds_in_place_what_is_there():
    resources = [
        {"type": standing.VPC, "outputs": {"cidrBlock": "10.0.0.0/16"}},
        {"type": standing.CLUSTER, "outputs": {}},
        {"type": "aws:ec2/eip:Eip", "outputs": {}},
    ]
    found = standing.read(resources)
    assert str(found.vpc) == "10.0.0.0/16"
    assert found == Standing(vpc=found.vpc)


def test_a_stack_without_a_state_is_one_that_does_not_stand():
    mocks.set_mocks(Recorder(), project="dhakacart", stack="test", preview=False)
    assert asyncio.get_event_loop().run_until_complete(standing.standing()) == Standing()
