"""Controllers in the simulated Kubernetes: the addresses they give, and what cannot go without them."""

import pytest

from sandbox.providers.provider import PartialFailureError, ResourceError
from tests.support.kubernetes import (
    INGRESS,
    NODE_CLASS,
    NODE_POOL,
    URL,
    Kubernetes,
    binding,
    ingress,
    node_class,
    node_pool,
    thing,
)

CONTROLLER = "aws-load-balancer-controller"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
SERVICE = "kubernetes:core/v1:Service"


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


def service(name="web", **spec):
    return thing("v1", "Service", name, spec={"type": "LoadBalancer", "ports": [{"port": 80}], **spec})


def test_what_a_controller_holds_must_go_before_the_controller(kubernetes):
    controller = kubernetes.install("karpenter")
    pool = kubernetes.make(NODE_POOL, node_pool())
    kubernetes.delete(controller)
    with pytest.raises(ResourceError, match="would wait for ever for karpenter, which must remove its finalizer"):
        kubernetes.delete(pool)
    kubernetes.install("karpenter")
    kubernetes.delete(pool)
    assert not kubernetes.standing("NodePool")


def test_a_controller_takes_hold_of_what_was_there_before_it(kubernetes):
    kubernetes.install("karpenter-crd")
    early = kubernetes.make(NODE_POOL, node_pool())
    kubernetes.delete(kubernetes.install("karpenter"))
    with pytest.raises(ResourceError, match="would wait for ever"):
        kubernetes.delete(early)


def test_nobody_holds_what_no_controller_ever_saw(kubernetes):
    kubernetes.install("karpenter-crd")
    kubernetes.delete(kubernetes.make(NODE_POOL, node_pool()))


def test_a_node_class_waits_for_the_pools_that_use_it(kubernetes):
    kubernetes.install("karpenter")
    nodes, pool = kubernetes.make(NODE_CLASS, node_class()), kubernetes.make(NODE_POOL, node_pool())
    with pytest.raises(ResourceError, match="for the nodes of NodePool base: delete that first"):
        kubernetes.delete(nodes)
    kubernetes.delete(pool)
    kubernetes.delete(nodes)


def test_definitions_go_while_their_controller_can_let_go_of_their_resources(kubernetes):
    definitions, controller = kubernetes.install("karpenter-crd"), kubernetes.install("karpenter")
    kubernetes.make(NODE_CLASS, node_class())
    kubernetes.make(NODE_POOL, node_pool())
    kubernetes.delete(controller)
    with pytest.raises(ResourceError, match="would wait for ever"):
        kubernetes.delete(definitions)
    kubernetes.install("karpenter")
    kubernetes.delete(definitions)
    assert not kubernetes.standing("NodePool") | kubernetes.standing("EC2NodeClass")


def test_a_chart_that_defines_what_its_own_controller_holds_cannot_go_first(kubernetes):
    chart = kubernetes.install("external-secrets")
    secret = kubernetes.make(SECRET, thing("external-secrets.io/v1", "ExternalSecret", "database", spec={}))
    with pytest.raises(ResourceError, match="would wait for ever for external-secrets"):
        kubernetes.delete(chart)
    kubernetes.delete(secret)
    kubernetes.delete(chart)
    assert not kubernetes.provider.releases(URL)


def test_a_namespace_waits_for_what_a_controller_holds_in_it(kubernetes):
    shop, controller = kubernetes.namespace("shop"), kubernetes.install(CONTROLLER)
    kubernetes.make(BINDING, {**binding(), "metadata": {"name": "web", "namespace": "shop"}})
    kubernetes.delete(controller)
    with pytest.raises(ResourceError, match=f"would wait for ever for {CONTROLLER}"):
        kubernetes.delete(shop)
    assert "shop" in kubernetes.standing("Namespace")


def test_an_ingress_gets_a_host_name_from_its_controller(kubernetes):
    kubernetes.install(CONTROLLER)
    made = kubernetes.make(INGRESS, ingress(alb_ingress_kubernetes_io__scheme="internet-facing"))
    hostname = made.state["status"]["loadBalancer"]["ingress"][0]["hostname"]
    assert hostname.startswith("k8s-default-shop-")
    assert hostname.endswith(".ap-south-1.elb.amazonaws.com")
    assert kubernetes.refresh(made).state["status"] == made.state["status"]
    inside = kubernetes.make(INGRESS, ingress("inside"))
    assert inside.state["status"]["loadBalancer"]["ingress"][0]["hostname"].startswith("internal-k8s-default-inside-")


def test_ingresses_of_one_group_share_a_load_balancer(kubernetes):
    kubernetes.install(CONTROLLER)
    group = {"alb_ingress_kubernetes_io__group_name": "edge"}
    first, second = (kubernetes.make(INGRESS, ingress(name, **group)) for name in ("shop", "api"))
    assert first.state["status"] == second.state["status"]


def test_an_ingress_without_its_controller_is_made_and_waits_in_vain(kubernetes):
    inputs, _ = kubernetes.check(INGRESS, ingress())
    with pytest.raises(PartialFailureError, match="serves the ingress class alb") as failure:
        kubernetes.provider.create(kubernetes.call(INGRESS), inputs)
    assert kubernetes.standing("Ingress") == {"shop"}
    kubernetes.install(CONTROLLER)
    again = kubernetes.call(INGRESS, "it", failure.value.resource_id)
    assert kubernetes.provider.update(again, failure.value.state, inputs, inputs)["status"]["loadBalancer"]


def test_an_ingress_that_nobody_waits_for_has_no_host_name(kubernetes):
    made = kubernetes.make(INGRESS, ingress(pulumi_com__skipAwait="true"))
    assert "status" not in made.state


def test_an_ingress_of_a_class_of_the_program_s_own_is_served_by_the_class_s_controller(kubernetes):
    kubernetes.install(CONTROLLER)
    own = thing("networking.k8s.io/v1", "IngressClass", "edge", spec={"controller": "ingress.k8s.aws/alb"})
    kubernetes.make("kubernetes:networking.k8s.io/v1:IngressClass", own)
    given = ingress()
    given["spec"]["ingressClassName"] = "edge"
    assert kubernetes.make(INGRESS, given).state["status"]["loadBalancer"]
    given = ingress("other")
    given["spec"]["ingressClassName"] = "nginx"
    with pytest.raises(PartialFailureError, match="serves the ingress class nginx"):
        kubernetes.make(INGRESS, given)


def test_a_load_balanced_service_is_reached_by_a_host_name(kubernetes):
    plain = kubernetes.make(SERVICE, service())
    assert plain.state["status"]["loadBalancer"]["ingress"][0]["hostname"].endswith(".ap-south-1.elb.amazonaws.com")
    controlled = service("edge", loadBalancerClass="service.k8s.aws/nlb")
    with pytest.raises(PartialFailureError, match=r"serves the load balancer class service\.k8s\.aws/nlb"):
        kubernetes.make(SERVICE, controlled)
    kubernetes.install(CONTROLLER)
    other = {**controlled, "metadata": {"name": "other"}}
    made = kubernetes.make(SERVICE, other, "other")
    assert made.state["status"]["loadBalancer"]["ingress"][0]["hostname"].endswith(".elb.ap-south-1.amazonaws.com")
