"""When something runs out."""

from tests.support.alert_cases.case import POD_ADDRESSES, Case, Told, named

SHOP = {"namespace": "dhakacart"}
HPA = {**SHOP, "horizontalpodautoscaler": "dhakacart-backend-hpa"}
CONTAINER = {**SHOP, "pod": "backend-1", "container": "backend"}
CLAIM = {"namespace": "monitoring", "persistentvolumeclaim": "prometheus-0"}
GIB = 2**30


def scaled(wanted: str, most: int = 50) -> dict[str, str]:
    desired, maximum = "status_desired_replicas", "spec_max_replicas"
    return {
        named(f"kube_horizontalpodautoscaler_{desired}", **HPA): wanted,
        named(f"kube_horizontalpodautoscaler_{maximum}", **HPA): f"{most}x60",
    }


def active(false: int) -> dict[str, str]:
    condition = "kube_horizontalpodautoscaler_status_condition"
    return {
        named(condition, **HPA, condition="ScalingActive", status="false"): f"{false}x60",
        named(condition, **HPA, condition="ScalingLimited", status="false"): "1x60",
    }


def pool(used: int, limit: int = 48) -> dict[str, str]:
    of = {"nodepool": "on-demand", "resource_type": "cpu"}
    return {
        named("karpenter_nodepools_usage", **of): f"{used}x60",
        named("karpenter_nodepools_limit", **of): f"{limit}x60",
        named("karpenter_nodepools_usage", nodepool="on-demand", resource_type="memory"): f"{200 * GIB}x60",
    }


def addresses(each: int) -> dict[str, str]:
    return {named("awscni_total_ip_addresses", instance=node): f"{each}x60" for node in ("a", "b")}


def refused(values: str) -> dict[str, str]:
    return {named("awscni_no_available_ip_addresses", instance="a"): values}


def throttled(each_minute: int) -> dict[str, str]:
    periods = "container_cpu_cfs"
    return {
        named(f"{periods}_throttled_periods_total", **CONTAINER): f"0+{each_minute}x60",
        named(f"{periods}_periods_total", **CONTAINER): "0+600x60",
        named(f"{periods}_throttled_periods_total", **SHOP, pod="backend-1", container=""): "0+600x60",
        named(f"{periods}_periods_total", **SHOP, pod="backend-1", container=""): "0+600x60",
    }


def remembers(resident: int, working_set: int) -> dict[str, str]:
    return {
        named("container_memory_rss", **CONTAINER, image="i"): f"{resident}x60",
        named("container_memory_working_set_bytes", **CONTAINER, image="i"): f"{working_set}x60",
        named("kube_pod_container_resource_limits", **CONTAINER, resource="memory"): "512x60",
        named("kube_pod_container_resource_limits", **CONTAINER, resource="cpu"): "0.5x60",
    }


def volume(left: str) -> dict[str, str]:
    return {
        named("kubelet_volume_stats_available_bytes", **CLAIM): left,
        named("kubelet_volume_stats_capacity_bytes", **CLAIM): "100x600",
    }


def quota(used: int, hard: int, resource: str = "pods") -> dict[str, str]:
    of = {**SHOP, "resourcequota": "quota", "resource": resource}
    return {
        named("kube_resourcequota", **of, type="used"): f"{used}x60",
        named("kube_resourcequota", **of, type="hard"): f"{hard}x60",
    }


maximum = Told(alert="AutoscalerAtMaximum", at="30m", labels=HPA)
blind = Told(alert="AutoscalerBlind", at="30m", labels={**HPA, "condition": "ScalingActive", "status": "false"})
limit = Told(alert="NodePoolNearLimit", at="20m", labels={"nodepool": "on-demand", "resource_type": "cpu"})
waiting = Told(alert="PodUnschedulable", at="20m", labels={**SHOP, "pod": "backend-1"})
taken, none_left = Told(alert="PodAddressesRunningOut", at="30m"), Told(alert="PodAddressesExhausted", at="30m")
held_back = Told(alert="ContainerThrottled", at="30m", labels=CONTAINER)
memory = Told(alert="ContainerMemoryNearLimit", at="30m", labels=CONTAINER)
filling = Told(alert="VolumeFillingUp", at="9h", labels=CLAIM)
full = Told(alert="VolumeAlmostFull", at="30m", labels=CLAIM)
used_up = Told(alert="QuotaNearlyUsed", at="30m", labels={**SHOP, "resourcequota": "quota", "resource": "pods"})

CASES: list[Case] = [
    maximum.fires("it wants as many as it may", scaled("50x60")),
    maximum.silent("it may have one more", scaled("49x60")),
    maximum.silent("it was there for ten minutes", scaled("49x15 50x10 49x35")),
    blind.fires("it has no metrics to go by", active(1)),
    blind.silent("it scales, within its bounds", active(0)),
    limit.fires("nine tenths are passed", pool(46)),
    limit.silent("half is used, and of memory there is no limit", pool(24)),
    waiting.fires("no node takes a pod", {named("kube_pod_status_unschedulable", **SHOP, pod="backend-1"): "1x30"}),
    waiting.silent(
        "spare room waits for a node", {named("kube_pod_status_unschedulable", **SHOP, pod="spare-room-7d4-x"): "1x30"}
    ),
    waiting.silent("it waited for a node", {named("kube_pod_status_unschedulable", **SHOP, pod="a"): "1x8 _x22"}),
    taken.fires("nodes hold nearly all", addresses(int(POD_ADDRESSES * 0.45))),
    taken.silent("nodes hold half", addresses(int(POD_ADDRESSES * 0.25))),
    none_left.fires("pods are refused one", refused("0+1x60")),
    none_left.silent("pods were, long ago", refused("7x60")),
    held_back.fires("a third of its periods", throttled(200)),
    held_back.silent("a tenth of them, though the pod as a whole always", throttled(60)),
    memory.fires("it holds nearly all it may", remembers(480, 500)),
    memory.silent("the rest are cached files", remembers(300, 510)),
    filling.fires("it loses a seventh a day, and a third is left", volume("39-0.01x600")),
    filling.silent("it grows, and there is plenty", volume("90-0.02x600")),
    filling.silent("it is rather full, and stays so", volume("35x600")),
    full.fires("a twentieth is left", volume("5x60")),
    full.silent("a fifth is left", volume("20x60")),
    used_up.fires("nearly all pods are there", quota(95, 100)),
    used_up.silent("half of them", quota(50, 100)),
    used_up.silent("none are allowed, and none there", quota(0, 0, "services.nodeports")),
]
