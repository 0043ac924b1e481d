"""Where pods run: the cluster's own on the managed node group, which Karpenter neither makes nor empties; on spot nodes
only those that say that they may.
"""

from collections.abc import Mapping
from typing import Any

NODE_LABELS = {"role": "system"}
NODE_TAINT = ("CriticalAddonsOnly", "true", "NoSchedule")
"""Key, value and effect of the taint that keeps the shop's pods off those nodes."""
SPOT_TAINT = {"key": "spot", "value": "true", "effect": "NoSchedule"}
"""Keeps off spot nodes whatever does not tolerate it."""

SYSTEM_NODES: dict[str, Any] = {
    "nodeSelector": NODE_LABELS,
    "tolerations": [{"key": NODE_TAINT[0], "operator": "Exists"}],
}
"""The part of a pod's specification, or of a chart's values, that puts it there."""


def spread(labels: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Constraints that put replicas in different zones and on different nodes.

    Only as far as there are any: with a zone lost, what ran there has to start in the others. ``labels`` are those of
    the pods, left out where a chart fills them in.
    """
    selector = {"labelSelector": {"matchLabels": dict(labels)}} if labels else {}
    return [
        {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", **selector}
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
