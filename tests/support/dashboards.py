"""The dashboards that a stack registers, as Grafana reads them, and what their panels ask."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.recorder import Recorder

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
MACROS = {"$__rate_interval": "1m", "$__interval": "1m", "$__range": "1h"}
"""What Grafana puts in their place at its usual widths."""
ROW = "row"


@dataclass(frozen=True, kw_only=True)
class Asked:
    dashboard: str
    panel: str
    target: dict[str, Any]

    @property
    def is_prometheus(self) -> bool:
        return self.target["datasource"]["uid"] == "prometheus"

    def __str__(self) -> str:
        return f"{self.dashboard} / {self.panel} / {self.target['refId']}"


def config_maps(recorder: Recorder) -> list[dict[str, Any]]:
    return [
        made
        for made in recorder.of(CONFIG_MAP).values()
        if made["metadata"].get("labels", {}).get("grafana_dashboard") == "1"
    ]


def dashboards(recorder: Recorder) -> list[dict[str, Any]]:
    return [_parsed(text) for made in config_maps(recorder) for text in made["data"].values()]


@cache
def _parsed(text: str) -> dict[str, Any]:
    return json.loads(text)


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in dashboard["panels"] if panel["type"] != ROW]


def asked(recorder: Recorder) -> Iterator[Asked]:
    for dashboard in dashboards(recorder):
        for panel in panels(dashboard):
            for target in panel["targets"]:
                yield Asked(dashboard=dashboard["title"], panel=panel["title"], target=target)


def substituted(expression: str, variables: dict[str, str]) -> str:
    """As Grafana sends it: macros, and variables by their chosen values."""
    for macro, value in MACROS.items():
        expression = expression.replace(macro, value)
    for name, value in variables.items():
        expression = re.sub(rf"\$\{{{name}\}}|\${name}\b", lambda _, value=value: value, expression)
    return expression


def legend(target: dict[str, Any]) -> set[str]:
    """The labels that a line is named by."""
    return set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
