"""What each whole stack registers, on mocks: what no simulated AWS needs to be asked."""

import json

import pytest

from dhakacart_infra.environment import Environment
from tests.support.recorder import record
from tests.support.stacks import STACKS, config, raw
from tests.support.whole_program import registered


@pytest.mark.parametrize("stack", STACKS)
def test_the_same_stack_registers_the_same_resources_twice(stack):
    settings = config(stack)
    again = record(lambda: Environment.of(settings, "dhakacart"), stack=stack)
    first, second = ({(r.type, r.name) for r in recorder.resources} for recorder in (registered(stack), again))
    assert first == second


@pytest.mark.parametrize("stack", STACKS)
def test_no_preview_asks_aws_anything(stack):
    assert registered(stack).calls == []


@pytest.mark.parametrize("stack", STACKS)
def test_no_logical_name_contains_configured_text(stack):
    words = {raw(stack)["environment"], raw(stack)["region"], *raw(stack)["network"]["availability_zones"]}
    for resource in registered(stack).resources:
        assert not any(word in resource.name for word in words), f"{resource.name} changes with the configuration"


@pytest.mark.parametrize("stack", STACKS)
def test_the_provider_refuses_any_account_but_the_configured_one(stack):
    for provider in registered(stack).of("pulumi:providers:aws").values():
        assert json.loads(provider["allowedAccountIds"]) == [raw(stack)["account_id"]]


@pytest.mark.parametrize("stack", STACKS)
def test_everything_is_tagged_with_who_owns_and_pays_for_it(stack):
    values = raw(stack)
    for provider in registered(stack).of("pulumi:providers:aws").values():
        assert json.loads(provider["defaultTags"])["tags"] == {
            "Project": "dhakacart",
            "Environment": values["environment"],
            "RegionRole": values["role"],
            "Owner": values["owner"],
            "CostCentre": values["cost_centre"],
            "ManagedBy": "pulumi",
        }
