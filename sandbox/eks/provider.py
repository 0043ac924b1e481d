"""The simulated ``eks`` provider: pulumi-eks's components, made of what the ``aws`` provider simulates."""

from collections.abc import Mapping

from sandbox.eks import cluster
from sandbox.eks.inputs import refusals
from sandbox.providers.component import Component, ComponentProvider
from sandbox.providers.provider import ResourceError
from sandbox.providers.values import Value

CLUSTER = "eks:index:Cluster"


class EksProvider(ComponentProvider):
    package = "eks"

    def construct(self, component: Component) -> Mapping[str, Value]:
        if component.type != CLUSTER:
            raise ResourceError(f"not simulated yet: {component.type}; the sandbox knows {CLUSTER}")
        if wrong := refusals(component.inputs):
            raise ResourceError(f"{CLUSTER} {component.name}: " + "\n  ".join(wrong))
        return cluster.make(component)
