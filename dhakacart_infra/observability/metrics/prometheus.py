"""Prometheus: how many, on what disk, and what it looks at. Keys as in the chart's contract."""

from typing import Any

from dhakacart_infra.cluster.addons.ebs_csi import STORAGE_CLASS
from dhakacart_infra.cluster.scheduling import spread
from dhakacart_infra.config import MonitoringConfig
from dhakacart_infra.config.monitoring import SCRAPE_SECONDS, kept_gib, memory_mib
from dhakacart_infra.foundation.component import Scope
from dhakacart_infra.observability.metrics.names import PRIORITY_CLASS, PROMETHEUS_PODS

IMAGE = "quay.io/prometheus/prometheus"
REPLICAS = 2
SELECTED = ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor")


def prometheus(scope: Scope, config: MonitoringConfig, series: int) -> dict[str, Any]:
    """On Karpenter's on-demand nodes: a large query, or a replay of its log, keeps CPU from nothing that the cluster
    itself needs."""
    memory = f"{memory_mib(series)}Mi"
    naming = scope.naming
    return {
        # The only one there is would keep its node from ever being emptied.
        "podDisruptionBudget": {"enabled": config.replicated, "minAvailable": REPLICAS - 1},
        "prometheusSpec": {
            "image": scope.artifacts.image_parts(IMAGE),
            "replicas": REPLICAS if config.replicated else 1,
            "retention": f"{config.retention_days}d",
            "retentionSize": f"{kept_gib(config.storage_gib)}GiB",
            "storageSpec": volume(config.storage_gib),
            "persistentVolumeClaimRetentionPolicy": claims(scope),
            "resources": {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}},
            "priorityClassName": PRIORITY_CLASS,
            # A volume stays in the zone where it was made, so two must not begin in one.
            "podAntiAffinity": "hard",
            "podAntiAffinityTopologyKey": "topology.kubernetes.io/zone",
            "topologySpreadConstraints": spread(PROMETHEUS_PODS),
            # Minutes of replay are too much for a node saved. One that is too old is emptied all the same.
            "podMetadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}},
            "scrapeInterval": f"{SCRAPE_SECONDS}s",
            "evaluationInterval": f"{SCRAPE_SECONDS}s",
            "externalLabels": {"environment": naming.environment, "region": naming.region},
            "serviceDiscoveryRole": "EndpointSlice",  # Endpoints are deprecated since Kubernetes 1.33
            # Whatever there is, not only what carries the label of this release.
            **{f"{kind}SelectorNilUsesHelmValues": False for kind in SELECTED},
        },
    }


def volume(gib: int) -> dict[str, Any]:
    """A claim for each replica."""
    resources = {"requests": {"storage": f"{gib}Gi"}}
    claim = {"storageClassName": STORAGE_CLASS, "accessModes": ["ReadWriteOnce"], "resources": resources}
    return {"volumeClaimTemplate": {"spec": claim}}


def claims(scope: Scope) -> dict[str, str]:
    """What is left of the claims when the stack goes: nothing, where its data need no protection."""
    return {"whenDeleted": "Retain" if scope.protect_data else "Delete", "whenScaled": "Retain"}
