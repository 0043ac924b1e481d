"""Helm releases in the simulated Kubernetes: what they accept and report, and the kinds that a chart brings."""

import pytest

from sandbox.kubernetes.charts import CHARTS
from sandbox.providers.properties import UNKNOWN
from sandbox.providers.provider import ResourceError
from tests.support.kubernetes import (
    COMPLETE,
    NODE_POOL,
    RELEASE,
    URL,
    Kubernetes,
    node_pool,
    release,
    store,
    thing,
)

STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


def test_a_release_says_what_is_deployed(kubernetes):
    made = kubernetes.install("karpenter", values={"replicas": 2})
    assert made.id == "kube-system/karpenter"
    status = {"name": "karpenter", "namespace": "kube-system", "chart": "karpenter", "version": "1.2.3"}
    assert made.state["status"] == {**status, "revision": 1, "status": "deployed"}
    assert (made.state["values"], made.state["timeout"]) == ({"replicas": 2}, 300)


def test_a_release_without_a_name_gets_one_and_keeps_it(kubernetes):
    made = kubernetes.install("karpenter", name=None)
    assert made.id == "kube-system/karpenter-01234567"
    assert not kubernetes.diff(made, release("karpenter", name=None)).changed


@pytest.mark.parametrize("change", [{"version": "2.0.0"}, {"values": {"replicas": 3}}, {"atomic": True}])
def test_a_change_of_a_release_is_an_upgrade(kubernetes, change):
    made = kubernetes.install("karpenter")
    assert not kubernetes.diff(made, release("karpenter", **change)).replaces
    assert kubernetes.change(made, release("karpenter", **change))["status"]["revision"] == 2


@pytest.mark.parametrize("change", [{"name": "other"}, {"namespace": "default"}])
def test_another_name_or_namespace_is_another_release(kubernetes, change):
    made = kubernetes.install("karpenter")
    assert kubernetes.diff(made, release("karpenter", **change)).replaces == tuple(change)


def test_a_namespace_has_one_release_of_a_name(kubernetes):
    kubernetes.install("karpenter")
    with pytest.raises(ResourceError, match="cannot re-use a name that is still in use"):
        kubernetes.install("karpenter")


def test_a_release_needs_its_namespace_or_the_leave_to_make_it(kubernetes):
    with pytest.raises(ResourceError, match='namespaces "tools" not found'):
        kubernetes.install("karpenter", namespace="tools")
    kubernetes.install("karpenter", namespace="tools", createNamespace=True)
    assert "tools" in kubernetes.standing("Namespace")


def test_a_release_goes_with_its_namespace(kubernetes):
    tools = kubernetes.namespace("tools")
    made = kubernetes.install("karpenter", namespace="tools")
    kubernetes.delete(tools)
    assert kubernetes.refresh(made) is None
    kubernetes.delete(made)


def test_a_release_is_found_again_and_imported(kubernetes):
    made = kubernetes.install("karpenter")
    kubernetes.start()
    assert kubernetes.refresh(made).inputs == made.inputs
    _, inputs = kubernetes.provider.read(kubernetes.call(RELEASE, "it", made.id), {}, {})
    assert inputs == made.inputs
    assert [found["name"] for found in kubernetes.provider.releases(URL)] == ["karpenter"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"chart": "oci://x.y/unheard-of"}, "the sandbox does not know oci://x.y/unheard-of"),
        ({"chart": "karpenter"}, "give the address of its index as repositoryOpts.repo"),
        ({"chart": None}, "chart: Required value"),
        ({"version": ">= 1.2"}, 'version: got ">= 1.2"'),
        ({"version": None}, "pin one version"),
        ({"name": "A" * 60}, "name: got AAAA"),
        ({"values": "a: b"}, "values: must be a mapping"),
        ({"valuez": {}}, "valuez: unknown input"),
        ({"postrender": "sed"}, "postrender: the sandbox does not handle it"),
    ],
)
def test_a_release_that_helm_or_the_sandbox_cannot_install_is_refused(kubernetes, wrong, said):
    inputs = {name: value for name, value in release("karpenter", **wrong).items() if value is not None}
    assert said in kubernetes.refusal(RELEASE, inputs)


def test_what_only_the_update_will_know_of_a_release_is_not_judged(kubernetes):
    unknown = dict.fromkeys(("name", "namespace", "chart", "version", "values"), UNKNOWN)
    assert not kubernetes.refusal(RELEASE, unknown)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_s_kinds_are_there_once_it_is_installed(kubernetes, name):
    kubernetes.install(name)
    for defined in CHARTS[name].defines:
        for version in defined.versions:
            api, name = f"{defined.group}/{version.name}", f"it-{version.name}"
            spec = {"spec": COMPLETE[defined.kind]} if defined.kind in COMPLETE else {}
            made_id = kubernetes.make(f"kubernetes:{api}:{defined.kind}", thing(api, defined.kind, name, **spec)).id
            assert made_id == (f"default/{name}" if defined.namespaced else name)


def test_a_custom_resource_is_held_to_its_definition_once_the_chart_is_there(kubernetes):
    kubernetes.install("external-secrets")
    wrong = store() | {"spec": {"provider": {"aws": {"service": "SecretsManger", "region": "ap-south-1"}}}}
    assert 'Unsupported value: "SecretsManger"' in kubernetes.refusal(STORE, wrong)


def test_a_kind_needs_its_chart(kubernetes):
    with pytest.raises(ResourceError, match='no matches for kind "NodePool"'):
        kubernetes.make(NODE_POOL, node_pool())


def test_helm_leaves_plain_definitions_behind_and_takes_templated_ones_with_their_resources(kubernetes):
    plain, templated = kubernetes.install("karpenter"), kubernetes.install("external-secrets")
    kubernetes.make(STORE, store())
    kubernetes.delete(plain)
    kubernetes.delete(templated)
    assert "nodepools.karpenter.sh" in kubernetes.standing("CustomResourceDefinition")
    assert "clustersecretstores.external-secrets.io" not in kubernetes.standing("CustomResourceDefinition")
    assert not kubernetes.standing("ClusterSecretStore")


def test_helm_takes_over_no_definition_that_is_there_already(kubernetes):
    kubernetes.install("karpenter")
    with pytest.raises(ResourceError, match="exists and cannot be imported into the current release"):
        kubernetes.install("karpenter-crd")


def test_definitions_may_come_from_a_chart_of_their_own(kubernetes):
    kubernetes.install("karpenter-crd")
    kubernetes.install("karpenter", skipCrds=True)
    kubernetes.make(NODE_POOL, node_pool())


def test_an_upgrade_to_another_chart_brings_its_templated_definitions(kubernetes):
    made = kubernetes.install("karpenter-crd")
    kubernetes.change(made, {**release("external-secrets"), "name": "karpenter-crd"})
    definitions = kubernetes.standing("CustomResourceDefinition")
    assert "externalsecrets.external-secrets.io" in definitions
    assert "nodepools.karpenter.sh" not in definitions


def test_a_chart_brings_only_the_kinds_that_its_values_ask_for(kubernetes):
    less = {"values": {"crds": {"createClusterSecretStore": False}}}
    made = kubernetes.install("external-secrets", **less)
    with pytest.raises(ResourceError, match='no matches for kind "ClusterSecretStore"'):
        kubernetes.make(STORE, store())
    kubernetes.change(made, release("external-secrets"))
    kubernetes.make(STORE, store())
    kubernetes.change(made, release("external-secrets", **less))
    assert not kubernetes.standing("ClusterSecretStore")
