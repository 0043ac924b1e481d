"""What controllers in the cluster do to objects: an address for an Ingress, and a hold until they have cleaned up.

A controller is there as long as a Helm release of its chart is. What it holds cannot go without it: in a real cluster
the deletion would wait for ever, here it fails at once.
"""

import hashlib
import re
from collections.abc import Mapping, Set

from sandbox.kubernetes.cluster import Cluster, Contents, Key
from sandbox.kubernetes.objects import metadata, name_of
from sandbox.kubernetes.plain import at, map_at
from sandbox.providers.properties import Props

LOAD_BALANCERS = "aws-load-balancer-controller"
INGRESS = ("networking.k8s.io", "Ingress")
INGRESS_CLASS = "alb"
INGRESS_CONTROLLER = "ingress.k8s.aws/alb"
ANNOTATION = "alb.ingress.kubernetes.io/"
SERVICE_CLASS = "service.k8s.aws/nlb"
SKIP_AWAIT = "pulumi.com/skipAwait"
NUMBER_DIGITS = 10

HOLDERS: Mapping[tuple[str, str], str] = {
    ("elbv2.k8s.aws", "TargetGroupBinding"): LOAD_BALANCERS,
    ("external-secrets.io", "ClusterExternalSecret"): "external-secrets",
    ("external-secrets.io", "ExternalSecret"): "external-secrets",
    ("karpenter.k8s.aws", "EC2NodeClass"): "karpenter",
    ("karpenter.sh", "NodeClaim"): "karpenter",
    ("karpenter.sh", "NodePool"): "karpenter",
}
"""By kind, the chart whose controller adds a finalizer: aws-load-balancer-controller v3.3.0
controllers/elbv2/targetgroupbinding_controller.go and pkg/shared_constants/finalizers.go; external-secrets v1.3.2
pkg/controllers/externalsecret; karpenter-provider-aws pkg/controllers/nodeclass. A NodePool has none of its own, but
the provider deletes in the foreground, so it waits for the NodeClaims below it."""


def holder(contents: Contents, key: Key, value: Props) -> str | None:
    """The chart whose controller holds objects like this one, whether or not it is there."""
    if key[:2] == INGRESS:
        return LOAD_BALANCERS if _is_ours(contents, value) else None
    if key[:2] == ("", "Service"):
        return LOAD_BALANCERS if at(value, "spec", "loadBalancerClass") == SERVICE_CLASS else None
    return HOLDERS.get(key[:2])


def take_hold(contents: Contents) -> None:
    """Every controller that is there takes hold of what it looks after."""
    for key, value in contents.objects.items():
        chart = holder(contents, key, value)
        if chart and contents.has_chart(chart):
            contents.held.add(key)


def stuck(contents: Contents, key: Key, going: Set[Key]) -> str | None:
    """Why the object would never go, or None if it will; ``going`` are those that go with it."""
    chart = holder(contents, key, contents.objects[key])
    if key in contents.held and chart and not contents.has_chart(chart):
        return (
            f"{key.kind} {key.name} would wait for ever for {chart}, which must remove its finalizer and is gone: "
            "delete it before the Helm release of that chart"
        )
    if key[:2] == ("karpenter.k8s.aws", "EC2NodeClass"):
        pools = [other for other in contents.objects.keys() - going if other[:2] == ("karpenter.sh", "NodePool")]
        users = [pool.name for pool in pools if _node_class(contents.objects[pool]) == key.name]
        if users:
            return (
                f"EC2NodeClass {key.name} would wait for ever for the nodes of NodePool {users[0]}: delete that first"
            )
    return None


def _node_class(pool: Props) -> str:
    return map_at(pool, "spec", "template", "spec", "nodeClassRef").get("name", "")


def _is_ours(contents: Contents, value: Props) -> bool:
    by_annotation = map_at(value, "metadata", "annotations").get("kubernetes.io/ingress.class")
    name = at(value, "spec", "ingressClassName") or by_annotation
    classes = contents.of_kind("networking.k8s.io", "IngressClass")
    ours = {name_of(found) for found in classes if at(found, "spec", "controller") == INGRESS_CONTROLLER}
    return name in {INGRESS_CLASS, *ours}


def needs_address(key: Key, value: Props) -> bool:
    """Whether the provider waits until the object has an address."""
    balanced = key[:2] == ("", "Service") and at(value, "spec", "type") == "LoadBalancer"
    waits = at(value, "metadata", "annotations", SKIP_AWAIT) != "true"
    return waits and (balanced or key[:2] == INGRESS)


def address(cluster: Cluster, contents: Contents, key: Key, value: Props) -> str | None:
    """The host name under which the object is reached, or None if no controller gives it one.

    The Ingresses of one group share a load balancer. (aws-load-balancer-controller,
    pkg/ingress/model_build_load_balancer.go.)
    """
    if key[:2] == ("", "Service") and not at(value, "spec", "loadBalancerClass"):
        return f"{_digest(key)[:32]}-{_number(key)}.{cluster.region}.elb.amazonaws.com"  # the cloud controller's own
    if key not in contents.held:
        return None
    annotations = map_at(value, "metadata", "annotations")
    group = annotations.get(f"{ANNOTATION}group.name")
    owner = (group,) if group else key
    parts = [re.sub(r"[^a-z0-9]", "", part) for part in (key.namespace, key.name)]
    name = f"{group:.17}" if group else f"{parts[0]:.8}-{parts[1]:.8}"
    name = f"k8s-{name}-{_digest(owner)[:10]}"
    if key[:2] == INGRESS:
        public = annotations.get(f"{ANNOTATION}scheme") == "internet-facing"
        return f"{'' if public else 'internal-'}{name}-{_number(owner)}.{cluster.region}.elb.amazonaws.com"
    return f"{name}-{_digest(owner)[:16]}.elb.{cluster.region}.amazonaws.com"


def _digest(owner: tuple[str, ...]) -> str:
    return hashlib.sha256("/".join(owner).encode()).hexdigest()


def _number(owner: tuple[str, ...]) -> int:
    return int(_digest(owner), 16) % 10**NUMBER_DIGITS


def without_address(key: Key, value: Props) -> str:
    """What the provider says when it has waited for the address in vain."""
    where = f"{metadata(value).get('namespace')}/{key.name}"
    if key[:2] == INGRESS:
        name = at(value, "spec", "ingressClassName")
        cause = f"no controller in the cluster serves the ingress class {name}: the class {INGRESS_CLASS} is served "
        return f"{where}: Ingress .status.loadBalancer was not updated with a hostname or address: {cause}" + _remedy()
    cause = f"no controller serves the load balancer class {at(value, 'spec', 'loadBalancerClass')}: "
    return f"{where}: Service was not allocated an address: {cause}{SERVICE_CLASS} is served " + _remedy()


def _remedy() -> str:
    return f"while a Helm release of {LOAD_BALANCERS} stands, so make that first (a real cluster says so in 10 minutes)"
