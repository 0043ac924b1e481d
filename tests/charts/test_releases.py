"""Every Helm release of every stack whose chart can be rendered here: the real Helm takes our values, and what comes
of them is valid."""

import pytest

from dhakacart_infra.config.versions import KARPENTER
from tests.support import charts
from tests.support.helm import render
from tests.support.manifests import custom_problems, is_built_in, problems
from tests.support.pod_identities import own_associations
from tests.support.releases import Release, releases
from tests.support.stacks import STACKS
from tests.support.whole_program import MIRROR, mirrored, registered, unchanged

WITHOUT_AWS = {
    ("external-secrets", "external-secrets-webhook"),
    ("external-secrets", "external-secrets-cert-controller"),
}
"""Service accounts whose pods talk to the API server alone."""

pytestmark = [pytest.mark.usefixtures("helm_at_hand"), pytest.mark.parametrize("stack", STACKS)]


def of(stack: str, change=unchanged) -> list[Release]:
    found = [one for one in releases(registered(stack, change)) if charts.folder(one.chart)]
    assert KARPENTER in {one.chart for one in found}, f"{stack} has none that can be rendered here"
    return found


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


def test_behind_a_mirror_every_image_comes_from_it(stack):
    for release in of(stack, mirrored):
        for pod in release.pods:
            for container in [*pod.get("initContainers", []), *pod["containers"]]:
                assert container["image"].startswith(f"{MIRROR}/"), f"{release.name}: {container['name']}"


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
