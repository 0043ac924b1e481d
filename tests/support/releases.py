"""The Helm releases that a stack registers, with their charts, their values and what Helm makes of both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbox.kubernetes.contracts import Tree
from tests.support import charts, helm
from tests.support.manifests import whole
from tests.support.recorder import Recorder

FREE_FORM = {
    "affinity": "an Affinity",
    "grafana.ini": "Grafana's own settings",
    "nodeSelector": "labels of nodes, whichever",
    "podSecurityContext": "a PodSecurityContext",
}
"""Values that have members by default and take others too: Kubernetes has the say over what comes of them."""
SORTS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass(frozen=True)
class Release:
    """A release by its logical name."""

    name: str
    inputs: dict[str, Any]

    @cached_property
    def chart(self) -> charts.Chart:
        """The pinned chart. A release of anything else is refused: nobody could check it."""
        for chart in charts.PINNED:
            if (chart.name, chart.version) == (self.inputs["name"], self.inputs["version"]):
                return chart
        raise ValueError(f"{self.name} is {self.inputs['chart']} {self.inputs['version']}: pin it in versions.py")

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
    def accounts(self) -> set[str]:
        """Service accounts that the values name."""
        return set(_accounts(self.values))

    @property
    def pods(self) -> list[dict[str, Any]]:
        """The specification of every pod that the release runs."""
        specs = [found.get("spec", {}).get("template", {}).get("spec", {}) for found in self.rendered.objects]
        return [spec for spec in specs if "containers" in spec]


def _accounts(values: dict[str, Any]) -> Iterator[str]:
    for key, part in values.items():
        if isinstance(part, dict):
            yield from _accounts(part)
            if key == "serviceAccount" and "name" in part:
                yield part["name"]


def releases(recorder: Recorder) -> list[Release]:
    return [Release(name, inputs) for name, inputs in recorder.of("kubernetes:helm.sh/v3:Release").items()]


def strangers(given: dict[str, Any], known: Tree, path: str = "") -> list[str]:
    """Values that the chart does not have, or has as something else."""
    found: list[str] = []
    for key, value in given.items():
        where, there = f"{path}{key}", known.get(key)
        if there is None:
            found.append(f"{where} is not among the chart's values")
        elif isinstance(there, Mapping) and isinstance(value, dict):
            found += [] if key in FREE_FORM else strangers(value, there, f"{where}.")
        elif not _fits(value, there):
            found.append(
                f"{where} is {value!r}, where the chart has {there if isinstance(there, str) else 'a mapping'}"
            )
    return found


def _fits(value: Any, there: str | Tree) -> bool:
    allowed = set(there.split("|")) if isinstance(there, str) else set[str]()
    return bool(allowed & {"any", SORTS[type(value)]}) or (type(value) is int and "number" in allowed)


def images(known: Tree, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where a chart takes the repository of an image from."""
    own = [(*path, "repository")] if path[-1:] == ("image",) and "repository" in known else []
    below = [images(part, (*path, key)) for key, part in known.items() if isinstance(part, Mapping)]
    return [*own, *(found for part in below for found in part)]
