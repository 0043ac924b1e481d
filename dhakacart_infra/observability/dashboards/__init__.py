"""Grafana's dashboards as code: one module each, over panels that they have in common."""

from dhakacart_infra.observability.dashboards.component import Dashboards, DashboardsArgs

__all__ = ["Dashboards", "DashboardsArgs"]
