"""The rows about what every pod relies on, and about whether the figures themselves can be trusted."""

from dhakacart_infra.observability.dashboards.panels import (
    BYTES,
    COUNT,
    PER_MINUTE,
    PER_SECOND,
    SECONDS,
    SHARE,
    Row,
    above,
    graph,
)
from dhakacart_infra.observability.dashboards.queries import promql


def rows() -> list[Row]:
    return [_needed(), _seeing()]


def _needed() -> Row:
    return Row(
        title="What the cluster itself needs",
        panels=[
            graph(
                "Pods' addresses",
                "Addresses in use of those that each node keeps; none free and none to be had is a pod that waits.",
                SHARE,
                promql("awscni_assigned_ip_addresses / awscni_total_ip_addresses", "{{instance}}"),
                most=1,
            ),
            graph(
                "Names that are not found",
                "Answers a second of CoreDNS, by code. SERVFAIL is a fault, NXDOMAIN mostly a search path.",
                PER_SECOND,
                promql("sum by (rcode) (rate(coredns_dns_responses_total[$__rate_interval]))", "{{rcode}}"),
            ),
            graph(
                "Secrets not fetched",
                "Secrets of AWS that are not as they should be in the cluster, by name.",
                COUNT,
                promql(
                    'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"})',
                    "{{namespace}}/{{name}}",
                ),
                limits=above(1, 2),
            ),
            graph(
                "Load balancer controller",
                "Turns of it that fail, a minute. While it fails, new pods get no traffic.",
                PER_MINUTE,
                promql(
                    "sum by (controller) (rate(awslbc_controller_reconcile_errors_total[$__rate_interval])) * 60",
                    "{{controller}}",
                ),
                limits=above(1, 5),
            ),
        ],
    )


def _seeing() -> Row:
    return Row(
        title="Whether these figures can be trusted",
        panels=[
            graph(
                "Targets unseen",
                "What does not answer Prometheus, by job.",
                COUNT,
                promql("count by (job) (up == 0)", "{{job}}"),
            ),
            graph(
                "Series",
                "As many as Prometheus has in memory. A step is a label with too many values.",
                COUNT,
                promql("max by (pod) (prometheus_tsdb_head_series)", "{{pod}}"),
            ),
            graph(
                "Rules that take long",
                "What a group's rules take, of the time until they are due again.",
                SHARE,
                promql(
                    "max by (rule_group) (prometheus_rule_group_last_duration_seconds "
                    "/ prometheus_rule_group_interval_seconds)",
                    "{{rule_group}}",
                ),
                limits=above(0.5, 0.9),
            ),
            graph(
                "Notifications that fail",
                "Alerts that Alertmanager could not hand on, a minute, by receiver.",
                PER_MINUTE,
                promql(
                    "sum by (integration) (rate(alertmanager_notifications_failed_total[$__rate_interval])) * 60",
                    "{{integration}}",
                ),
                limits=above(0.1, 1),
            ),
            graph(
                "Memory of Prometheus",
                "Its own, before its limit.",
                BYTES,
                promql(
                    'sum by (pod) (container_memory_working_set_bytes{container="prometheus",'
                    'metrics_path="/metrics/cadvisor"})',
                    "{{pod}}",
                ),
            ),
            graph(
                "Slowest answers",
                "Seconds that the slowest target of each job took to give its figures. After ten they are lost.",
                SECONDS,
                promql("max by (job) (scrape_duration_seconds)", "{{job}}"),
                limits=above(5, 10),
            ),
        ],
    )
