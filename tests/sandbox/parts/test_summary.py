"""The summary of a preview: dangerous changes first, no values, never longer than allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.summary import Change, full, summarise

NAMES = st.text(min_size=1, max_size=30)
CHANGES = st.lists(
    st.builds(
        Change,
        op=st.sampled_from(["create", "update", "replace", "delete", "same"]),
        type=st.sampled_from(["aws:ec2/subnet:Subnet", "aws:rds/instance:Instance", "aws:sns/topic:Topic"]),
        name=NAMES,
        urn=NAMES,
        replaces=st.lists(NAMES, max_size=3).map(tuple),
        changed=st.lists(NAMES, max_size=3).map(tuple),
    ),
    max_size=15,
)


def change(op, name="it", of="aws:ec2/subnet:Subnet", **properties):
    return Change(op=op, type=of, name=name, urn=f"urn:pulumi:staging::{of}::{name}", **properties)


def test_counts_every_kind_of_change():
    changes = [change("create"), change("create"), change("update"), change("replace"), change("same")]
    assert "2 to create, 1 to update, 1 to replace, 0 to delete, 1 unchanged" in summarise("staging", changes)


def test_replacements_and_deletions_come_before_updates_and_creations():
    text = summarise("prod", [change(op) for op in ("create", "update", "delete", "same", "replace")])
    headings = [line.split()[1] for line in text.splitlines() if line.startswith("#### ")]
    assert headings == ["Replacements", "Deletions", "Updates", "Creations"]


def test_a_replacement_names_the_properties_that_force_it_and_apart_the_others():
    text = summarise("prod", [change("replace", replaces=("cidrBlock",), changed=("cidrBlock", "tags"))])
    assert "forced by `cidrBlock`; changes `tags`" in text


def test_an_update_names_the_properties_that_change():
    assert "changes `tags`" in summarise("prod", [change("update", changed=("tags",))])


def test_no_change_is_said_in_the_heading():
    assert "nothing changes" in summarise("staging", [change("same")]).splitlines()[0]


def test_losing_a_database_is_marked_and_listed_before_other_replacements():
    database = change("replace", "shop", of="aws:rds/instance:Instance")
    text = summarise("prod", [change("replace", "app"), database])
    assert "[!CAUTION]" in text
    assert text.index("⚠ `aws:rds/instance:Instance` `shop`") < text.index("`app`")


@pytest.mark.parametrize("op", ["create", "update", "same"])
def test_what_keeps_its_data_raises_no_alarm(op):
    assert "CAUTION" not in summarise("prod", [change(op, of="aws:rds/instance:Instance")])


def test_a_name_cannot_mention_people_or_break_out_of_its_markup():
    text = summarise("prod", [change("create", "`@everyone\n# hello`")])
    assert "`'@everyone # hello'`" in text


def test_a_long_summary_is_cut_at_a_line_end_and_points_to_the_full_text():
    changes = [change("create", f"subnet-{number}") for number in range(2000)]
    text = summarise("prod", changes)
    kept = text[: text.index("\n**Cut short")].splitlines()
    assert len(text) <= 60_000
    assert kept[-1] in summarise("prod", changes, limit=10**9).splitlines()
    assert "artifact" in text


@given(changes=CHANGES, limit=st.integers(min_value=200, max_value=5000))
def test_no_summary_is_longer_than_allowed(changes, limit):
    assert len(summarise("prod", changes, limit)) <= limit


@given(changes=CHANGES)
def test_the_full_text_holds_every_resource(changes):
    text = full("prod", changes)
    assert all(f"{each.type} {each.name}" in text and each.urn in text for each in changes)
