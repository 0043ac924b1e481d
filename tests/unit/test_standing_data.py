"""What a stack whose data stand refuses: a role that they do not allow."""

import pytest

from dhakacart_infra.config import ConfigurationError, require_possible
from dhakacart_infra.config.standing import Standing
from dhakacart_infra.foundation import standing
from tests.support.stacks import config

SOURCE = "arn:aws:rds:ap-south-1:123456789012:db:dhakacart-prod-aps1"


@pytest.mark.parametrize(
    ("stack", "role", "stands", "remedy"),
    [
        ("prod", "standby", Standing(database=True), "to fail back, follow docs/runbooks/failover.md"),
        ("prod-dr", "standby", Standing(database=True), "to fail back, follow docs/runbooks/failover.md"),
        ("prod-dr", "active", Standing(), "standby"),
    ],
)
def test_a_role_that_the_data_do_not_allow_is_refused_with_the_way_to_it(stack, role, stands, remedy):
    wanted = config(stack, lambda values: values.update(role=role))
    with pytest.raises(ConfigurationError) as refused:
        require_possible(wanted, stands, stack=stack)
    (problem,) = refused.value.problems
    assert problem.key == "role"
    assert problem.remedy.endswith(remedy)


@pytest.mark.parametrize(
    ("stack", "role", "stands"),
    [
        ("prod", "active", Standing()),
        ("prod", "standby", Standing()),
        ("prod-dr", "standby", Standing()),
        ("prod-dr", "active", Standing(database=True, database_source=SOURCE)),
        ("prod-dr", "active", Standing(database=True)),
        ("prod-dr", "standby", Standing(database=True, database_source=SOURCE)),
    ],
)
def test_a_copy_is_made_promoted_and_stays_what_it_became(stack, role, stands):
    require_possible(config(stack, lambda values: values.update(role=role)), stands, stack=stack)


@pytest.mark.parametrize(
    ("sources", "database", "source"),
    [
        ([], False, None),
        ([""], True, None),
        (["", "dhakacart-prod-aps1"], True, None),
        (["dhakacart-prod-aps1", SOURCE], True, SOURCE),
    ],
)
def test_the_instance_that_stands_is_told_from_its_replicas(sources, database, source):
    instances = [{"type": standing.DATABASE, "outputs": {"replicateSourceDb": one}} for one in sources]
    found = standing.read(instances)
    assert (found.database, found.database_source) == (database, source)
