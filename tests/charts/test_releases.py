"""Every Helm release of every stack, with the chart that it pins: what we set exists, what comes of it is valid."""

import re

import pytest

from dhakacart_infra.config.versions import LOAD_BALANCER_CONTROLLER
from tests.support import charts
from tests.support.manifests import custom_problems, is_built_in, problems
from tests.support.pod_identities import own_associations
from tests.support.releases import Release, releases, strangers
from tests.support.stacks import STACKS
from tests.support.whole_program import MIRROR, mirrored, registered, unchanged

WITHOUT_AWS = {
    ("external-secrets", "external-secrets-webhook"),
    ("external-secrets", "external-secrets-cert-controller"),
}
"""Service accounts whose pods talk to the API server alone."""

pytestmark = pytest.mark.parametrize("stack", STACKS)


def of(stack: str, change=unchanged) -> list[Release]:
    found = releases(registered(stack, change))
    assert found, f"{stack} has no release: nothing would be checked"
    return found


def test_every_value_that_we_set_is_one_that_the_chart_has(stack):
    for release in of(stack):
        assert strangers(release.values, charts.defaults(release.chart)) == [], release.name


def test_every_feature_gate_is_one_that_the_load_balancer_controller_knows(stack):
    """One that it does not know keeps it from starting."""
    gates = {
        gate for release in of(stack) for gate in release.values.get("controllerConfig", {}).get("featureGates", {})
    }
    source = charts.module(charts.SOURCES[LOAD_BALANCER_CONTROLLER].module)[0] / "pkg/config/feature_gates.go"
    assert gates <= set(re.findall(r"Feature = \"(\w+)\"", source.read_text()))


def test_helm_takes_our_values(stack):
    for release in of(stack):
        assert release.rendered.refusal is None, release.name


def test_whatever_helm_installs_is_valid_in_the_clusters_version(stack):
    for release in of(stack):
        assert release.rendered.objects, f"{release.name} installs nothing"
        for found in release.rendered.objects:
            known = is_built_in(found)
            wrong = problems(found) if known else custom_problems(found, charts.definitions())
            assert wrong == [], f"{release.name}: {found['kind']} {found['metadata']['name']}"


def test_behind_a_mirror_every_chart_and_every_image_comes_from_it(stack):
    for release in of(stack, mirrored):
        assert release.inputs["chart"] == f"oci://{MIRROR}/charts/{release.chart.name}"
        for pod in release.pods:
            for container in [*pod.get("initContainers", []), *pod["containers"]]:
                assert container["image"].startswith(f"{MIRROR}/"), f"{release.name}: {container['name']}"


def test_every_role_for_pods_has_the_pods_and_only_webhooks_run_without(stack):
    identities = {(one.namespace, one.service_account) for one in own_associations(registered(stack))}
    accounts = {(release.namespace, pod["serviceAccountName"]) for release in of(stack) for pod in release.pods}
    assert accounts - identities == WITHOUT_AWS
    assert identities <= accounts
