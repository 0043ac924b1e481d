"""The Helm releases that a stack registers, with their charts, their values and what Helm makes of both."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.support import charts, helm
from tests.support.manifests import whole
from tests.support.recorder import Recorder

FREE_FORM = {
    "affinity": "an Affinity, checked with the pod it ends up in",
    "annotations": "whatever names an object is to have",
    "defaultTags": "tags of AWS resources, whichever",
    "env": "an EnvVar each, checked with the pod they end up in",
    "featureGates": "the controller's own, looked up in its source",
    "labels": "whatever names an object is to have",
    "nodeSelector": "labels of nodes, whichever",
    "podAnnotations": "whatever names a pod is to have",
    "podDisruptionBudget": "part of a PodDisruptionBudget, checked with the rest of it",
    "podLabels": "whatever names a pod is to have",
    "resources": "ResourceRequirements, checked with the pod they end up in",
    "tolerations": "a Toleration each, checked with the pod they end up in",
    "topologySpreadConstraints": "constraints, checked with the pod they end up in",
}
"""Values whose keys a chart leaves to its user, and why that goes unchecked: Kubernetes' own schema has the say there,
over what the chart renders of them. Known by their last key, which charts agree on."""


@dataclass(frozen=True)
class Release:
    """A release by its logical name."""

    name: str
    inputs: dict[str, Any]

    @cached_property
    def chart(self) -> charts.Chart:
        """The pinned chart. A release of anything else is refused: nobody could check it."""
        for chart in charts.SOURCES:
            if (chart.name, chart.version) == (self.inputs["name"], self.inputs["version"]):
                return chart
        raise ValueError(f"{self.name} is {self.inputs['chart']} {self.inputs['version']}: add it to charts.SOURCES")

    @property
    def values(self) -> dict[str, Any]:
        return whole(self.inputs.get("values", {}))

    @property
    def namespace(self) -> str:
        return self.inputs["namespace"]

    @cached_property
    def rendered(self) -> helm.Rendered:
        return helm.render(self.chart, self.values, namespace=self.namespace)

    @property
    def pods(self) -> list[dict[str, Any]]:
        """The specification of every pod that the release runs."""
        specs = [found.get("spec", {}).get("template", {}).get("spec", {}) for found in self.rendered.objects]
        return [spec for spec in specs if "containers" in spec]


def releases(recorder: Recorder) -> list[Release]:
    return [Release(name, inputs) for name, inputs in recorder.of("kubernetes:helm.sh/v3:Release").items()]


def strangers(given: dict[str, Any], known: dict[str, Any], path: str = "") -> list[str]:
    """Values that the chart does not have, or has as something else."""
    found: list[str] = []
    for key, value in given.items():
        where = f"{path}{key}"
        if key not in known:
            found.append(f"{where} is not among the chart's values")
        elif key in FREE_FORM or known[key] is None:
            continue
        elif isinstance(value, dict) and isinstance(known[key], dict):
            found += strangers(value, known[key], f"{where}.")
        elif _sort(value) != _sort(known[key]):
            found.append(f"{where} is {value!r}, where the chart has {known[key]!r}")
    return found


def _sort(value: Any) -> type:
    return float if type(value) is int else type(value)
