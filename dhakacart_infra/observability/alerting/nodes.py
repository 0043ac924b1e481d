"""The machines, and whether new ones can be had."""

from dhakacart_infra.observability.alerting.model import Alert, Group

MEMORY_LEFT, DISK_LEFT = 0.05, 0.1
CONNECTIONS_USED = 0.8
WRITABLE = 'fstype=~"ext4|xfs"'


def groups() -> list[Group]:
    return [Group(name="nodes", rules=[*_conditions(), *_resources(), *_supply()])]


def _conditions() -> list[Alert]:
    pressure = "DiskPressure|MemoryPressure|PIDPressure"
    return [
        Alert(
            name="NodeNotReady",
            expr='kube_node_status_condition{condition="Ready",status="true"} == 0',
            lasts="10m",
            severity="warning",
            summary="{{ $labels.node }} is not ready",
            description="Its pods are started elsewhere after five minutes. It is paid for until it is gone.",
        ),
        Alert(
            name="NodeUnderPressure",
            expr=f'kube_node_status_condition{{condition=~"{pressure}",status="true"}} == 1',
            lasts="5m",
            severity="warning",
            summary="{{ $labels.node }} has {{ $labels.condition }}",
            description="It takes no new pods, and puts some of its own out.",
        ),
    ]


def _resources() -> list[Alert]:
    return [
        Alert(
            name="NodeMemoryShort",
            expr=f"node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < {MEMORY_LEFT}",
            lasts="10m",
            severity="warning",
            summary="{{ $labels.instance }} has hardly any memory left",
            description="{{ $value | humanizePercentage }}. Its kernel will kill something, limits or no.",
        ),
        Alert(
            name="NodeDiskAlmostFull",
            # Bottlerocket's system is full by design, and read-only.
            expr=f"node_filesystem_avail_bytes{{{WRITABLE}}} / node_filesystem_size_bytes{{{WRITABLE}}} < {DISK_LEFT}"
            f" and node_filesystem_readonly{{{WRITABLE}}} == 0",
            lasts="10m",
            severity="warning",
            summary="{{ $labels.instance }} has hardly any disk left",
            description="{{ $value | humanizePercentage }} of {{ $labels.mountpoint }}. At 10 % images go, then pods.",
        ),
        Alert(
            name="NodeConnectionsFull",
            expr=f"node_nf_conntrack_entries / node_nf_conntrack_entries_limit > {CONNECTIONS_USED}",
            lasts="5m",
            severity="warning",
            summary="{{ $labels.instance }} can hardly keep track of its connections",
            description="{{ $value | humanizePercentage }} of its table. New ones are dropped when it is full.",
        ),
    ]


def _supply() -> list[Alert]:
    errors = "karpenter_cloudprovider_errors_total"
    return [
        Alert(
            name="NodesCannotBeStarted",
            expr=f'sum by (error) (increase({errors}{{method="Create"}}[15m])) > 0',
            lasts="15m",
            severity="warning",
            summary="Karpenter cannot start nodes",
            description="{{ $value | humanize }} attempts failed in a quarter of an hour: "
            "{{ or $labels.error `for a reason that is in its log` }}.",
        )
    ]
