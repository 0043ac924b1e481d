"""What the simulated Kubernetes refuses before anything is made: by the schemas of its version, and by a few rules."""

import time

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.definitions import read_folder
from sandbox.providers.properties import UNKNOWN
from sandbox.providers.provider import ResourceError
from tests.support.kubernetes import (
    DEPLOYMENT,
    NAMESPACE,
    NODE_POOL,
    URL,
    Kubernetes,
    container,
    deployment,
    node_pool,
    thing,
)

SECRET = "kubernetes:core/v1:Secret"
DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
BAZAAR = "kubernetes:example.org/v1:Bazaar"
BAZAAR_SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["stalls"],
            "properties": {
                "stalls": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                "port": {"x-kubernetes-int-or-string": True},
                "keeper": {"type": "string", "nullable": True},
                "anything": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {}},
            },
        }
    },
}


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


def definition(scope="Namespaced"):
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": BAZAAR_SCHEMA}}
    spec = {"group": "example.org", "scope": scope, "versions": [version]}
    spec["names"] = {"kind": "Bazaar", "plural": "bazaars"}
    return thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "bazaars.example.org", spec=spec)


def bazaar(**spec):
    return thing("example.org/v1", "Bazaar", "chandni-chowk", spec=spec)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (container(imagee="web"), 'unknown field "spec.template.spec.containers[0].imagee"'),
        (container(image=5), "spec.template.spec.containers[0].image: Invalid value: 5: must be of type string"),
        ({"metadata": {"labels": {"app": "web"}}, "spec": {}}, "spec.template.spec.containers: Required value"),
        (container() | {"metadata": {"labels": {"app": "api"}}}, "`selector` does not match template `labels`"),
    ],
)
def test_an_object_that_its_schema_does_not_allow_is_refused_with_the_place_of_the_mistake(kubernetes, template, said):
    assert said in kubernetes.refusal(DEPLOYMENT, deployment(template=template))


def test_what_only_the_update_will_know_is_not_judged(kubernetes):
    unknowns = container(image=UNKNOWN, ports=UNKNOWN, env=[{"name": "HOST", "value": UNKNOWN}], resources=UNKNOWN)
    assert not kubernetes.refusal(DEPLOYMENT, deployment(replicas=UNKNOWN, template=unknowns))
    probe = {"httpGet": {"path": "/health", "port": UNKNOWN}}
    assert not kubernetes.refusal(DEPLOYMENT, deployment(template=container(readinessProbe=probe)))
    assert not kubernetes.refusal(DEPLOYMENT, deployment(selector=UNKNOWN, template=UNKNOWN))
    assert not kubernetes.refusal(DEPLOYMENT, {**deployment(), "metadata": UNKNOWN})


def test_a_mistake_beside_what_is_not_known_is_still_found(kubernetes):
    refusal = kubernetes.refusal(DEPLOYMENT, deployment(template=container(image=UNKNOWN, imagee="web")))
    assert "imagee" in refusal
    assert "Required" not in refusal


def test_an_object_that_became_invalid_once_everything_was_known_is_refused_before_it_is_made(kubernetes):
    inputs = deployment(replicas="two")
    with pytest.raises(ResourceError, match=r'Deployment "web" is invalid: spec\.replicas: Invalid value: "two"'):
        kubernetes.provider.create(kubernetes.call(DEPLOYMENT), inputs)


def test_a_kind_that_the_cluster_s_version_no_longer_has_is_refused(kubernetes):
    old = thing("policy/v1beta1", "PodDisruptionBudget", "web", spec={})
    refusal = kubernetes.refusal("kubernetes:policy/v1beta1:PodDisruptionBudget", old)
    assert refusal == 'no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"'


def test_the_schemas_are_those_of_the_cluster_s_version(kubernetes):
    template = container(restartPolicyRules=[{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}])
    assert not kubernetes.refusal(DEPLOYMENT, deployment(template=template))
    kubernetes.up[URL] = Cluster(version="1.29", identity="first")
    assert 'unknown field "spec.template.spec.containers[0].restartPolicyRules"' in kubernetes.refusal(
        DEPLOYMENT, deployment(template=template)
    )


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("kubernetes:metrics.k8s.io/v1beta1:PodMetrics", "an aggregated API computes them"),
        ("kubernetes:core/v1:ServiceAccountPatch", "make the object itself instead of patching it"),
        ("kubernetes:core/v1:ConfigMapList", "Use the underlying resource type instead"),
        ("kubernetes:kustomize:Directory", "it is no kind of object"),
    ],
)
def test_what_cannot_be_made_is_refused_clearly(kubernetes, type_, said):
    try:
        refused = kubernetes.refusal(type_, {"metadata": {"name": "it"}})
    except ResourceError as error:
        refused = str(error)
    assert said in refused


@pytest.mark.parametrize(
    ("name", "allowed"), [("shop", True), ("Shop", False), ("a.b", False), ("-a", False), ("a" * 64, False)]
)
def test_a_namespace_s_name_is_a_dns_label(kubernetes, name, allowed):
    assert (not kubernetes.refusal(NAMESPACE, thing("v1", "Namespace", name))) is allowed


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"labels": {"app": "a b"}}, 'metadata.labels: Invalid value: "a b"'),
        ({"labels": {"a/b/c": "x"}}, 'metadata.labels: Invalid value: "a/b/c"'),
        ({"annotations": {"a b": "any text: at all"}}, 'metadata.annotations: Invalid value: "a b"'),
        ({"labels": {"app": 5}}, "metadata.labels.app: Invalid value: 5: must be of type string"),
    ],
)
def test_labels_and_annotations_have_the_form_that_kubernetes_wants(kubernetes, metadata, said):
    assert said in kubernetes.refusal(NAMESPACE, thing("v1", "Namespace", "shop", metadata=metadata))


def test_a_role_may_have_a_colon_in_its_name(kubernetes):
    role = thing("rbac.authorization.k8s.io/v1", "ClusterRole", "dhakacart:reader", rules=[])
    assert not kubernetes.refusal("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", role)


def test_a_disruption_budget_has_one_bound(kubernetes):
    budget = thing("policy/v1", "PodDisruptionBudget", "web", spec={"minAvailable": 2, "maxUnavailable": 1})
    assert "minAvailable and maxUnavailable cannot be both set" in kubernetes.refusal(BUDGET, budget)


def test_an_autoscaler_has_room_to_scale(kubernetes):
    spec = {"minReplicas": 9, "maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    scaler = thing("autoscaling/v2", "HorizontalPodAutoscaler", "web", spec=spec)
    assert "spec.maxReplicas: Invalid value: 3" in kubernetes.refusal(SCALER, scaler)


@pytest.mark.parametrize("fields", [{"data": {"key": "sesame!"}}, {"data": {"key": 7265}}, {"type": 7265}])
def test_no_refusal_shows_what_a_secret_holds(kubernetes, fields):
    refused = kubernetes.refusal(SECRET, thing("v1", "Secret", "key", **fields))
    assert refused
    assert "sesame" not in refused
    assert "7265" not in refused


def test_a_custom_resource_needs_its_definition(kubernetes):
    with pytest.raises(ResourceError, match=r'Verify that any required CRDs .*: no matches for kind "Bazaar"'):
        kubernetes.make(BAZAAR, bazaar(stalls=5))
    kubernetes.make(DEFINITION, definition())
    assert kubernetes.make(BAZAAR, bazaar(stalls=5)).id == "default/chandni-chowk"


def test_a_definition_says_whether_its_kind_lives_in_namespaces(kubernetes):
    kubernetes.make(DEFINITION, definition(scope="Cluster"))
    assert kubernetes.make(BAZAAR, bazaar(stalls=5)).id == "chandni-chowk"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"stalls": 5, "keeper": None, "port": "http", "anything": {"goes": 1}}, ""),
        ({}, "spec.stalls: Required value"),
        ({"stalls": UNKNOWN, "port": 80}, ""),
        ({"stalls": "5"}, 'spec.stalls: Invalid value: "5": must be of type integer'),
        ({"stalls": 0}, "spec.stalls: Invalid value: 0: minimum is 0"),
        ({"stalls": 5, "stals": 5}, 'unknown field "spec.stals": known here are anything, keeper, port, stalls'),
    ],
)
def test_a_custom_resource_is_checked_against_its_definition(kubernetes, spec, said):
    kubernetes.make(DEFINITION, definition())
    assert kubernetes.refusal(BAZAAR, bazaar(**spec)) == said


def test_a_definition_takes_the_resources_of_its_kind_along(kubernetes):
    made, resource = kubernetes.make(DEFINITION, definition()), kubernetes.make(BAZAAR, bazaar(stalls=5))
    kubernetes.delete(made)
    assert kubernetes.refresh(resource) is None
    kubernetes.delete(resource)


def test_schemas_of_a_folder_of_definitions_hold_already_in_a_preview(tmp_path):
    (tmp_path / "nodepools.yaml").write_text("""
kind: CustomResourceDefinition
spec:
  group: karpenter.sh
  names: {kind: NodePool}
  versions:
  - name: v1
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {weight: {type: integer}}}}}}
""")
    kubernetes = Kubernetes(tmp_path, read_folder(tmp_path))
    assert 'unknown field "spec.template": known here are weight' in kubernetes.refusal(NODE_POOL, node_pool())


def test_a_check_takes_milliseconds_once_the_schemas_are_read(kubernetes):
    given = deployment()
    kubernetes.check(DEPLOYMENT, given)
    before = time.process_time()
    for _ in range(20):
        kubernetes.check(DEPLOYMENT, given)
    assert (time.process_time() - before) / 20 < 0.02
