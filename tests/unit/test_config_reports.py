"""What a report of a wrong configuration says, mistake by mistake."""

import contextlib
import re
import unicodedata
from functools import cache

import botocore.session
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.config import ConfigurationError, parse
from dhakacart_infra.config.leaves import TAG_PATTERN
from tests.support.configurations import as_engine, problems_of, put, remove
from tests.support.stacks import STACKS
from tests.support.stacks import raw as read_stack_file


def test_a_report_reads_like_this():
    raw = put(read_stack_file("prod"), "network.app_subnets[1]", "10.0.1.0/24")
    with pytest.raises(ConfigurationError) as caught:
        parse(raw, stack="prod")
    assert str(caught.value) == (
        "Pulumi.prod.yaml: 1 problem; nothing was registered.\n"
        "\n"
        "dhakacart:network.app_subnets[1]: 10.0.1.0/24 overlaps public_subnets[0] (10.0.1.0/24).\n"
        "  Allowed: a /16 to /27 inside 10.0.0.0/16 that overlaps no other subnet.\n"
        "  Try: 10.0.20.0/24, the first free /24 of this tier."
    )


def test_all_mistakes_are_reported_at_once():
    raw = read_stack_file("prod")
    for key, value in {
        "role": "passive",
        "protect_data": False,
        "peer.region": "ap-south-1",
        "network.app_subnets[0]": "10.0.300.0/24",
        "network.app_subnets[1]": "10.9.0.0/24",
        "network.database_subnets[1]": "10.0.2.0/24",
        "network.flow_logs.retention_days": 15,
    }.items():
        raw = put(raw, key, value)
    found = {problem.key for problem in problems_of("prod", remove(raw, "owner"))}
    assert found == {
        "role",
        "owner",
        "protect_data",
        "peer.region",
        "network.app_subnets[0]",
        "network.app_subnets[1]",
        "network.database_subnets[1]",
        "network.flow_logs.retention_days",
    }


def test_several_values_to_try_put_several_subnets_right():
    raw = read_stack_file("staging")
    wrong = {"network.app_subnets[0]": "ten", "network.app_subnets[1]": "10.0.1.0/24", "network.cidr": "10.0.0.0/8"}
    for key, value in wrong.items():
        raw = put(raw, key, value)
    for problem in problems_of("staging", raw):
        raw = put(raw, problem.key, problem.remedy.partition(",")[0])
    parse(raw, stack="staging")


def test_a_misspelt_key_is_told_from_an_unknown_one():
    raw = read_stack_file("staging")
    (misspelt,) = problems_of("staging", put(remove(raw, "region"), "regoin", "ap-south-1"))
    (renamed,) = problems_of(
        "staging", put(remove(raw, "network.availability_zones"), "network.azs", ["ap-south-1a", "ap-south-1b"])
    )
    (unknown,) = problems_of("staging", put(raw, "colour", "blue"))
    assert misspelt.remedy == "region in its place"
    assert renamed.remedy == "network.availability_zones in its place"
    assert unknown.remedy == "removing it"
    assert "account_id" in unknown.allowed


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("registry.repositories[0]", 1000, '"1000", in quotes as it is to be'),
        ("account_id", 123456789012, '"123456789012", in quotes as it is to be'),
        ("registry.repositories[0]", -1, "backend"),
    ],
)
def test_a_number_where_text_is_wanted_is_to_be_put_in_quotes(key, value, remedy):
    with pytest.raises(ConfigurationError) as caught:
        parse(put(read_stack_file("staging"), key, value), stack="staging")
    (problem,) = caught.value.problems
    assert problem.key == key
    assert problem.remedy == remedy


@cache
def iam_tag() -> str:
    """The pattern that IAM publishes."""
    iam = botocore.session.get_session().get_service_model("iam")
    return iam.shape_for("tagValueType").metadata["pattern"]


@given(
    text=st.text(st.characters(exclude_categories=("Cs", "Cn")), min_size=1, max_size=3)
    | st.text("é_.:/=+-@ ঢাি\u0301٣", min_size=1, max_size=5)
)
def test_an_owner_is_accepted_when_iam_accepts_it_as_a_tag_in_the_form_it_gets(text):
    raw = put(read_stack_file("staging"), "owner", f"a{text}")
    accepted = regex.fullmatch(iam_tag(), unicodedata.normalize("NFC", f"a{text}")) is not None
    with contextlib.ExitStack() as refused:
        if not accepted:
            refused.enter_context(pytest.raises(ConfigurationError, match="dhakacart:owner"))
        config = parse(as_engine(raw), stack="staging")
        assert config.owner == unicodedata.normalize("NFC", f"a{text}")
        assert re.search(TAG_PATTERN, f"a{text}"), "the schema would refuse it"


def test_a_letter_of_any_script_may_name_an_owner_and_a_mark_is_named():
    for name in ("Équipe plateforme", "E\u0301quipe", "プラットフォーム", "команда-1"):
        parse(put(read_stack_file("staging"), "owner", name), stack="staging")
    (problem,) = problems_of("staging", put(read_stack_file("staging"), "owner", "ঢাকা"))
    assert problem.reason == "has 'া', which AWS takes in no tag"


def test_an_account_id_that_lost_its_nought_is_told_why():
    (problem,) = problems_of("staging", put(read_stack_file("staging"), "account_id", "12345678912"))
    assert "without them a nought in front is lost" in problem.allowed


def test_adding_a_zone_says_which_subnets_it_needs():
    zones = ["ap-south-1a", "ap-south-1b", "ap-south-1c"]
    (problem,) = problems_of("staging", put(read_stack_file("staging"), "network.availability_zones", zones))
    for subnet in ("10.0.3.0/24", "10.0.30.0/24", "10.0.150.0/24", "100.64.128.0/18"):
        assert subnet in problem.remedy


def test_a_block_without_room_asks_for_a_larger_one():
    raw = read_stack_file("staging")
    for key, value in {
        "network.pod_cidr": "100.64.0.0/20",
        "network.availability_zones": [f"ap-south-1{letter}" for letter in "abc"],
        "network.public_subnets": None,
        "network.app_subnets": None,
        "network.database_subnets": None,
        "network.pod_subnets": ["100.64.0.0/21", "100.64.8.0/21", "100.64.0.0/22"],
    }.items():
        raw = put(raw, key, value)
    (problem,) = problems_of("staging", raw)
    assert problem.key == "network.pod_subnets[2]"
    assert problem.remedy == "a larger network.pod_cidr: no pods subnet is free in it"


@pytest.mark.parametrize("stack", STACKS)
def test_a_secret_value_is_never_shown(stack):
    hidden = ["10.0.77.5/24", "10.0.77.0/24", "passport", "10.0.99.0/16"]
    raw = put(read_stack_file(stack), "network.app_subnets[0]", "10.0.77.5/24")
    raw = put(raw, "network.nat_gateways", "passport")
    raw = put(raw, "network.cidr", "10.0.99.0/16")
    with pytest.raises(ConfigurationError) as caught:
        parse(as_engine(raw), stack=stack, secret_keys={"network"})
    report = str(caught.value)
    assert len(caught.value.problems) == 3
    assert report.count("[secret] is not right") == 3
    assert not [text for text in hidden if text in report], report


def test_a_secret_is_not_shown_where_another_problem_mentions_it():
    raw = put(read_stack_file("prod"), "peer.cidr", "10.0.0.0/17")
    with pytest.raises(ConfigurationError) as caught:
        parse(as_engine(raw), stack="prod", secret_keys={"network"})
    assert [problem.key for problem in caught.value.problems] == ["peer.cidr"]
    assert "10.0.0.0/16" not in str(caught.value)
    assert "network.cidr ([secret])" in str(caught.value)


def test_a_long_value_is_cut():
    (problem,) = problems_of("staging", put(read_stack_file("staging"), "owner", "x" * 1000))
    assert len(problem.value) == 80


def test_fewer_zones_than_subnets_asks_for_one_or_the_other():
    raw = read_stack_file("staging")
    lists = {"public": "10.0.3.0/24", "app": "10.0.30.0/24", "database": "10.0.150.0/24", "pod": "100.64.128.0/18"}
    for tier, subnet in lists.items():
        raw["network"][f"{tier}_subnets"].append(subnet)
    (problem,) = problems_of("staging", raw)
    assert problem.key == "network.availability_zones"
    assert problem.remedy == "naming 3 zones, or only the first 2 subnets of each list"
