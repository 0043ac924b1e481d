"""Every Helm value of every stack, against the contract of the chart that it goes to."""

from functools import reduce
from typing import Any

import pytest

from dhakacart_infra.config.versions import EXTERNAL_SECRETS, LOAD_BALANCER_CONTROLLER
from sandbox.kubernetes.contracts import contract
from tests.support.manifests import manifests
from tests.support.pod_identities import own_associations
from tests.support.releases import Release, images, releases, strangers
from tests.support.stacks import STACKS
from tests.support.whole_program import MIRROR, mirrored, registered, unchanged

KNOWN = {
    "replicas": "integer",
    "image": {"tag": "string"},
    "region": "any",
    "labels": "object",
    "share": "string|integer",
}
NEVER_RUN = {
    "grafana.imageRenderer.image",
    "grafana.initChownData.image",
    "grafana.testFramework.image",
    "kube-state-metrics.kubeRBACProxy.image",
    "prometheus-node-exporter.kubeRBACProxy.image",
    "prometheus-node-exporter.permissionInitContainer.image",
    "prometheusOperator.admissionWebhooks.deployment.image",
    "prometheusOperator.admissionWebhooks.patch.image",
    "thanosRuler.thanosRulerSpec.image",
}
"""Images of what is off, by default or by our values. Where charts can be rendered, all that they run is looked at."""


def within(values: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    return reduce(lambda value, key: value[key], path, values)


def of(stack: str, change=unchanged) -> list[Release]:
    found = releases(registered(stack, change))
    assert found, f"{stack} has no release: nothing would be checked"
    return found


def known(release: Release):
    return contract(release.chart.name).values


@pytest.mark.parametrize("stack", STACKS)
def test_every_value_that_we_set_is_one_that_the_chart_has(stack):
    for release in of(stack):
        assert strangers(release.values, known(release)) == [], release.name


@pytest.mark.parametrize("stack", STACKS)
def test_behind_a_mirror_every_chart_and_every_image_comes_from_it(stack):
    for release in of(stack, mirrored):
        assert release.inputs["chart"] == f"oci://{MIRROR}/charts/{release.chart.name}"
        for path in images(known(release)):
            if ".".join(path[:-1]) not in NEVER_RUN:
                image = within(release.values, path[:-1])
                whole = "/".join(filter(None, (image.get("registry"), image["repository"])))
                assert whole.startswith(f"{MIRROR}/"), f"{release.name}: {'.'.join(path)}"


@pytest.mark.parametrize("stack", STACKS)
def test_every_role_for_pods_has_the_service_account_of_a_release_or_an_add_on(stack):
    """Or one that the program makes itself."""
    made = {
        (found["metadata"]["namespace"], found["metadata"]["name"])
        for _, found in manifests(registered(stack))
        if found["kind"] == "ServiceAccount"
    }
    identities = {(one.namespace, one.service_account) for one in own_associations(registered(stack))} - made
    named = {(release.namespace, account) for release in of(stack) for account in release.accounts}
    assert named == identities


def test_every_image_of_a_chart_is_found():
    assert images(contract(EXTERNAL_SECRETS.name).values) == [
        ("certController", "image", "repository"),
        ("image", "repository"),
        ("webhook", "image", "repository"),
    ]


def test_a_value_that_the_chart_does_not_have_is_found():
    assert strangers({"image": {"tagg": "1"}}, KNOWN) == ["image.tagg is not among the chart's values"]


def test_a_feature_that_the_load_balancer_controller_does_not_know_is_found():
    """It would not start."""
    wrong = {"controllerConfig": {"featureGates": {"NLBGatewayApi": False}}}
    (found,) = strangers(wrong, contract(LOAD_BALANCER_CONTROLLER.name).values)
    assert "controllerConfig.featureGates.NLBGatewayApi" in found


@pytest.mark.parametrize("wrong", [{"replicas": "2"}, {"replicas": True}, {"image": "shop"}, {"labels": []}])
def test_a_value_of_another_type_is_found(wrong):
    ((key, value),) = wrong.items()
    (found,) = strangers(wrong, KNOWN)
    assert found.startswith(f"{key} is {value!r}, where the chart has ")


def test_a_value_that_the_chart_leaves_open_may_be_anything():
    open_ones = {"region": "ap-south-1", "labels": {"role": "system"}, "share": "50%"}
    assert strangers(open_ones, KNOWN) == []
