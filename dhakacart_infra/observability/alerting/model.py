"""What a rule is: a thing to compute and keep, or a thing to tell somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dhakacart_infra.foundation.runbooks import runbook_url

Severity = Literal["critical", "warning", "none"]
"""Critical wakes somebody, a warning waits for the morning, and none is for nobody: a sign of life."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A series of that name, for rules and dashboards to share."""

    name: str
    expr: str

    def rendered(self) -> dict[str, Any]:
        return {"record": self.name, "expr": self.expr}


@dataclass(frozen=True, kw_only=True)
class Alert:
    """``name`` is its runbook's, too. ``summary`` and ``description`` are Prometheus templates."""

    name: str
    expr: str
    lasts: str
    """How long it has to be so before anybody is told: ``10m``."""
    severity: Severity
    summary: str
    description: str
    about: str = ""
    """What it shares with an alert that says the same more urgently, and then silences it."""

    def rendered(self) -> dict[str, Any]:
        return {
            "alert": self.name,
            "expr": self.expr,
            "for": self.lasts,
            "labels": {"severity": self.severity} | ({"about": self.about} if self.about else {}),
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": runbook_url(self.name),
            },
        }


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules on one subject, computed one after the other: each sees what those before it have recorded."""

    name: str
    rules: Sequence[Recording | Alert]

    @property
    def alerts(self) -> list[Alert]:
        return [rule for rule in self.rules if isinstance(rule, Alert)]

    def rendered(self) -> dict[str, Any]:
        """As in a file of rules, and in a PrometheusRule."""
        return {"groups": [{"name": self.name, "rules": [rule.rendered() for rule in self.rules]}]}
