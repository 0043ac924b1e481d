"""A wrong configuration is refused with one clear report of each mistake."""

import contextlib
import json
import re
from itertools import islice

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.config import ConfigurationError, Problem, parse
from tests.support.configurations import as_engine, problems_of, put
from tests.support.mistakes import MAKERS, WITH_A_VALUE_TO_TRY, Mistake, mistakes
from tests.support.stacks import raw as read_stack_file

JARGON = re.compile(
    r"Input should|validation error|pydantic|Value error|type=|<class|Traceback|None\b|IPv4Network|extra_forbidden|\{\}"
)


def describe(mistake: Mistake, found: tuple[Problem, ...]) -> str:
    reports = "\n".join(map(str, found))
    return f"{mistake.stack}: {mistake.key} = {mistake.shown}\n{json.dumps(mistake.raw)}\n{reports}"


SOME = 8
"""Every eighth mistake: thousands take as many seconds as the whole tier has. All are tried with the faults."""
some_or_all = pytest.mark.parametrize(
    "step", [SOME, pytest.param(1, marks=pytest.mark.exhaustive)], ids=["some", "all"]
)


def test_there_are_hundreds_of_different_mistakes_to_try():
    tried = {
        (one.stack, json.dumps(one.raw, sort_keys=True))
        for make in MAKERS
        for one in islice(mistakes(make), 0, None, SOME)
    }
    assert len(tried) >= 500


@some_or_all
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_each_mistake_gives_one_report_that_names_key_value_allowed_and_remedy(make, step):
    for mistake in islice(mistakes(make), 0, None, step):
        found = problems_of(mistake.stack, mistake.raw)
        context = describe(mistake, found)
        assert [problem.key for problem in found] == [mistake.key], context
        (problem,) = found
        assert mistake.shown in problem.value, context
        assert all((problem.reason, problem.allowed, problem.remedy)), context
        assert not JARGON.search(str(problem)), context


@some_or_all
@pytest.mark.parametrize("make", WITH_A_VALUE_TO_TRY, ids=lambda make: make.__name__)
def test_the_value_to_try_puts_the_mistake_right(make, step):
    for mistake in islice(mistakes(make), 0, None, step):
        (problem,) = problems_of(mistake.stack, mistake.raw)
        value = re.match(r"\[[^\]]*\]|[^\s,]+", problem.remedy)
        assert value, problem
        corrected = put(mistake.raw, mistake.key, yaml.safe_load(value[0]))
        parse(as_engine(corrected), stack=mistake.stack)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.ip_addresses(v=4).map(str),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PLACES = ("region", "role", "peer.cidr", "protect_data", "network.cidr", "network.pod_cidr", "network.app_subnets")
PLACES_TOO = ("network.availability_zones", "network.pod_subnets", "network.interface_endpoints", "network.flow_logs")
PLACES_OF_THE_CLUSTER = (
    "public_access_cidrs",
    "administrators",
    "readers",
    "architecture",
    "system_nodes",
    "node_limits",
)
ALL_PLACES = (
    *(*PLACES, *PLACES_TOO, *(f"cluster.{name}" for name in PLACES_OF_THE_CLUSTER)),
    *("registry", "registry.repositories", "mirrors"),
    *("cache", "cache.concurrent_users", "cache.node_type", "cache.shards", "cache.durability"),
    *("services", "services.search", "services.backend.variables", "services.backend.scaling", "spare_pods", "domain"),
)


@given(changes=st.dictionaries(st.sampled_from(ALL_PLACES), ANYTHING, min_size=1, max_size=3))
def test_whatever_is_written_gives_a_configuration_or_a_report(changes):
    raw = read_stack_file("prod")
    for key, value in sorted(changes.items(), reverse=True):
        raw = put(raw, key, value)
    with contextlib.suppress(ConfigurationError):
        config = parse(as_engine(raw), stack="prod")
        assert parse(as_engine(config.model_dump(mode="json")), stack="prod") == config
