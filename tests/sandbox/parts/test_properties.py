"""Property bags survive the way from the engine and back."""

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox.providers.properties import UNKNOWN, from_struct, has_unknown, to_struct

EXACT = 2**53  # beyond this a double, which is what JSON numbers are to the engine, skips integers
NAMES = st.text(alphabet="abcdefXYZ", min_size=1, max_size=5)
PLAIN = (
    st.booleans() | st.integers(-EXACT, EXACT) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
BAGS = st.dictionaries(NAMES, VALUES, max_size=4)


@given(bag=BAGS)
def test_a_bag_comes_back_as_it_went(bag):
    assert from_struct(to_struct(bag)) == bag


@given(number=st.integers(-EXACT, EXACT))
def test_a_whole_number_is_an_int_wherever_it_stands(number):
    back = from_struct(to_struct({"top": number, "list": [number], "map": {"in": number}}))
    for value in (back["top"], back["list"][0], back["map"]["in"]):
        assert type(value) is int


@pytest.mark.parametrize("value", [True, False])
def test_a_boolean_stays_one(value):
    assert from_struct(to_struct({"on": value}))["on"] is value


def test_a_value_that_is_not_set_is_left_out():
    assert to_struct({"set": 1, "not": None}) == to_struct({"set": 1})


def test_what_the_engine_notes_for_itself_is_no_property_at_any_depth():
    struct = struct_pb2.Struct()
    struct.update({"__defaults": [], "name": "x", "nested": {"__defaults": [], "kept": 1}, "list": [{"__meta": 1}]})
    assert from_struct(struct) == {"name": "x", "nested": {"kept": 1}, "list": [{}]}


@given(bag=BAGS)
def test_a_bag_of_known_values_has_no_unknown(bag):
    assert not has_unknown(bag)


@pytest.mark.parametrize("bag", [UNKNOWN, [UNKNOWN], {"a": UNKNOWN}, {"a": [1, {"b": [UNKNOWN]}]}])
def test_an_unknown_is_found_at_any_depth(bag):
    assert has_unknown(bag)


def test_text_that_only_contains_the_mark_of_an_unknown_is_known():
    assert not has_unknown({"note": f"not {UNKNOWN}"})
