"""The ECK operator: it makes Elasticsearch, Kibana and Filebeat what their resources say, certificates and users too.

It acts in our two namespaces alone. Its definitions are a release of their own, so that Helm upgrades them with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.scheduling import SYSTEM_NODES
from dhakacart_infra.config.versions import ECK, ECK_CRDS
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.helm import release
from dhakacart_infra.observability.logs.names import OPERATOR_NAMESPACE

IMAGE = "docker.elastic.co/eck/eck-operator"
MEMORY = "512Mi"


@dataclass(frozen=True, kw_only=True)
class OperatorArgs:
    namespaces: Sequence[str]
    """Where it has rights, and which the chart wants to be there."""
    ready: Sequence[pulumi.Resource]


class Operator(Component, token="dhakacart:observability:LogsOperator"):
    """``release`` is what its resources wait for, and what outlives them."""

    release: k8s.helm.v3.Release

    def build(self, args: OperatorArgs) -> None:
        namespace = k8s.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=OPERATOR_NAMESPACE, labels={"pod-security.kubernetes.io/enforce": "restricted"}
            ),
            opts=self.child(),
        )
        definitions = release(
            self,
            "definitions",
            ECK_CRDS,
            namespace=OPERATOR_NAMESPACE,
            values={},
            depends_on=[namespace, *args.ready],
        )
        self.release = release(
            self,
            "release",
            ECK,
            namespace=OPERATOR_NAMESPACE,
            values=self._values(args.namespaces),
            depends_on=[definitions],
        )

    def _values(self, namespaces: Sequence[str]) -> dict[str, Any]:
        return {
            "installCRDs": False,
            "image": {"repository": self.artifacts.image(IMAGE)},
            "managedNamespaces": list(namespaces),
            "resources": {"requests": {"cpu": "50m", "memory": "192Mi"}, "limits": {"memory": MEMORY}},
            "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "telemetry": {"disabled": True},
            **SYSTEM_NODES,
        }
