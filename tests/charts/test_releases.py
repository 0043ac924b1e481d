"""Every Helm release of every stack whose chart can be rendered here: the real Helm takes our values, and what comes
of them is valid."""

import re

import pytest

from dhakacart_infra.config.versions import KARPENTER, KUBE_PROMETHEUS_STACK
from tests.support import charts
from tests.support.helm import render
from tests.support.manifests import Definitions, custom_problems, is_built_in, problems
from tests.support.pod_identities import own_associations
from tests.support.releases import Release, releases
from tests.support.stacks import STACKS
from tests.support.whole_program import MIRROR, mirrored, registered, unchanged

OPERATED = ("Alertmanager", "Prometheus")
DEFINITION = "CustomResourceDefinition"
WITHOUT_AWS = {
    ("external-secrets", "external-secrets-webhook"),
    ("external-secrets", "external-secrets-cert-controller"),
    ("monitoring", "kube-prometheus-stack-kube-state-metrics"),
    ("monitoring", "kube-prometheus-stack-operator"),
    ("monitoring", "kube-prometheus-stack-prometheus-node-exporter"),
}
"""Service accounts whose pods talk to the API server alone, or to nobody."""

pytestmark = [pytest.mark.usefixtures("helm_at_hand"), pytest.mark.parametrize("stack", STACKS)]


def of(stack: str, change=unchanged) -> list[Release]:
    found = [one for one in releases(registered(stack, change)) if charts.folder(one.chart)]
    assert KARPENTER in {one.chart for one in found}, f"{stack} has none that can be rendered here"
    return found


def monitoring(stack: str, change=unchanged) -> Release:
    if not charts.folder(KUBE_PROMETHEUS_STACK):
        pytest.skip("the files of the monitoring stack's chart are not to be had here")
    return next(one for one in of(stack, change) if one.chart == KUBE_PROMETHEUS_STACK)


def defined(found: list[Release]) -> Definitions:
    """The schema of every kind: of those that the releases themselves bring, the whole one."""
    specs = [one["spec"] for release in found for one in release.rendered.objects if one["kind"] == DEFINITION]
    return charts.definitions() | {
        (f"{spec['group']}/{version['name']}", spec["names"]["kind"]): version["schema"]["openAPIV3Schema"]
        for spec in specs
        for version in spec["versions"]
    }


def test_helm_takes_our_values(stack):
    for release in of(stack):
        assert release.rendered.refusal is None, release.name


def test_whatever_helm_installs_is_valid_in_the_clusters_version(stack):
    definitions = defined(of(stack))
    for release in of(stack):
        assert release.rendered.objects, f"{release.name} installs nothing"
        for found in release.rendered.objects:
            known = is_built_in(found)
            wrong = problems(found) if known else custom_problems(found, definitions)
            assert wrong == [], f"{release.name}: {found['kind']} {found['metadata']['name']}"


def test_behind_a_mirror_every_image_comes_from_it(stack):
    for release in of(stack, mirrored):
        for pod in release.pods:
            for container in [*pod.get("initContainers", []), *pod["containers"]]:
                assert container["image"].startswith(f"{MIRROR}/"), f"{release.name}: {container['name']}"


def test_what_the_operator_starts_comes_from_the_mirror_too(stack):
    stack_release = monitoring(stack, mirrored)
    started = [one["spec"]["image"] for one in stack_release.rendered.objects if one["kind"] in OPERATED]
    (reloader,) = re.findall(r"--prometheus-config-reloader=(\S+)", str(stack_release.pods).replace("'", " "))
    assert len(started) == len(OPERATED)
    assert all(image.startswith(f"{MIRROR}/") for image in [*started, reloader])


def test_nothing_of_the_monitoring_stack_alerts_by_rules_of_the_charts(stack):
    stack_release = monitoring(stack)
    rules = [one for one in stack_release.rendered.objects if one["kind"] == "PrometheusRule"]
    assert rules, "those that record are for its dashboards"
    assert [
        rule for one in rules for group in one["spec"]["groups"] for rule in group["rules"] if "alert" in rule
    ] == []


def test_no_image_that_comes_through_the_cache_is_asked_for_by_its_digest(stack):
    """A first pull through the cache has to name a tag (containers-roadmap issue 2837)."""
    for release in of(stack):
        for pod in release.pods:
            for container in [*pod.get("initContainers", []), *pod["containers"]]:
                cached = ".dkr.ecr." in container["image"]
                assert not (cached and "@" in container["image"]), f"{release.name}: {container['image']}"


def test_every_pod_has_a_role_and_only_webhooks_run_without(stack):
    identities = {(one.namespace, one.service_account) for one in own_associations(registered(stack))}
    accounts = {(release.namespace, pod["serviceAccountName"]) for release in of(stack) for pod in release.pods}
    assert accounts - identities <= WITHOUT_AWS


def test_helm_itself_says_what_a_chart_cannot_do_without(stack):
    (karpenter,) = (release for release in of(stack) if release.chart == KARPENTER)
    without = {**karpenter.values, "settings": {}}
    refusal = render(KARPENTER, without, namespace=karpenter.namespace).refusal
    assert refusal is not None
    assert "clusterName" in refusal
