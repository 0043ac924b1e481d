"""What has to be measured for an alert to fire, and what only looks like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dhakacart_infra.config import ServiceConfig

SERVICES = {
    "backend": ServiceConfig(port=5000, metrics_port=9464, release="v1"),
    "frontend": ServiceConfig(port=80),
}
POD_ADDRESSES = 32_768


@dataclass(frozen=True, kw_only=True)
class Case:
    """Series and their values a ``step`` apart, in promtool's notation; what fires ``at`` that time, by its labels."""

    alert: str
    series: Mapping[str, str]
    at: str
    fires: Sequence[Mapping[str, str]] = ()
    when: str
    step: str = "1m"

    def rendered(self) -> dict[str, Any]:
        """As promtool wants it. Labels of the rule itself are left out: they are not what is measured."""
        return {
            "name": f"{self.alert} {'fires' if self.fires else 'is silent'}: {self.when}",
            "interval": self.step,
            "input_series": [{"series": series, "values": values} for series, values in self.series.items()],
            "promql_expr_test": [
                {
                    "expr": "count without (alertname, alertstate, severity, about) "
                    f'(ALERTS{{alertname="{self.alert}",alertstate="firing"}})',
                    "eval_time": self.at,
                    "exp_samples": [{"labels": _written(labels), "value": 1} for labels in self.fires],
                }
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Told:
    """Cases on one alert, which share what is not said otherwise."""

    alert: str
    at: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    step: str = "1m"

    def fires(self, when: str, series: Mapping[str, str], **labels: str) -> Case:
        told = [{**self.labels, **labels}]
        return Case(alert=self.alert, when=when, series=series, at=self.at, step=self.step, fires=told)

    def silent(self, when: str, series: Mapping[str, str]) -> Case:
        return Case(alert=self.alert, when=when, series=series, at=self.at, step=self.step)


def _written(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def named(metric: str, **labels: str) -> str:
    return metric + _written(labels)
