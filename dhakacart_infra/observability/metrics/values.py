"""The chart's values, put together: its parts, and what of it is left out. Keys as in the chart's contract."""

from typing import Any

from dhakacart_infra.config import MonitoringConfig
from dhakacart_infra.config.monitoring import SCRAPE_SECONDS
from dhakacart_infra.foundation.component import Scope
from dhakacart_infra.observability.metrics.alertmanager import alertmanager
from dhakacart_infra.observability.metrics.exporters import node_exporter, operator, state_metrics
from dhakacart_infra.observability.metrics.grafana import grafana
from dhakacart_infra.observability.metrics.prometheus import prometheus

UNREACHABLE = ("kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler")
"""EKS keeps the first two and the last to itself; kube-proxy shows its metrics to its own node alone."""
RULES_OF_THE_UNREACHABLE = (
    *("etcd", "kubeControllerManager", "kubeProxy", "kubeSchedulerAlerting", "kubeSchedulerRecording", "windows"),
)
ALERTS = (
    *("alertmanager", "configReloaders", "general", "kubeApiserverSlos", "kubeStateMetrics", "kubernetesApps"),
    *("kubernetesResources", "kubernetesStorage", "kubernetesSystem", "network", "nodeExporterAlerting", "prometheus"),
    "prometheusOperator",
)
"""Groups of the chart's rules that alert. Whoever is woken is woken by alerts of ours, which are tested and have a
runbook; the groups that only record are what the chart's dashboards show."""


def values(scope: Scope, config: MonitoringConfig, series: int) -> dict[str, Any]:
    return {
        "crds": {"enabled": False},  # a release of their own brings them, and Helm upgrades them there
        "defaultRules": {"rules": dict.fromkeys((*RULES_OF_THE_UNREACHABLE, *ALERTS), False)},
        **{target: {"enabled": False} for target in UNREACHABLE},
        "kubelet": {"serviceMonitor": {"cAdvisorInterval": f"{SCRAPE_SECONDS}s"}},
        "nodeExporter": {"operatingSystems": {other: {"enabled": False} for other in ("aix", "darwin")}},
        "prometheus": prometheus(scope, config, series),
        "alertmanager": alertmanager(scope, config),
        "grafana": grafana(scope),
        "prometheusOperator": operator(scope),
        "kube-state-metrics": state_metrics(scope),
        "prometheus-node-exporter": node_exporter(scope),
    }
