"""When machines are in trouble, or cannot be had."""

from tests.support.alert_cases.case import Case, Told, named

NODE = {"node": "ip-10-0-10-7"}
MACHINE = {"instance": "10.0.10.7:9100"}
DISK = {**MACHINE, "device": "/dev/nvme1n1p1", "fstype": "xfs", "mountpoint": "/local"}


def condition(name: str, status: str, values: str) -> dict[str, str]:
    return {named("kube_node_status_condition", **NODE, condition=name, status=status): values}


def memory(left: int) -> dict[str, str]:
    return {
        named("node_memory_MemAvailable_bytes", **MACHINE): f"{left}x60",
        named("node_memory_MemTotal_bytes", **MACHINE): "100x60",
    }


def disk(left: int, *, read_only: int = 0) -> dict[str, str]:
    return {
        named("node_filesystem_avail_bytes", **DISK): f"{left}x60",
        named("node_filesystem_size_bytes", **DISK): "100x60",
        named("node_filesystem_readonly", **DISK): f"{read_only}x60",
    }


def connections(known: int) -> dict[str, str]:
    return {
        named("node_nf_conntrack_entries", **MACHINE): f"{known}x60",
        named("node_nf_conntrack_entries_limit", **MACHINE): "1000x60",
    }


def refused(method: str, values: str) -> dict[str, str]:
    of = {"controller": "nodeclaim.lifecycle", "provider": "aws", "error": "InsufficientCapacityError"}
    return {named("karpenter_cloudprovider_errors_total", **of, method=method): values}


ready = Told(alert="NodeNotReady", at="30m", labels={**NODE, "condition": "Ready", "status": "true"})
pressure = Told(alert="NodeUnderPressure", at="30m", labels={**NODE, "condition": "DiskPressure", "status": "true"})
short = Told(alert="NodeMemoryShort", at="30m", labels=MACHINE)
full = Told(alert="NodeDiskAlmostFull", at="30m", labels=DISK)
table = Told(alert="NodeConnectionsFull", at="30m", labels=MACHINE)
supply = Told(alert="NodesCannotBeStarted", at="40m", labels={"error": "InsufficientCapacityError"})

CASES: list[Case] = [
    ready.fires("it does not answer", condition("Ready", "true", "1x5 0x55")),
    ready.silent("it was away for five minutes", condition("Ready", "true", "1x15 0x5 1x40")),
    pressure.fires("images fill its disk", condition("DiskPressure", "true", "1x60")),
    pressure.silent("it has none", condition("DiskPressure", "true", "0x60") | condition("Ready", "true", "1x60")),
    short.fires("three hundredths are left", memory(3)),
    short.silent("a tenth is left", memory(10)),
    full.fires("a twentieth is left", disk(5)),
    full.silent("a fifth is left", disk(20)),
    full.silent("the system's own is full, and nobody writes to it", disk(0, read_only=1)),
    table.fires("nine tenths are known", connections(900)),
    table.silent("half are", connections(500)),
    supply.fires("AWS has no such machines", refused("Create", "0+1x60")),
    supply.silent("it had none, once", refused("Create", "0x5 1x55")),
    supply.silent("what it deletes is gone already", refused("Delete", "0+1x60")),
]
