"""Whatever call fails, wherever the engine dies: the next ``up`` ends in the same network, with nothing doubled."""

import re

import pytest

from tests.support.interruptions import Aftermath, after_failure, after_kill, after_that, clean, known
from tests.support.project import WHOLE, Project
from tests.support.sampling import case, turns
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive

PARTS = 8  # the exhaustive runs are cut up so that two workers can share them
KILLS = 20
SAMPLE = 12  # of the whole shop, where every up takes its time


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[int, dict[str, int]]:
    return known(standing(tmp_path_factory))


def assert_made_good(aftermath: Aftermath, inventory: dict[str, int], what: str) -> None:
    assert aftermath.inventory == inventory, f"after {what} another network stands"
    assert aftermath.unowned == set(), f"after {what} something stands that nobody owns"


def test_an_up_whose_call_failed_is_made_good_by_the_next(project, undisturbed):
    aftermath = after_failure(project, "fail:ModifyVpcAttribute")
    assert aftermath.failed
    assert_made_good(aftermath, undisturbed[1], "a failure between two calls of one creation")


def test_an_up_whose_engine_was_killed_is_made_good_and_names_what_was_in_flight(project, undisturbed):
    aftermath = after_kill(project, undisturbed[0] // 2)
    assert aftermath.failed
    assert_made_good(aftermath, undisturbed[1], "a kill")
    report = "\n".join(aftermath.said)
    assert re.search(r"cut off while it was creating \d+ of the resources of staging", report)
    assert re.search(r"aws:\w+/\w+:\w+ network-\S+: it is (there as \S+: adopted|not there)", report)
    assert "docs/runbooks/interrupted-up.md" in report
    assert after_that(project).keys() == {"same"}, "a further up still finds something to do"


def test_what_aws_was_slow_to_make_for_an_engine_that_died_is_adopted_too(project, undisturbed):
    aftermath = after_kill(project, "CreateVpc", "delay:CreateVpc:3")
    assert aftermath.failed
    assert_made_good(aftermath, undisturbed[1], "a kill during a slow call")
    assert re.search(r"aws:ec2/vpc:Vpc network-vpc-vpc: it is there as vpc-\w+: adopted", "\n".join(aftermath.said))


def test_throttling_slows_an_up_down_and_does_not_break_it(project, undisturbed):
    calls, inventory = undisturbed
    assert clean(project, "throttle:CreateSubnet") == (calls, inventory)


@pytest.mark.parametrize("part", range(PARTS))
def test_any_single_call_may_fail(request, tmp_path, undisturbed, part):
    calls, inventory = undisturbed
    numbers = [case(request, turn, range(1, calls + 1)) for turn in turns(calls)]
    for number in numbers[part::PARTS]:
        aftermath = after_failure(Project(tmp_path / str(number)), f"fail:{number}")
        assert aftermath.failed, f"call {number} failed and nobody noticed"
        assert_made_good(aftermath, inventory, f"the failure of call {number}")


@pytest.mark.parametrize("turn", turns(KILLS))
def test_the_engine_may_be_killed_at_any_point(request, project, undisturbed, turn):
    calls, inventory = undisturbed
    point = case(request, turn, range(KILLS))
    call = 1 + point * (calls - 1) // KILLS
    aftermath = after_kill(project, call)
    assert aftermath.failed
    assert_made_good(aftermath, inventory, f"a kill at call {call} of {calls}")


@pytest.fixture(scope="module")
def undisturbed_shop(tmp_path_factory) -> tuple[int, dict[str, int]]:
    return known(standing(tmp_path_factory, WHOLE))


@pytest.mark.parametrize("turn", turns(SAMPLE))
def test_the_whole_shop_is_made_good_after_a_failure_and_after_a_kill(request, tmp_path, undisturbed_shop, turn):
    calls, inventory = undisturbed_shop
    point = case(request, turn, range(SAMPLE))
    call = calls // 3 + point * (calls - calls // 3) // SAMPLE  # the first third is the network, tried above
    failed = after_failure(Project(tmp_path / "failed", WHOLE), f"fail:{call}")
    assert_made_good(failed, inventory, f"the failure of call {call} of {calls}")
    killed = after_kill(Project(tmp_path / "killed", WHOLE), call)
    assert_made_good(killed, inventory, f"a kill at call {call} of {calls}")
    assert failed.failed
    assert killed.failed
