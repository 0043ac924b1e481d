"""Every custom resource of every stack, against the definition that the pinned chart brings of its kind."""

import copy

import pytest

from tests.support import charts
from tests.support.manifests import custom_problems, is_built_in, manifests
from tests.support.stacks import STACKS
from tests.support.whole_program import registered


def custom(stack):
    return {name: found for name, found in manifests(registered(stack)) if not is_built_in(found)}


@pytest.mark.parametrize("stack", STACKS)
def test_every_custom_resource_is_as_its_definition_wants_it(stack):
    assert {"ClusterSecretStore", "EC2NodeClass", "NodePool"} <= {found["kind"] for found in custom(stack).values()}
    wrong = {name: custom_problems(found, charts.definitions()) for name, found in custom(stack).items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def some(kind):
    return copy.deepcopy(next(found for found in custom(STACKS[0]).values() if found["kind"] == kind))


def test_a_misspelt_field_is_found():
    pool = some("NodePool")
    pool["spec"]["disruption"]["consolidateAftr"] = "1m"
    assert "consolidateAftr" in str(custom_problems(pool, charts.definitions()))


def test_a_value_out_of_its_range_is_found():
    node_class = some("EC2NodeClass")
    node_class["spec"]["metadataOptions"]["httpPutResponseHopLimit"] = 65
    assert "httpPutResponseHopLimit" in str(custom_problems(node_class, charts.definitions()))


def test_a_store_at_a_provider_that_is_not_ours_is_found():
    store = some("ClusterSecretStore")
    store["spec"]["provider"] = {"vault": {"server": "https://vault.example"}}
    assert "spec.provider.vault" in str(custom_problems(store, charts.definitions()))


def test_a_version_that_is_not_served_is_found():
    pool = {**some("NodePool"), "apiVersion": "karpenter.sh/v1beta1"}
    assert custom_problems(pool, charts.definitions()) == ["no pinned chart defines karpenter.sh/v1beta1 NodePool"]
