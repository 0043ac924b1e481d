"""Every custom resource of every stack, against the definition that the pinned chart brings of its kind."""

import copy

import pytest

from dhakacart_infra.config.versions import EXTERNAL_SECRETS, KARPENTER, LOAD_BALANCER_CONTROLLER
from sandbox.kubernetes.charts import CHARTS
from tests.support import charts
from tests.support.manifests import custom_problems, is_built_in, manifests
from tests.support.stacks import STACKS
from tests.support.whole_program import registered


def custom(stack):
    return {name: found for name, found in manifests(registered(stack)) if not is_built_in(found)}


@pytest.mark.parametrize("stack", STACKS)
def test_every_custom_resource_is_as_its_definition_wants_it(stack):
    assert {"NodePool", "EC2NodeClass"} <= {found["kind"] for found in custom(stack).values()}
    wrong = {name: custom_problems(found, charts.definitions()) for name, found in custom(stack).items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_sandbox_knows_exactly_the_kinds_that_the_pinned_charts_define():
    defined = (kind for chart in CHARTS.values() for kind in chart.defines)
    known = {(f"{kind.group}/{version}", kind.kind) for kind in defined for version in kind.versions}
    assert known == charts.definitions().keys()


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


def test_a_version_that_is_not_served_is_found():
    pool = {**some("NodePool"), "apiVersion": "karpenter.sh/v1beta1"}
    assert custom_problems(pool, charts.definitions()) == ["no pinned chart defines karpenter.sh/v1beta1 NodePool"]


@pytest.mark.parametrize("chart", [KARPENTER, LOAD_BALANCER_CONTROLLER, EXTERNAL_SECRETS], ids=lambda chart: chart.name)
def test_a_chart_is_read_only_where_its_source_is_of_the_pinned_release(chart, monkeypatch):
    other = type(chart)(name=chart.name, version="0.0.1", repository=chart.repository)
    monkeypatch.setitem(charts.SOURCES, other, charts.SOURCES[chart])
    with pytest.raises(ValueError, match=f"pins {chart.name} 0.0.1"):
        charts.folder(other)
