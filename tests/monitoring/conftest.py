"""A real Prometheus for each stack, which has scraped everything and run its rules by the time it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.exports import Exporter
from tests.support.prometheus_server import Server, scraping
from tests.support.promql import UnknownNameError
from tests.support.recorder import Recorder
from tests.support.stacks import STACKS
from tests.support.whole_program import registered

RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
MONITORS = "kubernetes:monitoring.coreos.com/v1:{}"
ENDPOINTS = ("endpoints", "podMetricsEndpoints")
"""Of a ServiceMonitor and of a PodMonitor."""


def released(values: dict[str, Any]) -> None:
    """The backend measures itself, and has a release that does."""
    values["services"]["backend"] |= {"metrics_port": 9464, "release": "v1"}


@dataclass(frozen=True)
class Watched:
    """A stack, and the Prometheus that runs its rules."""

    stack: Recorder
    server: Server

    def __post_init__(self) -> None:
        object.__setattr__(self, "exported", cache(self._exported))

    def _exported(self, selector: str) -> set[str]:
        found = self.server.series(selector)
        if not found:
            raise UnknownNameError(
                f"{selector}: nobody exports this, by tests/monitoring/exports and the stack's rules"
            )
        return {name for labels in found for name in labels} - {"__name__"}


def groups(stack: Recorder) -> list[Any]:
    return [group for made in stack.of(RULES).values() for group in made["spec"]["groups"]]


def monitors(stack: Recorder, kind: str, name: str) -> list[Any]:
    return [made for made in stack.of(MONITORS.format(kind)).values() if made["metadata"]["name"] == name]


def honours(stack: Recorder, exporter: Exporter) -> bool:
    """Whether the exporter's own label counts where the target has it too: as the object says that finds it."""
    if exporter.monitor is None:
        return exporter.honoured
    specs = [made["spec"] for made in monitors(stack, *exporter.monitor)]
    endpoints = [one for spec in specs for key in ENDPOINTS for one in spec.get(key, [])]
    return any(one.get("honorLabels") for one in endpoints)


@pytest.fixture(scope="session", params=STACKS)
def watched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    stack = registered(request.param, released)
    folder: Path = tmp_path_factory.mktemp(request.param)
    with scraping(folder, groups(stack), lambda exporter: honours(stack, exporter)) as server:
        yield Watched(stack, server)
