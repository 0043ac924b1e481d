"""Where the stack runs: a namespace held to the strictest standard, and one for what has to see its whole node."""

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.observability.metrics.names import NAMESPACE, NODE_EXPORTER_NAMESPACE, PRIORITY_CLASS
from dhakacart_infra.workloads.flows import only
from dhakacart_infra.workloads.namespace import POD_SECURITY

PRIVILEGED = {"pod-security.kubernetes.io/enforce": "privileged"}
PRIORITY = 10_000  # above the shop's: what a flash sale takes away must not be the sight of it


class Namespaces(Component, token="dhakacart:observability:Namespaces"):
    """``monitoring`` is the name of the one, once it is there; ``ready`` is what pods wait for."""

    monitoring: pulumi.Output[str]
    ready: list[pulumi.Resource]

    def build(self, args: None) -> None:
        monitoring = self._namespace("monitoring", NAMESPACE, POD_SECURITY)
        node_exporter = self._namespace("node-exporter", NODE_EXPORTER_NAMESPACE, PRIVILEGED)
        self.monitoring = name_of(monitoring, NAMESPACE)
        exporters = name_of(node_exporter, NODE_EXPORTER_NAMESPACE)
        priority = k8s.scheduling.v1.PriorityClass(
            self.child_name("priority"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=PRIORITY_CLASS),
            value=PRIORITY,
            description="What watches the rest",
            opts=self.child(),
        )
        self.ready = [
            monitoring,
            node_exporter,
            priority,
            only(self.child_name("default-deny"), namespace=self.monitoring, opts=self.child()),
            # The exporter has its node's own network, which no policy is about: this is for whatever else comes here.
            only(self.child_name("exporter-default-deny"), namespace=exporters, opts=self.child()),
        ]

    def _namespace(self, role: str, name: str, labels: dict[str, str]) -> k8s.core.v1.Namespace:
        return k8s.core.v1.Namespace(
            self.child_name(role),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=name, labels=labels),
            opts=self.child(),
        )
