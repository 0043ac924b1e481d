"""The places between which a stack's policies say who may call whom, and those policies."""

from functools import cache
from typing import Any

from tests.support.manifests import manifests
from tests.support.reach import Place
from tests.support.stacks import raw
from tests.support.whole_program import registered

LABEL = "app.kubernetes.io/name"
HTTP, PORTS = {"frontend": 80, "backend": 5000}, {"database": 5432, "redis": 6379}


def places(stack: str) -> dict[str, Place]:
    network = raw(stack)["network"]
    first = {tier: network[f"{tier}_subnets"][0].replace("0/24", "9") for tier in ("public", "database")}
    pod = network["pod_subnets"][0].replace("0/18", "9")
    # A standby's database is ready as it is: no Job, and no namespace of its own for one.
    job = (
        {}
        if raw(stack)["role"] == "standby"
        else {"schema job": Place(pod, "dhakacart-schema", {"job-name": "schema"})}
    )
    return job | {
        "internet": Place("203.0.113.9"),
        "load balancer": Place(first["public"]),
        "another pod": Place(pod, "default", {LABEL: "dhakacart-frontend"}),
        **{name: Place(pod, "dhakacart", {LABEL: f"dhakacart-{name}"}) for name in HTTP},
        "spare room": Place(pod, "dhakacart", {LABEL: "spare-room"}),
        "what somebody starts": Place(pod, "dhakacart", {"run": "debug"}),
        "names": Place(pod, "kube-system", {"k8s-app": "kube-dns"}),
        "database": Place(first["database"]),
        "redis": Place(first["database"]),
        "identity agent": Place("169.254.170.23"),
    }


@cache
def policies(stack: str, release: str = "v1") -> list[dict[str, Any]]:
    def with_schema(values: dict[str, Any]) -> None:
        if values["role"] == "active":
            values["database"]["schema_release"] = release

    return [made for _, made in manifests(registered(stack, with_schema)) if made["kind"] == "NetworkPolicy"]
