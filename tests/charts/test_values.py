"""What the checks of the releases find, shown on values that are wrong."""

from dhakacart_infra.config.versions import EXTERNAL_SECRETS, LOAD_BALANCER_CONTROLLER
from tests.support import charts
from tests.support.helm import render
from tests.support.releases import strangers

KNOWN = {"replicas": 2, "image": {"tag": ""}, "region": None, "nodeSelector": {}}


def test_a_value_that_the_chart_does_not_have_is_found():
    assert strangers({"image": {"tagg": "1"}}, KNOWN) == ["image.tagg is not among the chart's values"]


def test_a_value_of_another_type_is_found():
    assert strangers({"replicas": "2"}, KNOWN) == ["replicas is '2', where the chart has 2"]
    assert strangers({"replicas": True}, KNOWN) == ["replicas is True, where the chart has 2"]


def test_a_value_that_the_chart_leaves_open_may_be_anything():
    assert strangers({"region": "ap-south-1", "nodeSelector": {"role": "system"}}, KNOWN) == []


def test_values_that_the_charts_own_schema_refuses_are_refused():
    refusal = render(EXTERNAL_SECRETS, {"replicaCount": "two"}, namespace="default").refusal
    assert refusal is not None
    assert "replicaCount" in refusal


def test_a_chart_says_what_it_cannot_do_without():
    refusal = render(LOAD_BALANCER_CONTROLLER, {}, namespace="default").refusal
    assert refusal is not None
    assert "clusterName" in refusal


def test_charts_carry_the_number_of_the_release_that_is_pinned():
    (deployment,) = (
        found
        for found in render(LOAD_BALANCER_CONTROLLER, {"clusterName": "shop"}, namespace="default").objects
        if found["kind"] == "Deployment"
    )
    label = deployment["metadata"]["labels"]["helm.sh/chart"]
    assert label == f"{LOAD_BALANCER_CONTROLLER.name}-{LOAD_BALANCER_CONTROLLER.version}"
    assert charts.metadata(charts.folder(LOAD_BALANCER_CONTROLLER))["version"] == LOAD_BALANCER_CONTROLLER.version
