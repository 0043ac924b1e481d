"""Alertmanager: three that know what the others have sent. What is done with an alert is in a Secret of its own."""

from typing import Any

from dhakacart_infra.cluster.scheduling import SYSTEM_NODES, spread
from dhakacart_infra.config import MonitoringConfig
from dhakacart_infra.foundation.component import Scope
from dhakacart_infra.observability.metrics.names import ALERTMANAGER, ALERTMANAGER_PODS, PRIORITY_CLASS
from dhakacart_infra.observability.metrics.prometheus import claims, volume

IMAGE = "quay.io/prometheus/alertmanager"
REPLICAS = 3
VOLUME_GIB = 1  # silences, and what was sent: the least that EBS makes
MEMORY = "128Mi"


def alertmanager(scope: Scope, config: MonitoringConfig) -> dict[str, Any]:
    """On the managed nodes: that others are missing has to be told by something that needs none of them."""
    return {
        "serviceAccount": {"name": ALERTMANAGER, "automountServiceAccountToken": False},
        "podDisruptionBudget": {"enabled": config.replicated, "minAvailable": REPLICAS - 1},
        "alertmanagerSpec": {
            "image": scope.artifacts.image_parts(IMAGE),
            "replicas": REPLICAS if config.replicated else 1,
            # Values of a chart are merged with its defaults: routes of theirs would remain.
            "useExistingSecret": True,
            "storage": volume(VOLUME_GIB),
            "persistentVolumeClaimRetentionPolicy": claims(scope),
            "resources": {"requests": {"cpu": "25m", "memory": MEMORY}, "limits": {"memory": MEMORY}},
            "priorityClassName": PRIORITY_CLASS,
            "automountServiceAccountToken": False,  # it asks Kubernetes for nothing
            "topologySpreadConstraints": spread(ALERTMANAGER_PODS),
            **SYSTEM_NODES,
        },
    }
