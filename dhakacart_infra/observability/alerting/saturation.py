"""What runs out: pods, nodes, addresses, CPU, memory, disks, quotas. Told while there is some left."""

from dhakacart_infra.observability.alerting.model import Alert, Group
from dhakacart_infra.workloads.spare_room import NAME as SPARE_ROOM

FULL = 0.9
ADDRESSES_USED = 0.8
"""Nodes take addresses by sixteen, and zones need not fill evenly."""
THROTTLED = 0.25
"""Of the periods in which a container wanted to run. Some is the price of a limit; more is felt by customers."""
DISK_LEFT, DISK_LOW = 0.1, 0.4
AHEAD_SECONDS = 4 * 24 * 3600
"""Four days: a long weekend, and a day to act."""


def groups(pod_addresses: int) -> list[Group]:
    """``pod_addresses`` are those of all subnets for pods together."""
    rules = [*_scaling(), *_addresses(pod_addresses), *_containers(), *_volumes(), _quota()]
    return [Group(name="saturation", rules=rules)]


def _scaling() -> list[Alert]:
    autoscaler = "kube_horizontalpodautoscaler"
    return [
        Alert(
            name="AutoscalerAtMaximum",
            expr=f"{autoscaler}_status_desired_replicas >= {autoscaler}_spec_max_replicas",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.horizontalpodautoscaler }} has as many pods as it may",
            description="It has wanted {{ $value }}, its maximum, for a quarter of an hour. More load makes it slow.",
        ),
        Alert(
            name="AutoscalerBlind",
            # Of an autoscaler that wants none of the pods it sees, ScalingActive is false by right: there is none here.
            expr=f'{autoscaler}_status_condition{{condition=~"AbleToScale|ScalingActive",status="false"}} == 1',
            lasts="15m",
            severity="warning",
            summary="{{ $labels.horizontalpodautoscaler }} cannot scale",
            description="Its condition {{ $labels.condition }} is false: the number of pods stays as it is.",
        ),
        Alert(
            name="NodePoolNearLimit",
            expr=f"karpenter_nodepools_usage / (karpenter_nodepools_limit > 0) > {FULL}",
            lasts="10m",
            severity="warning",
            summary="Karpenter may hardly start any more {{ $labels.nodepool }} nodes",
            description="{{ $value | humanizePercentage }} of the pool's limit of {{ $labels.resource_type }} is used.",
        ),
        Alert(
            name="PodUnschedulable",
            # Spare room is there to wait.
            expr=f'kube_pod_status_unschedulable{{pod!~"{SPARE_ROOM}-.+"}} == 1',
            lasts="10m",
            severity="warning",
            summary="No node takes {{ $labels.namespace }}/{{ $labels.pod }}",
            description="A new node would have been there in two minutes. None comes, or none fits.",
        ),
    ]


def _addresses(pod_addresses: int) -> list[Alert]:
    return [
        Alert(
            name="PodAddressesRunningOut",
            # What a node has taken, used or not, nobody else can have.
            expr=f"sum(awscni_total_ip_addresses) / {pod_addresses} > {ADDRESSES_USED}",
            lasts="15m",
            severity="warning",
            about="pod-addresses",
            summary="{{ $value | humanizePercentage }} of the addresses for pods are taken",
            description="Nodes hold them in blocks of sixteen. Without any left, no pod starts on a new node.",
        ),
        Alert(
            name="PodAddressesExhausted",
            expr="sum(increase(awscni_no_available_ip_addresses[10m])) > 0",
            lasts="5m",
            severity="critical",
            about="pod-addresses",
            summary="Pods get no address",
            description="{{ $value | humanize }} times in ten minutes a node had none for a pod that was to start.",
        ),
    ]


def _containers() -> list[Alert]:
    of_containers = 'container!=""'
    each = "sum by (namespace, pod, container)"
    periods = "container_cpu_cfs"
    return [
        Alert(
            name="ContainerThrottled",
            expr=f"{each} (rate({periods}_throttled_periods_total{{{of_containers}}}[5m]))"
            f" / {each} (rate({periods}_periods_total{{{of_containers}}}[5m])) > {THROTTLED}",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} is held back at its limit of CPU",
            description="{{ $labels.container }} has to pause in {{ $value | humanizePercentage }} of its periods.",
        ),
        Alert(
            name="ContainerMemoryNearLimit",
            # Resident memory: the working set also has cached files, which go before anything is killed.
            expr=f"max by (namespace, pod, container) (container_memory_rss{{{of_containers}}})"
            f" / max by (namespace, pod, container) "
            f'(kube_pod_container_resource_limits{{resource="memory"}} > 0) > {FULL}',
            lasts="10m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} is about to be killed for its memory",
            description="{{ $labels.container }} has {{ $value | humanizePercentage }} of what it may have.",
        ),
    ]


def _volumes() -> list[Alert]:
    left = "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes"
    forecast = f"predict_linear(kubelet_volume_stats_available_bytes[6h], {AHEAD_SECONDS})"
    return [
        Alert(
            name="VolumeFillingUp",
            expr=f"{forecast} < 0 and {left} < {DISK_LOW}",
            lasts="1h",
            severity="warning",
            about="volume",
            summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full in four days",
            description="As it has grown in the last six hours. Less than 40 % of it is left.",
        ),
        Alert(
            name="VolumeAlmostFull",
            expr=f"{left} < {DISK_LEFT}",
            lasts="5m",
            severity="critical",
            about="volume",
            summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is almost full",
            description="{{ $value | humanizePercentage }} of it is left. What cannot write stops.",
        ),
    ]


def _quota() -> Alert:
    return Alert(
        name="QuotaNearlyUsed",
        # Nothing of what is forbidden altogether can be nearly used up.
        expr='kube_resourcequota{type="used"} / ignoring (type) (kube_resourcequota{type="hard"} > 0) > ' + str(FULL),
        lasts="15m",
        severity="warning",
        summary="{{ $labels.namespace }} has used its quota of {{ $labels.resource }}",
        description="{{ $value | humanizePercentage }} of it. Beyond it the API server refuses pods, also of releases.",
    )
