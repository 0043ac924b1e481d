"""Cases on every alert: those in which it fires, and those in which it must not. By the module that has the rules."""

from tests.support.alert_cases import cluster, nodes, observability, saturation, slo, workloads
from tests.support.alert_cases.case import POD_ADDRESSES, SERVICES, Case

CASES: dict[str, list[Case]] = {
    "slo": slo.CASES,
    "saturation": saturation.CASES,
    "workloads": workloads.CASES,
    "nodes": nodes.CASES,
    "cluster": cluster.CASES,
    "observability": observability.CASES,
}

__all__ = ["CASES", "POD_ADDRESSES", "SERVICES", "Case"]
