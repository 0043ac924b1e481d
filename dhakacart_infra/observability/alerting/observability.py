"""Whether anybody would be told: the watchers, watched."""

from dhakacart_infra.observability.alerting.model import Alert, Group

WATCHDOG = "Watchdog"
TARGETS_DOWN = 0.1
"""Of a job: one node of many that is just going is no news."""
UNDELIVERED = 0.05

SOURCES = {
    "the API server": "apiserver_request_total",
    "CoreDNS": "coredns_dns_responses_total",
    "External Secrets": "externalsecret_sync_calls_total",
    "Karpenter": "karpenter_nodepools_limit",
    "kube-state-metrics": "kube_node_info",
    "kubelets": "kubelet_node_name",
    "containers (cAdvisor)": "container_memory_rss",
    "nodes (node-exporter)": "node_memory_MemTotal_bytes",
    "the network (VPC CNI)": "awscni_total_ip_addresses",
    "Alertmanager": "alertmanager_config_last_reload_successful",
}
"""A series that each is known by, and has from its first minute. Where it is missing, rules on it are silent."""


def groups() -> list[Group]:
    return [Group(name="observability", rules=[_watchdog(), *_sources(), *_prometheus(), *_alertmanager()])]


def _watchdog() -> Alert:
    return Alert(
        name=WATCHDOG,
        expr="vector(1)",
        lasts="0m",
        severity="none",
        summary="Alerts arrive",
        description="Always fires. Somebody outside the cluster misses it when it does not arrive.",
    )


def _sources() -> list[Alert]:
    missing = [f'label_replace(absent({series}), "source", "{name}", "", "")' for name, series in SOURCES.items()]
    return [
        Alert(
            name="MetricsMissing",
            expr=" or ".join(missing),
            lasts="10m",
            severity="critical",
            summary="There are no metrics of {{ $labels.source }}",
            description="Nothing is known of it, and no alert about it can fire.",
        ),
        Alert(
            name="TargetsDown",
            expr=f"count by (namespace, job) (up == 0) / count by (namespace, job) (up) > {TARGETS_DOWN}",
            lasts="15m",
            severity="warning",
            summary="Prometheus cannot read {{ $labels.job }}",
            description="{{ $value | humanizePercentage }} of its targets in {{ $labels.namespace }} do not answer.",
        ),
    ]


def _prometheus() -> list[Alert]:
    notifications = "prometheus_notifications"
    return [
        Alert(
            name="RulesFailing",
            expr="sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0",
            lasts="10m",
            severity="critical",
            summary="Rules cannot be computed",
            description="Those of {{ $labels.rule_group }}: their alerts do not fire.",
        ),
        Alert(
            name="PrometheusReloadFailed",
            expr="prometheus_config_last_reload_successful == 0",
            lasts="10m",
            severity="critical",
            summary="{{ $labels.pod }} does not take its configuration",
            description="It goes on by the last good one: new rules and targets are not there.",
        ),
        Alert(
            name="PrometheusCannotNotify",
            expr=f"rate({notifications}_errors_total[5m]) / rate({notifications}_sent_total[5m]) > {UNDELIVERED}",
            lasts="15m",
            severity="critical",
            summary="{{ $labels.pod }} does not reach an Alertmanager",
            description="{{ $value | humanizePercentage }} of its alerts to {{ $labels.alertmanager }} fail.",
        ),
        Alert(
            name="PrometheusStorageFailing",
            expr="increase(prometheus_tsdb_compactions_failed_total[3h]) > 0"
            " or increase(prometheus_tsdb_wal_corruptions_total[3h]) > 0",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.pod }} cannot keep what it measures",
            description="Its disk is full or damaged. What it has in memory is lost when it ends.",
        ),
    ]


def _alertmanager() -> list[Alert]:
    members = "max_over_time(alertmanager_cluster_members[5m])"
    notifications = "alertmanager_notifications"
    return [
        Alert(
            name="AlertmanagerReloadFailed",
            expr="alertmanager_config_last_reload_successful == 0",
            lasts="10m",
            severity="critical",
            summary="{{ $labels.pod }} does not take its configuration",
            description="It goes on by the last good one.",
        ),
        Alert(
            name="AlertmanagerNotificationsFailing",
            expr=f"sum by (namespace, pod, integration) (rate({notifications}_failed_total[10m]))"
            f" / sum by (namespace, pod, integration) (rate({notifications}_total[10m])) > {UNDELIVERED}",
            lasts="10m",
            severity="critical",
            summary="Alerts are not delivered",
            description="{{ $labels.pod }} fails {{ $value | humanizePercentage }} of its notifications by "
            "{{ $labels.integration }}.",
        ),
        Alert(
            name="AlertmanagerClusterSplit",
            expr=f"{members} < on (namespace, job) group_left () count by (namespace, job) ({members})",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.pod }} does not find all the others",
            description="It knows of {{ $value }}. Each part of the cluster sends every alert.",
        ),
    ]
