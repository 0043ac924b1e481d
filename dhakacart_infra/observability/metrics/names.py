"""What the parts of the stack are called, by the chart or by the operator, and where they answer."""

from dhakacart_infra.config.versions import KUBE_PROMETHEUS_STACK
from dhakacart_infra.workloads.flows import MONITORING_NAMESPACE, PROMETHEUS
from dhakacart_infra.workloads.pod import LABEL

NAMESPACE = MONITORING_NAMESPACE
NODE_EXPORTER_NAMESPACE = "node-exporter"
CHART = KUBE_PROMETHEUS_STACK.name
PRIORITY_CLASS = "monitoring"
ALERTMANAGER_SECRET = f"alertmanager-{CHART}-alertmanager"
"""Where the operator looks for the configuration of the Alertmanager that the chart makes."""
ALERTMANAGER, GRAFANA = "alertmanager", "grafana"
"""Service accounts, too: those that are somebody in AWS."""
ADMIN_USER, ADMIN_PASSWORD = "admin-user", "admin-password"  # keys of the Secret with Grafana's first user

PROMETHEUS_PODS = PROMETHEUS
ALERTMANAGER_PODS = {LABEL: ALERTMANAGER}
GRAFANA_PODS = {LABEL: GRAFANA}
STATE_PODS = {LABEL: "kube-state-metrics"}
OPERATOR_PODS = {LABEL: f"{CHART}-prometheus-operator"}

PROMETHEUS_PORT, ALERTMANAGER_PORT, GRAFANA_PORT, GOSSIP_PORT = 9090, 9093, 3000, 9094
RELOADER_PORT, OPERATOR_PORT, STATE_PORT = 8080, 8080, 8080
NODE_EXPORTER_PORT, KUBELET_PORT = 9100, 10250
