"""Who may call whom around the monitoring: all pairs of what there is, by the policies of each stack."""

from functools import cache
from typing import Any

import pytest

from dhakacart_infra.workloads.flows import PROMETHEUS
from tests.support.manifests import manifests
from tests.support.reach import Place, reaches
from tests.support.stacks import STACKS, raw
from tests.support.whole_program import registered

LABEL = "app.kubernetes.io/name"
INSIDE = {
    "prometheus": PROMETHEUS,
    "alertmanager": {LABEL: "alertmanager"},
    "grafana": {LABEL: "grafana"},
    "state metrics": {LABEL: "kube-state-metrics"},
    "operator": {LABEL: "kube-prometheus-stack-prometheus-operator"},
    "what somebody starts": {"run": "debug"},
}
"""As the chart's own templates and the operator label them; tests/charts holds the chart to it."""
SCRAPED = {
    ("alertmanager", 9093),
    ("alertmanager", 8080),
    ("grafana", 3000),
    ("state metrics", 8080),
    ("operator", 8080),
    ("node", 9100),
    ("node", 10250),
    ("node", 61678),
    ("karpenter", 8080),
    ("load balancer controller", 8080),
    ("secrets", 8080),
    ("names", 9153),
    ("backend", 9464),
}
ALLOWED = {
    *(("prometheus", target, port) for target, port in SCRAPED),
    *(("prometheus", api, 443) for api in ("API server", "node")),
    *(("operator", api, 443) for api in ("API server", "node")),
    *(("state metrics", api, 443) for api in ("API server", "node")),
    ("grafana", "prometheus", 9090),
    ("grafana", "alertmanager", 9093),
    *((caller, "identity agent", 80) for caller in ("grafana", "alertmanager")),
    *((caller, "names", 53) for caller in INSIDE if caller != "what somebody starts"),
}
"""Beside HTTPS, for which Grafana and Alertmanager go anywhere: AWS has no addresses that could be written down."""
ANYWHERE = {"grafana", "alertmanager"}
PORTS = (22, 53, 80, 443, 3000, 5000, 5432, 8080, 9090, 9093, 9094, 9100, 9153, 9464, 10250, 61678)


def places(stack: str) -> dict[str, Place]:
    network = raw(stack)["network"]
    pod = network["pod_subnets"][0].replace("0/18", "9")
    inside = {name: Place(pod, "monitoring", labels) for name, labels in INSIDE.items()}
    return inside | {
        "node": Place(network["app_subnets"][0].replace("0/24", "9")),
        "API server": Place("172.20.0.1"),
        "internet": Place("203.0.113.9"),
        "database": Place(network["database_subnets"][0].replace("0/24", "9")),
        "identity agent": Place("169.254.170.23"),
        "names": Place(pod, "kube-system", {"k8s-app": "kube-dns"}),
        "karpenter": Place(pod, "kube-system", {LABEL: "karpenter"}),
        "load balancer controller": Place(pod, "kube-system", {LABEL: "aws-load-balancer-controller"}),
        "secrets": Place(pod, "external-secrets", {"app.kubernetes.io/instance": "external-secrets"}),
        "backend": Place(pod, "dhakacart", {LABEL: "dhakacart-backend"}),
        "frontend": Place(pod, "dhakacart", {LABEL: "dhakacart-frontend"}),
        "another pod": Place(pod, "default", {LABEL: "prometheus"}),
    }


@cache
def policies(stack: str) -> list[dict[str, Any]]:
    return [made for _, made in manifests(registered(stack)) if made["kind"] == "NetworkPolicy"]


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_said_here_is_all_that_is_open(stack):
    there, rules = places(stack), policies(stack)
    found = {
        (source, target, port)
        for source in there
        for target in there
        for port in PORTS
        if source != target and {source, target} & INSIDE.keys() and reaches(rules, there[source], there[target], port)
    }
    far = {one for one in found if one[0] in ANYWHERE and one[2] == 443}
    assert found - far == ALLOWED
    assert {("grafana", "internet", 443), ("alertmanager", "internet", 443)} <= far
    assert not {target for _, target, _ in far} & INSIDE.keys()


@pytest.mark.parametrize("stack", STACKS)
def test_alertmanagers_find_one_another_and_nobody_else_listens_in(stack):
    there, rules = places(stack), policies(stack)
    for protocol in ("TCP", "UDP"):
        for name in INSIDE:
            heard = reaches(rules, there[name], there["alertmanager"], 9094, protocol)
            assert heard == (name == "alertmanager"), f"{name} by {protocol}"
