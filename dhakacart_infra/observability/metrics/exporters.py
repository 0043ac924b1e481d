"""What makes metrics of nodes and of Kubernetes' objects, and the operator that runs the rest."""

from typing import Any

from dhakacart_infra.cluster.scheduling import SYSTEM_NODES
from dhakacart_infra.foundation.component import Scope
from dhakacart_infra.observability.metrics.names import NODE_EXPORTER_NAMESPACE, PRIORITY_CLASS

NODE_IMAGE = "quay.io/prometheus/node-exporter"
STATE_IMAGE = "registry.k8s.io/kube-state-metrics/kube-state-metrics"
OPERATOR_IMAGE = "quay.io/prometheus-operator/prometheus-operator"
RELOADER_IMAGE = "quay.io/prometheus-operator/prometheus-config-reloader"


def node_exporter(scope: Scope) -> dict[str, Any]:
    """On every node, in a namespace apart: it wants the host's network, processes and files."""
    return {
        "image": scope.artifacts.image_parts(NODE_IMAGE),
        "namespaceOverride": NODE_EXPORTER_NAMESPACE,
        "resources": _share("25m", "64Mi"),
        "priorityClassName": PRIORITY_CLASS,
        "prometheus": {
            # An address alone says little of a node that is gone.
            "monitor": {
                "relabelings": [{"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "node"}],
            }
        },
    }


def state_metrics(scope: Scope) -> dict[str, Any]:
    return {
        "image": scope.artifacts.image_parts(STATE_IMAGE),
        # It would be let read every secret of the cluster, to count them.
        "collectorsExclude": ["configmaps", "secrets"],
        "resources": _share("50m", "256Mi"),
        "priorityClassName": PRIORITY_CLASS,
        **SYSTEM_NODES,
    }


def operator(scope: Scope) -> dict[str, Any]:
    """Without webhooks: rules are checked before they get here, and one that is unreachable would refuse them all.
    Their certificate is the operator's own, so it speaks HTTP."""
    return {
        "image": scope.artifacts.image_parts(OPERATOR_IMAGE),
        "prometheusConfigReloader": {
            "image": scope.artifacts.image_parts(RELOADER_IMAGE),
            "resources": _share("10m", "64Mi"),
        },
        "admissionWebhooks": {"enabled": False},
        "tls": {"enabled": False},
        "kubeletEndpointsEnabled": False,  # deprecated since Kubernetes 1.33: the other in its stead
        "kubeletEndpointSliceEnabled": True,
        "resources": _share("50m", "128Mi"),
        "priorityClassName": PRIORITY_CLASS,
        **SYSTEM_NODES,
    }


def _share(cpu: str, memory: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}
