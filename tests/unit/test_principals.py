"""Who a listed principal lets in: that permission set, that role, and nobody whose name begins alike."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.config.principals import principal_arn, trust_characters, trust_conditions
from dhakacart_infra.foundation.iam import person_trust

ACCOUNT = "123456789012"
SETS = st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,32}", fullmatch=True)
SUFFIXES = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
HOMES = st.sampled_from(["", "ap-south-1/", "eu-west-1/"])
"""The region that Identity Center lives in, as the path of its roles has it: us-east-1 is left out."""


def role_of(permission_set: str, suffix: str, home: str) -> str:
    path = f"aws-reserved/sso.amazonaws.com/{home}"
    return f"arn:aws:iam::{ACCOUNT}:role/{path}AWSReservedSSO_{permission_set}_{suffix}"


def lets_in(principal: str, arn: str) -> bool:
    """As ArnLike compares: ``*`` is anything, ``?`` one character."""
    pattern = re.escape(principal_arn(principal, ACCOUNT)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, arn) is not None


@given(SETS, SUFFIXES, HOMES)
def test_a_permission_set_is_let_in_wherever_identity_center_lives(name, suffix, home):
    assert lets_in(f"permission-set/{name}", role_of(name, suffix, home))


@given(SETS, SETS, SUFFIXES, HOMES)
def test_no_other_permission_set_is_let_in(name, other, suffix, home):
    assert lets_in(f"permission-set/{name}", role_of(other, suffix, home)) == (name == other)


@given(SETS, SETS, SUFFIXES, HOMES)
def test_nor_one_whose_name_is_longer(name, more, suffix, home):
    assert not lets_in(f"permission-set/{name}", role_of(f"{name}_{more}", suffix, home))


def test_a_role_or_user_is_let_in_by_its_arn_alone():
    arn = f"arn:aws:iam::{ACCOUNT}:role/dhakacart-deploy"
    assert lets_in(arn, arn)
    assert not lets_in(arn, f"{arn}er")


@given(st.sets(SETS.map("permission-set/{}".format), max_size=20))
def test_the_characters_that_are_counted_are_those_of_the_policy(principals):
    policy = person_trust(f"arn:aws:iam::{ACCOUNT}:root", trust_conditions(principals, ACCOUNT))
    assert trust_characters(principals, ACCOUNT) == len(re.sub(r"\s", "", policy))
