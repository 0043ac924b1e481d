"""What Prometheus scrapes beside what the chart knows of: the add-ons, and the services of the shop.

Objects of our own, where some of the add-ons' charts have such: those are made only if the cluster knows the kind when
the chart is installed, which is before this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.addons import external_secrets, load_balancer_controller, vpc_cni
from dhakacart_infra.cluster.karpenter import controller as karpenter
from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.workloads.pod import LABEL, service_name

API_VERSION = "monitoring.coreos.com/v1"
MOST_SAMPLES = 5_000
"""Of one pod of the shop at once: a label with customers' names in it must not fill Prometheus."""


@dataclass(frozen=True, kw_only=True)
class AddOn:
    """Pods that are scraped, and the name that is theirs in ``job``: the label ``jobs`` of each."""

    name: str
    namespace: str
    pods: Mapping[str, str]
    port_name: str
    port: int
    on_nodes: bool = False
    """They have the addresses of their nodes."""
    tells_of_others: bool = False
    """Namespaces in their metrics are those of what they tell of, not their own."""


ADD_ONS = (
    AddOn(
        name="karpenter",
        namespace=karpenter.NAMESPACE,
        pods={LABEL: "karpenter"},
        port_name="http-metrics",
        port=8080,
    ),
    AddOn(
        name="load-balancer-controller",
        namespace=load_balancer_controller.NAMESPACE,
        pods={LABEL: "aws-load-balancer-controller"},
        port_name="metrics-server",
        port=8080,
    ),
    AddOn(
        name="external-secrets",
        namespace=external_secrets.NAMESPACE,
        pods={"app.kubernetes.io/instance": "external-secrets"},
        port_name="metrics",
        port=8080,
        tells_of_others=True,
    ),
    AddOn(
        name="vpc-cni",
        namespace=vpc_cni.NAMESPACE,
        pods={LABEL: "aws-node"},
        port_name="metrics",
        port=61678,
        on_nodes=True,
    ),
)
"""Names of ports as in their charts. Those that show nothing to others are left out: see docs/adr/0028."""


@dataclass(frozen=True, kw_only=True)
class TargetsArgs:
    services: Mapping[str, ServiceConfig]
    application: str
    """The namespace of the services."""
    namespace: pulumi.Output[str]
    definitions: Sequence[pulumi.Resource]


class Targets(Component, token="dhakacart:observability:Targets"):
    """One object for each add-on, and for each service that was released and says where its metrics are."""

    def build(self, args: TargetsArgs) -> None:
        self._args = args
        for add_on in ADD_ONS:
            self._add_on(add_on)
        for name, config in args.services.items():
            # The stand-in for a service has no metrics.
            if config.metrics_port and config.release:
                self._service(name)

    def _add_on(self, add_on: AddOn) -> None:
        k8s.apiextensions.CustomResource(
            self.child_name(add_on.name),
            api_version=API_VERSION,
            kind="PodMonitor",
            metadata={"name": add_on.name, "namespace": self._args.namespace},
            spec={
                "jobLabel": LABEL,
                "namespaceSelector": {"matchNames": [add_on.namespace]},
                "selector": {"matchLabels": dict(add_on.pods)},
                "podMetricsEndpoints": [{"port": add_on.port_name, "honorLabels": add_on.tells_of_others}],
            },
            opts=self.child(depends_on=self._args.definitions),
        )

    def _service(self, name: str) -> None:
        """By its Service, which becomes its ``job``. The port is the pods' alone: nobody else is to find it."""
        called = service_name(self.naming.project, name)
        k8s.apiextensions.CustomResource(
            self.child_name(f"service-{name}"),
            api_version=API_VERSION,
            kind="ServiceMonitor",
            metadata={"name": called, "namespace": self._args.namespace},
            spec={
                "namespaceSelector": {"matchNames": [self._args.application]},
                "selector": {"matchLabels": {LABEL: called}},
                "sampleLimit": MOST_SAMPLES,
                "endpoints": [{"targetPort": "metrics"}],
            },
            opts=self.child(depends_on=self._args.definitions),
        )
