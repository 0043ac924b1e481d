"""The section ``services``: what the shop runs, one entry each. A further service is an entry, and no code."""

from collections.abc import Collection, Mapping
from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.artifacts import Release
from dhakacart_infra.config.section import NO_OTHER_KEYS, Flag, Section

DATA = ("database", "redis", "identity")
"""What a service may reach beside other services. ``identity`` is the agent by which a pod gets an AWS role."""
NAME = "[a-z]([a-z0-9-]{0,18}[a-z0-9])?"  # with what is put before and after it, a Service still has a DNS label
LARGEST_POD_MILLICORES, LARGEST_POD_MIB = 16_000, 65_536

ServiceName = Annotated[
    str,
    leaves.text(
        NAME,
        noun="a service's name of up to 20 small letters, digits and inner hyphens that begins with a letter",
        example="search",
    ),
]
Port = Annotated[int, leaves.whole(1, 65_535, unit="(a TCP port)", reason="TCP has no others")]
HttpPath = Annotated[
    str, leaves.text(r"/[A-Za-z0-9._~/-]*", noun="a path that begins with a slash, without a query", example="/health")
]
Route = Annotated[
    str,
    leaves.text(
        r"/|(/[A-Za-z0-9._~-]+)+", noun="a path that begins with a slash and does not end in one", example="/search"
    ),
]
Reached = Annotated[
    str,
    leaves.text(NAME, noun=f"the name of a service, or one of {', '.join(DATA)}", example="backend"),
]
Uid = Annotated[int, leaves.whole(1, 65_535, unit="(a user id)", reason="0 is root, which no pod of the shop may be")]
Path = Annotated[
    str, leaves.text(r"(/[A-Za-z0-9._-]+)+", noun="the absolute path of a folder other than the root", example="/tmp")  # noqa: S108
]
Variable = Annotated[
    str,
    leaves.text("[A-Z][A-Z0-9_]{0,63}", noun="a variable's name of capitals, digits and `_`", example="LOG_LEVEL"),
]
Text = Annotated[str, leaves.text("[^\0]{1,4096}", noun="text of up to 4096 characters", example="info")]
Millicores = Annotated[
    int,
    leaves.whole(
        10,
        LARGEST_POD_MILLICORES,
        unit="thousandths of a vCPU",
        reason="scaling goes by what is requested, and no node holds more",
    ),
]
Mib = Annotated[
    int,
    leaves.whole(16, LARGEST_POD_MIB, unit="MiB", reason="nothing starts in less, and no node holds more"),
]
Pods = Annotated[int, leaves.whole(2, 1_000, unit="pods", reason="one may go at any time, and more are a mistake")]
Surge = Annotated[int, leaves.whole(1, 100, unit="pods", reason="without one more, a release would take pods away")]
SparePods = Annotated[int, leaves.whole(0, 100, unit="pods", reason="nodes that nobody uses are paid for")]
Percent = Annotated[
    int, leaves.whole(10, 100, unit="percent", reason="less scales on noise, and more than is requested comes too late")
]
Unavailable = Annotated[
    int, leaves.whole(1, 50, unit="percent", reason="at 0 no node could be emptied, and half have to go on serving")
]
Startup = Annotated[
    int, leaves.whole(5, 600, unit="seconds", reason="what takes longer holds every release up for as long")
]


class HealthConfig(Section):
    """How it is known that a pod serves, and that it will never serve again."""

    path: HttpPath = Field(
        default="/health", description="Answers 200 while the pod can serve; asked by Kubernetes and the load balancer."
    )
    liveness_path: HttpPath | None = Field(
        default=None,
        description="Answers while the pod is worth keeping, whatever the database does: else a fail-over of that "
        "restarts every pod. If absent, it is enough that the port is open.",
    )
    public_path: HttpPath | None = Field(
        default=None,
        description="Asked for at the domain, from all over the world: what does not answer is down. Better one that "
        "reads what customers read. If absent, the service's first route.",
    )
    startup_seconds: Startup | None = Field(
        default=None,
        description="How long a slow starter may take before it is restarted. If absent, a pod is asked for life after "
        "30 seconds, and restarted when it has failed three times in the next 20.",
    )


class ResourcesConfig(Section):
    """What each pod is promised, which scaling and the choice of nodes go by, and what it may have at most."""

    cpu_request_millicores: Millicores = Field(default=250, description="CPU that is kept for each pod.")
    cpu_limit_millicores: Millicores = Field(default=500, description="CPU at which it is slowed down.")
    memory_request_mib: Mib = Field(default=256, description="Memory that is kept for each pod.")
    memory_limit_mib: Mib = Field(default=256, description="Memory at which it is killed.")


class ScalingConfig(Section):
    """How many pods there are."""

    min_pods: Pods = Field(default=3, description="Pods that there always are.")
    max_pods: Pods = Field(default=50, description="Pods that there are at most.")
    cpu_percent: Percent = Field(default=70, description="Of the CPU requested: above it, pods are added.")
    memory_percent: Percent = Field(default=80, description="Of the memory requested: above it, pods are added.")
    max_surge: Surge = Field(
        default=1, description="Pods beside the old ones while a release rolls: the more, the faster. None goes before."
    )
    max_unavailable_percent: Unavailable = Field(
        default=25, description="Pods that may be taken away at once when nodes are emptied, rounded up."
    )


def uses_data(reaches: Collection[str | None]) -> bool:
    """Whether a service that reaches these is told where the data are, and the passwords."""
    return "database" in reaches or "redis" in reaches


class ServiceConfig(Section):
    """One service: an image of the repository that has its name, answering HTTP."""

    release: Release | None = Field(
        default=None,
        description="Tag or digest of its image. While it is absent, a small page stands in that answers everything.",
    )
    port: Port = Field(description="Where the container answers HTTP; below 1024 needs no root here.")
    metrics_port: Port | None = Field(default=None, description="Where Prometheus finds its metrics, if it has any.")
    routes: tuple[Route, ...] = Field(
        default=(), description="Paths that the load balancer sends it, with all below them; none keep it inside."
    )
    sticky: Flag = Field(
        default=False,
        description="The load balancer keeps a customer at one pod by a cookie, for an hour; not for APIs.",
    )
    reaches: tuple[Reached, ...] = Field(
        default=(), description="Services it calls, and database, redis, identity. It reaches nothing else."
    )
    variables: Mapping[Variable, Text] = Field(
        default={},
        json_schema_extra=NO_OTHER_KEYS,
        description="Environment variables that are no secret. A change of one rolls the pods.",
    )
    health: HealthConfig = Field(
        default=HealthConfig(), description="How it is known that a pod serves, and that it will never serve again."
    )
    resources: ResourcesConfig = Field(
        default=ResourcesConfig(), description="What each pod is promised, and what it may have at most."
    )
    scaling: ScalingConfig = Field(default=ScalingConfig(), description="How many pods there are.")
    spot: Flag = Field(default=False, description="Pods may run on spot nodes, which AWS takes back within 2 minutes.")
    user_id: Uid = Field(default=1000, description="The user inside the container; never root.")
    writable_paths: tuple[Path, ...] = Field(
        default=("/tmp",),  # noqa: S108
        description="Folders of the container that can be written, and are empty at its start.",
    )
