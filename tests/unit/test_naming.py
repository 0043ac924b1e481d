"""Physical names: within AWS's limits, the same every time, and never the same for two things."""

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.foundation.naming import Kind, Naming, region_code

NAMING = Naming(project="dhakacart", environment="prod", region="ap-south-1", account_id="123456789012")
ROLES = st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=200), max_size=4)


@given(st.sampled_from(list(Kind)), ROLES)
def test_no_name_is_longer_than_its_service_accepts(kind, role):
    assert len(NAMING.of(kind, *role)) <= kind.max_length


@given(
    st.sampled_from(list(Kind)), st.text("ab", min_size=300, max_size=300), st.text("ab", min_size=300, max_size=300)
)
def test_long_names_that_begin_alike_stay_apart_when_cut(kind, one, other):
    if one != other:
        assert NAMING.of(kind, "same" * 30, one) != NAMING.of(kind, "same" * 30, other)


@given(st.sampled_from(list(Kind)), ROLES)
def test_a_cut_name_does_not_end_in_a_separator_before_its_hash(kind, role):
    name = NAMING.of(kind, *role)
    assert "--" not in name
    assert not name.endswith(("-", "/"))


def test_a_short_name_says_what_it_is():
    assert NAMING.of(Kind.EKS_CLUSTER) == "dhakacart-prod-aps1"
    assert NAMING.of(Kind.LOG_GROUP, "flow-logs") == "/dhakacart/prod/aps1/flow-logs"
    assert NAMING.of(Kind.KMS_ALIAS, "flow-logs") == "alias/dhakacart/prod/aps1/flow-logs"


def test_the_same_environment_in_two_regions_shares_no_name():
    twin = Naming(project="dhakacart", environment="prod", region="ap-southeast-1", account_id="123456789012")
    assert not {NAMING.of(kind, "x") for kind in Kind} & {twin.of(kind, "x") for kind in Kind}


def test_every_region_has_a_code_of_its_own():
    regions = botocore.session.get_session().get_available_regions("ec2")
    assert len({region_code(region) for region in regions}) == len(regions)


def test_every_kind_has_limits_of_its_own_and_is_no_alias_of_another():
    assert len(Kind.__members__) == len(list(Kind))


@pytest.mark.parametrize(
    ("kind", "service", "shape"),
    [
        (Kind.ECR_REPOSITORY, "ecr", "RepositoryName"),
        (Kind.EKS_CLUSTER, "eks", "ClusterName"),
        (Kind.IAM_ROLE, "iam", "roleNameType"),
        (Kind.KMS_ALIAS, "kms", "AliasNameType"),
        (Kind.LOG_GROUP, "logs", "LogGroupName"),
        (Kind.SECRET, "secretsmanager", "NameType"),
    ],
)
def test_limits_are_those_of_the_services_own_model(kind, service, shape):
    metadata = botocore.session.get_session().get_service_model(service).shape_for(shape).metadata
    assert kind.max_length == metadata["max"]
