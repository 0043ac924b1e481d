"""Metrics: Prometheus, Alertmanager and Grafana by one chart, and everything that they watch."""

from dhakacart_infra.observability.metrics.metrics import Metrics, MetricsArgs

__all__ = ["Metrics", "MetricsArgs"]
