"""Whom something wakes: the rules by which Prometheus finds it, and how Alertmanager passes it on."""

from dhakacart_infra.observability.alerting.heartbeat import Heartbeat, HeartbeatArgs, may_beat
from dhakacart_infra.observability.alerting.routing import routing
from dhakacart_infra.observability.alerting.rules import AlertRules, AlertRulesArgs

__all__ = ["AlertRules", "AlertRulesArgs", "Heartbeat", "HeartbeatArgs", "may_beat", "routing"]
