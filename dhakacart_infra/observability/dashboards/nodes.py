"""The rows about nodes: what is used of them, what is taken, and who adds and takes them."""

from dhakacart_infra.observability.dashboards.panels import COUNT, PER_MINUTE, SHARE, Row, above, graph
from dhakacart_infra.observability.dashboards.queries import promql

ON_DISK = 'mountpoint=~"/|/var|/local",fstype=~"ext4|xfs"'
"""Bottlerocket keeps images and logs below /local; its root never fills."""


def rows() -> list[Row]:
    return [_use(), _room(), _autoscaling(), _karpenter()]


def _use() -> Row:
    return Row(
        title="Nodes: what is used",
        panels=[
            graph(
                "Processors in use",
                "Share of a node's processor time that is not idle.",
                SHARE,
                promql(
                    '1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
                    "{{node}}",
                ),
                limits=above(0.8, 0.95),
                most=1,
            ),
            graph(
                "Memory in use",
                "Share of a node's memory that could not be freed for something else.",
                SHARE,
                promql("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{node}}"),
                limits=above(0.8, 0.95),
                most=1,
            ),
            graph(
                "Memory pressure",
                "Seconds of each second in which processes waited for memory.",
                SHARE,
                promql("rate(node_pressure_memory_waiting_seconds_total[$__rate_interval])", "{{node}}"),
                limits=above(0.1, 0.3),
            ),
            graph(
                "Disks",
                "How full each node's disk is. Kubernetes evicts pods from 85 %.",
                SHARE,
                promql(
                    f"1 - node_filesystem_avail_bytes{{{ON_DISK}}} / node_filesystem_size_bytes{{{ON_DISK}}}",
                    "{{node}} {{mountpoint}}",
                ),
                limits=above(0.75, 0.85),
                most=1,
            ),
        ],
    )


def _room() -> Row:
    requested = 'sum by (node) (kube_pod_container_resource_requests{resource="%s"})'
    allocatable = 'sum by (node) (kube_node_status_allocatable{resource="%s"})'
    return Row(
        title="Nodes: what is taken",
        panels=[
            graph(
                "Processors requested",
                "Of what a node has to give. What is not requested is room for pods.",
                SHARE,
                promql(f"{requested % 'cpu'} / {allocatable % 'cpu'}", "{{node}}"),
                most=1,
            ),
            graph(
                "Memory requested",
                "Of what a node has to give.",
                SHARE,
                promql(f"{requested % 'memory'} / {allocatable % 'memory'}", "{{node}}"),
                most=1,
            ),
            graph(
                "Pods on a node",
                "Of as many as it takes.",
                SHARE,
                promql(
                    'count by (node) (kube_pod_info) / on (node) kube_node_status_allocatable{resource="pods"}',
                    "{{node}}",
                ),
                limits=above(0.8, 0.95),
                most=1,
            ),
            graph(
                "Volumes",
                "How full what pods keep on disk is.",
                SHARE,
                promql(
                    "1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes",
                    "{{namespace}}/{{persistentvolumeclaim}}",
                ),
                limits=above(0.75, 0.9),
                most=1,
            ),
        ],
    )


def _autoscaling() -> Row:
    of_one = "sum by (namespace, horizontalpodautoscaler)"
    return Row(
        title="Autoscalers",
        panels=[
            graph(
                "Pods of autoscalers",
                "As many as they have and as many as they want. The two apart for minutes: there is no room for pods.",
                COUNT,
                promql(
                    f"{of_one} (kube_horizontalpodautoscaler_status_current_replicas)",
                    "{{horizontalpodautoscaler}}, now",
                ),
                promql(
                    f"{of_one} (kube_horizontalpodautoscaler_status_desired_replicas)",
                    "{{horizontalpodautoscaler}}, wanted",
                ),
            ),
            graph(
                "Reach of autoscalers",
                "Pods that they have of as many as they may have. All of them is no room for more load.",
                SHARE,
                promql(
                    f"{of_one} (kube_horizontalpodautoscaler_status_current_replicas) / "
                    f"{of_one} (kube_horizontalpodautoscaler_spec_max_replicas)",
                    "{{horizontalpodautoscaler}}",
                ),
                limits=above(0.8, 1),
                most=1,
            ),
        ],
    )


def _karpenter() -> Row:
    usage, limit = (f'karpenter_nodepools_{what}{{resource_type="cpu"}}' for what in ("usage", "limit"))
    return Row(
        title="Karpenter",
        panels=[
            graph(
                "Reach of node pools",
                "Processors that a pool has of as many as it may start. At all of them pods wait.",
                SHARE,
                promql(f"max by (nodepool) ({usage}) / max by (nodepool) ({limit})", "{{nodepool}}"),
                limits=above(0.8, 0.95),
                most=1,
            ),
            graph(
                "Nodes come and go",
                "Nodes asked of EC2 in an hour and nodes given back, by pool.",
                COUNT,
                promql("sum by (nodepool) (increase(karpenter_nodeclaims_created_total[1h]))", "{{nodepool}}, asked"),
                promql(
                    "sum by (nodepool) (increase(karpenter_nodeclaims_terminated_total[1h]))",
                    "{{nodepool}}, given back",
                ),
            ),
            graph(
                "Why nodes are taken",
                "Nodes taken in an hour: drifted, underutilized, empty, expired or interrupted.",
                COUNT,
                promql("sum by (reason) (increase(karpenter_nodeclaims_disrupted_total[1h]))", "{{reason}}"),
            ),
            graph(
                "Calls to EC2 that fail",
                "A minute, by error. InsufficientCapacityError: a kind of instance is sold out.",
                PER_MINUTE,
                promql(
                    "sum by (method, error) (rate(karpenter_cloudprovider_errors_total[$__rate_interval])) * 60",
                    "{{method}} {{error}}",
                ),
                limits=above(1, 10),
            ),
        ],
    )
