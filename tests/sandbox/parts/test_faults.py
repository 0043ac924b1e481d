"""Faults on demand: how they are written, which calls they meet, what those calls come to."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.faults import KINDS, THROTTLED_ANSWERS, Fault, FaultError, Faults
from sandbox.aws.operations import require_known
from sandbox.errors import SandboxError

WORDS = st.text(alphabet=st.characters(blacklist_characters=":", blacklist_categories=("Cs",)), min_size=1, max_size=12)


@given(kind=st.sampled_from(sorted(KINDS.keys() - {"eventual"})), where=WORDS, seconds=st.none() | st.floats(0, 100))
def test_a_fault_is_read_as_it_is_written(kind, where, seconds):
    text = f"{kind}:{where}" + ("" if seconds is None else f":{seconds}")
    assert Fault.parse(text) == Fault(kind=kind, where=where, seconds=seconds or 0.0)


@pytest.mark.parametrize("text", ["", "fail", "fail:", ":CreateVpc", "explode:CreateVpc", "FAIL:*"])
def test_what_names_no_kind_or_no_call_is_refused_with_an_example(text):
    with pytest.raises(SandboxError) as refused:
        Fault.parse(text)
    assert repr(text) in refused.value.what
    assert all(kind in refused.value.what for kind in KINDS)
    assert "--fault fail:CreateSubnet" in refused.value.remedy


def test_a_delay_that_is_no_number_is_refused():
    with pytest.raises(SandboxError, match="'soon' is not a number of seconds"):
        Fault.parse("delay:*:soon")


@pytest.mark.parametrize("where", ["17", "ap-south-1", "CreateSubnet", "*"])
def test_a_fault_meets_a_call_by_its_number_its_region_its_operation_or_all(where):
    assert Fault(kind="fail", where=where).meets(17, "ap-south-1", "CreateSubnet")


@pytest.mark.parametrize("where", ["1", "7", "170", "ap-south", "CreateSub", "createsubnet", ""])
def test_a_fault_meets_no_call_by_a_part_of_its_name(where):
    assert not Fault(kind="fail", where=where).meets(17, "ap-south-1", "CreateSubnet")


def test_calls_are_counted_from_one_and_told_to_whoever_listens():
    heard: list[tuple[int, str]] = []
    faults = Faults(on_call=lambda number, operation: heard.append((number, operation)))
    assert [faults.count("CreateVpc"), faults.count("CreateSubnet")] == [1, 2]
    assert heard == [(1, "CreateVpc"), (2, "CreateSubnet")]


@pytest.mark.parametrize(("kind", "code"), [("fail", "InternalError"), ("cut", "RequestError")])
def test_a_call_that_fails_or_is_cut_off_does_so_however_often_it_is_tried(kind, code):
    faults = Faults([Fault(kind=kind, where="CreateVpc")])
    for attempt in range(30):
        with pytest.raises(FaultError) as failed:
            faults.strike(1, "ap-south-1", "CreateVpc", attempt)
        assert failed.value.code == code
    faults.strike(2, "ap-south-1", "CreateSubnet", 0)


def test_a_throttled_call_is_served_after_a_few_attempts():
    faults = Faults([Fault(kind="throttle", where="*")])
    for attempt in range(THROTTLED_ANSWERS):
        with pytest.raises(FaultError, match="Rate exceeded"):
            faults.strike(1, "ap-south-1", "CreateVpc", attempt)
    faults.strike(1, "ap-south-1", "CreateVpc", THROTTLED_ANSWERS)


def test_a_delayed_call_takes_longer_and_is_served(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    Faults([Fault.parse("delay:CreateVpc:2.5")]).strike(1, "ap-south-1", "CreateVpc", 0)
    assert slept == [2.5]


@pytest.mark.parametrize("where", ["17", "*", "ap-south-1", "eu-central-2", "CreateSubnet", "PutLifecyclePolicy"])
def test_a_call_an_operation_and_a_region_are_places_for_a_fault(where):
    require_known([Fault(kind="fail", where=where)])


@pytest.mark.parametrize(
    ("where", "near"),
    [("CreateSubnets", "CreateSubnet"), ("createVpc", "CreateVpc"), ("ap-south-11", "ap-south-1"), ("0x", "")],
)
def test_a_misspelt_place_is_refused_with_the_nearest_there_is(where, near):
    with pytest.raises(SandboxError) as refused:
        require_known([Fault(kind="fail", where="*"), Fault(kind="fail", where=where)])
    assert repr(where) in refused.value.what
    assert near in refused.value.remedy


@pytest.mark.parametrize("where", ["CreateVpc", "*", "17"])
def test_what_is_left_over_is_refused_where_nothing_is_known_to_be(where):
    require_known([Fault(kind="leftover", where="DeleteLogGroup")])
    with pytest.raises(SandboxError) as refused:
        require_known([Fault(kind="leftover", where=where)])
    assert repr(where) in refused.value.what
    assert "DeleteLogGroup" in refused.value.remedy
