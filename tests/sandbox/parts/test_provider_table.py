"""Check and Diff from a table: what is refused and in which words, what changes, what replaces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.checks import names
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.table import Kind, difference, refusals, same, with_defaults

TABLE = Constraints(
    source="nowhere.go",
    inputs=names("class days door groups key mode name options peer policy prefix size zone"),
    required=("zone",),
    replaces=frozenset({"name", "options.format", "zone"}),
    conflicts=(("name", "prefix"),),
    exactly_one=(("door", "peer"),),
    together={"key": ("mode", "size")},
    values={"mode": ("on", "off", 7), "options.format": ("text", "parquet")},
    ranges={"days": (1, 30), "name": (2, 4)},
    defaults={"name": "auto", "size": 3},
    computed=frozenset({"policy"}),
    sets=frozenset({"groups"}),
    documents=frozenset({"policy"}),
    checks=(lambda inputs: "class must be first" if inputs.get("class") not in (None, "first") else None,),
    delete_before_replace=True,
)
FINE: Props = {"zone": "a", "door": "d"}
properties = st.sampled_from(sorted(TABLE.inputs))
texts = st.text(max_size=6)
values: st.SearchStrategy[Any] = st.one_of(st.integers(), texts, st.lists(texts), st.dictionaries(texts, texts))
bags = st.dictionaries(properties, values.filter(lambda value: value is not None))


def told(**inputs: Any) -> dict[str, str]:
    given = {**FINE, **inputs}
    found = refusals(TABLE, {name: value for name, value in given.items() if value is not None})
    return {failure.property: failure.reason for failure in found}


@pytest.mark.parametrize(
    ("inputs", "where", "reason"),
    [
        ({"nmae": "x"}, "nmae", 'An argument named "nmae" is not expected here.'),
        ({"zone": None}, "zone", 'Missing required argument. The argument "zone" is required'),
        ({"name": "ab", "prefix": "a"}, "name", 'Conflicting configuration arguments: "name": conflicts with prefix'),
        ({"door": None}, "door", 'Invalid combination of arguments: "door": one of `door,peer` must be specified'),
        (
            {"peer": "p"},
            "door",
            'Invalid combination of arguments: "door": only one of `door,peer` can be specified, but `door,peer` were',
        ),
        ({"key": "k", "size": 1}, "key", 'Missing required argument: "key": all of `key,mode,size` must be specified'),
        ({"mode": "maybe"}, "mode", 'expected mode to be one of ["on" "off" 7], got maybe'),
        ({"options": {"format": "csv"}}, "options.format", 'one of ["text" "parquet"], got csv'),
        ({"options": [{"format": "text"}, {"format": "csv"}]}, "options.format", "got csv"),
        ({"days": 31}, "days", "expected days to be in the range (1 - 30), got 31"),
        ({"days": 0}, "days", "expected days to be in the range (1 - 30), got 0"),
        ({"name": "a"}, "name", "expected length of name to be in the range (2 - 4), got a"),
        ({"class": "second"}, "", "class must be first"),
    ],
)
def test_each_mistake_is_refused_where_it_is_and_in_the_providers_words(inputs: Props, where: str, reason: str) -> None:
    found = told(**inputs)
    assert list(found) == [where]
    assert reason in found[where]


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"days": 1},
        {"days": 30},
        {"name": "abcd"},
        {"mode": 7},
        {"options": {"format": "parquet"}},
        {"key": "k", "mode": "on", "size": 1},
        {"door": None, "peer": "p"},
        {"options": {"other": "csv"}},
    ],
)
def test_what_the_provider_accepts_is_not_refused(inputs: Props) -> None:
    assert not told(**inputs)


@pytest.mark.parametrize("name", ["class", "days", "mode", "name"])
def test_a_value_that_is_not_known_yet_is_left_for_later(name: str) -> None:
    assert not told(**{name: UNKNOWN})


def test_a_nested_value_that_is_not_known_yet_is_left_for_later() -> None:
    assert not told(options={"format": UNKNOWN})


def test_all_mistakes_are_told_at_once() -> None:
    assert told(zone=None, days=31, mode="maybe", nmae="x").keys() == {"zone", "days", "mode", "nmae"}


def test_a_default_fills_in_what_the_program_leaves_out() -> None:
    assert with_defaults(TABLE, {"zone": "a"}) == {"zone": "a", "name": "auto", "size": 3}


def test_a_default_never_overrides_the_program() -> None:
    assert with_defaults(TABLE, {"name": "mine", "size": 0}) == {"name": "mine", "size": 0}


def test_a_default_steps_back_for_an_input_that_conflicts_with_it() -> None:
    assert with_defaults(TABLE, {"prefix": "p"}) == {"prefix": "p", "size": 3}


def test_an_input_that_is_null_counts_as_left_out() -> None:
    assert with_defaults(TABLE, {"name": None, "zone": None})["name"] == "auto"
    assert "zone" not in with_defaults(TABLE, {"zone": None})


@given(bags)
def test_filling_in_defaults_twice_changes_nothing_more(inputs: Props) -> None:
    once = with_defaults(TABLE, inputs)
    assert with_defaults(TABLE, once) == once


def test_a_change_in_place_replaces_nothing() -> None:
    found = difference(TABLE, {"size": 1}, {"size": 2})
    assert found.changed == {"size": Kind.UPDATE}
    assert not found.replaces
    assert not found.delete_before_replace


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({"zone": "a"}, {"zone": "b"}, Kind.UPDATE_REPLACE),
        ({}, {"zone": "b"}, Kind.ADD_REPLACE),
        ({"zone": "a"}, {}, Kind.DELETE_REPLACE),
        ({"size": 1}, {}, Kind.DELETE),
        ({}, {"size": 1}, Kind.ADD),
    ],
)
def test_a_change_says_how_it_comes_about(old: Props, new: Props, kind: int) -> None:
    assert list(difference(TABLE, old, new).changed.values()) == [kind]


def test_a_nested_input_replaces_only_if_it_is_the_one_that_changed() -> None:
    old = {"options": {"format": "text", "other": 1}}
    assert difference(TABLE, old, {"options": {"format": "parquet", "other": 1}}).replaces == ("options",)
    assert difference(TABLE, old, {"options": {"format": "text", "other": 2}}).replaces == ()
    assert difference(TABLE, old, {"options": {"other": 1}}).replaces == ("options",)


def test_a_computed_input_that_the_program_drops_stays_as_it_is() -> None:
    assert not difference(TABLE, {"policy": "{}"}, {}).changed
    assert difference(TABLE, {}, {"policy": "{}"}).changed


def test_a_value_that_is_not_known_yet_counts_as_a_change() -> None:
    assert difference(TABLE, {"policy": "{}"}, {"policy": UNKNOWN}).changed
    assert difference(TABLE, {"zone": "a"}, {"zone": UNKNOWN}).replaces == ("zone",)


def test_a_document_that_is_not_json_is_compared_as_text() -> None:
    assert difference(TABLE, {"policy": "{}"}, {"policy": "{"}).changed


def test_the_table_may_replace_for_what_only_both_versions_together_show() -> None:
    table = Constraints(source="x", inputs=frozenset({"size"}), replaces_when=lambda old, new: frozenset({"size"}))
    assert difference(table, {"size": 1}, {"size": 2}).replaces == ("size",)
    assert not difference(table, {"size": 1}, {"size": 1}).replaces


@given(st.lists(texts), st.randoms())
def test_the_order_of_a_set_means_nothing_and_of_a_list_everything(items: list[str], random: Any) -> None:
    shuffled = random.sample(items, len(items))
    assert same(TABLE, "groups", items, shuffled)
    assert same(TABLE, "peer", items, shuffled) == (items == shuffled)


@given(st.lists(texts), st.lists(texts))
def test_sets_with_different_members_differ(one: list[str], other: list[str]) -> None:
    assert same(TABLE, "groups", one, other) == (sorted(one) == sorted(other))


@given(st.dictionaries(texts, st.integers()), st.integers(0, 4))
def test_white_space_and_key_order_of_a_document_mean_nothing(content: dict[str, int], indent: int) -> None:
    turned = dict(reversed(content.items()))
    assert same(TABLE, "policy", json.dumps(content), json.dumps(turned, indent=indent))


@given(bags)
def test_nothing_differs_from_itself(inputs: Props) -> None:
    assert not difference(TABLE, inputs, inputs).changed


@given(bags, bags)
def test_a_difference_is_the_same_both_ways_but_for_computed_inputs(one: Props, other: Props) -> None:
    there, back = (set(difference(TABLE, *pair).changed) for pair in ((one, other), (other, one)))
    assert there - TABLE.computed == back - TABLE.computed


@given(bags, bags)
def test_whatever_replaces_has_also_changed(one: Props, other: Props) -> None:
    found = difference(TABLE, one, other)
    assert set(found.replaces) <= found.changed.keys()
    assert found.delete_before_replace == bool(found.replaces)


NESTING = Constraints(
    source="nowhere.go",
    inputs=names("vpc"),
    replaces=frozenset({"vpc.family"}),
    defaults={"vpc.public": True},
    computed=names("vpc.family vpc.group"),
    sets=frozenset({"vpc.subnets"}),
)


def test_the_members_of_an_object_have_defaults_only_where_there_is_an_object() -> None:
    assert with_defaults(NESTING, {"vpc": {"subnets": []}}) == {"vpc": {"public": True, "subnets": []}}
    assert with_defaults(NESTING, {"vpc": {"public": False}}) == {"vpc": {"public": False}}
    assert with_defaults(NESTING, {}) == {}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"group": "sg-1", "family": "ipv4", "public": True}, {"public": True}),
        ({"subnets": ["a", "b"], "group": "sg-1"}, {"subnets": ["b", "a"]}),
        ({"subnets": []}, {"public": False}),
    ],
)
def test_what_aws_adds_to_an_object_and_the_order_of_its_sets_are_no_difference(found: Props, wanted: Props) -> None:
    assert not difference(NESTING, {"vpc": found}, {"vpc": wanted}).changed


def test_a_member_that_only_aws_chose_does_not_replace_when_another_changes() -> None:
    found = difference(NESTING, {"vpc": {"family": "ipv4", "public": True}}, {"vpc": {"public": False}})
    assert found.changed
    assert not found.replaces
    assert difference(NESTING, {"vpc": {"family": "ipv4"}}, {"vpc": {"family": "ipv6"}}).replaces == ("vpc",)


NESTED = Constraints(
    source="nowhere.go",
    inputs=names("peers"),
    defaults={"peers.port": 80, "peers.health.path": "/"},
    sets=names("peers peers.tags peers.health.codes"),
)


def test_a_default_is_filled_in_in_every_object_of_a_list_and_no_object_is_made_up():
    given = [{"name": "a", "port": 8080}, {"name": "b", "health": {}}, UNKNOWN]
    assert with_defaults(NESTED, {"peers": given}) == {
        "peers": [{"name": "a", "port": 8080}, {"name": "b", "port": 80, "health": {"path": "/"}}, UNKNOWN]
    }
    assert with_defaults(NESTED, {}) == {}


def test_order_means_nothing_in_a_set_however_deep_and_something_elsewhere():
    one = {"tags": ["x", "y"], "health": {"codes": [200, 204]}, "steps": ["first", "then"]}
    other = {"tags": ["y", "x"], "health": {"codes": [204, 200]}, "steps": ["first", "then"]}
    assert same(NESTED, "peers", [one, {"name": "b"}], [{"name": "b"}, other])
    assert not same(NESTED, "peers", [one], [other | {"steps": ["then", "first"]}])
    assert not same(NESTED, "peers", [one], [other, other])
