"""What the shop runs on: nodes, who adds and takes them, autoscalers, and what fails quietly."""

from dhakacart_infra.observability.dashboards import cluster, nodes
from dhakacart_infra.observability.dashboards.panels import (
    COUNT,
    SHARE,
    Board,
    Row,
    above,
    graph,
    number,
    table,
)
from dhakacart_infra.observability.dashboards.queries import at_once, promql

READY = 'condition="Ready",status="true"'


def platform() -> Board:
    return Board(
        name="platform",
        title="Platform",
        answers="Have the pods room, do nodes come when they are wanted, and does anything break that nobody looks at?",
        rows=[_now(), *nodes.rows(), _workloads(), *cluster.rows()],
    )


def _now() -> Row:
    at_most = "kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas"
    return Row(
        title="Now",
        panels=[
            number("Nodes", "Nodes that are ready.", COUNT, promql(f"sum(kube_node_status_condition{{{READY}}})")),
            number(
                "Nodes not ready",
                "Their pods are moved after five minutes.",
                COUNT,
                promql(f"count(kube_node_status_condition{{{READY}}} == 0) or vector(0)"),
                limits=above(1, 2),
            ),
            number(
                "Pods waiting",
                "Pods that have no node yet. Some for a minute is a node being started.",
                COUNT,
                promql('sum(kube_pod_status_phase{phase="Pending"})'),
                limits=above(5, 20),
            ),
            number(
                "Autoscalers at their end",
                "They have as many pods as they may have: more load is not answered with more pods.",
                COUNT,
                promql(f"count({at_most}) or vector(0)"),
                limits=above(1, 2),
            ),
            number(
                "Jobs failed",
                "Jobs that gave up and are still there to look at.",
                COUNT,
                promql('count(kube_job_failed{condition="true"} == 1) or vector(0)'),
                limits=above(1, 3),
            ),
            number(
                "Targets unseen",
                "Of all that Prometheus asks, those that do not answer: what they would show is missing here.",
                COUNT,
                promql("count(up == 0) or vector(0)"),
                limits=above(1, 3),
            ),
        ],
    )


def _workloads() -> Row:
    quota = 'kube_resourcequota{type="%s"}'
    return Row(
        title="Workloads",
        panels=[
            graph(
                "Pods waiting",
                "Pods without a node, by namespace.",
                COUNT,
                promql('sum by (namespace) (kube_pod_status_phase{phase="Pending"}) > 0', "{{namespace}}"),
                stacked=True,
            ),
            graph(
                "Restarts",
                "Containers that ended and were started again, in an hour.",
                COUNT,
                promql(
                    "topk(10, sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[1h])) > 0)",
                    "{{namespace}}/{{pod}}",
                ),
            ),
            graph(
                "Pods that may be moved",
                "How many pods of each may go at once when a node is emptied. None: the node stays.",
                COUNT,
                promql(
                    "kube_poddisruptionbudget_status_pod_disruptions_allowed", "{{namespace}}/{{poddisruptionbudget}}"
                ),
            ),
            graph(
                "Quotas",
                "What a namespace has used of what it may. At all of it no further pod is let in.",
                SHARE,
                promql(f"{quota % 'used'} / ignoring (type) ({quota % 'hard'} > 0)", "{{namespace}} {{resource}}"),
                limits=above(0.8, 0.95),
            ),
            table(
                "Why containers ended",
                "Containers that run again, by the reason why they ended last. OOMKilled: the limit is too low.",
                COUNT,
                at_once(
                    "sum by (namespace, pod, container, reason) "
                    '(kube_pod_container_status_last_terminated_reason{reason!="Completed"})'
                ),
            ),
        ],
    )
