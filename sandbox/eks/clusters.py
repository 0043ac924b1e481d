"""The clusters that stand, as seen from a kubeconfig."""

from typing import TYPE_CHECKING, Any

from sandbox.aws.gateway import Gateway
from sandbox.kubernetes.cluster import Cluster

if TYPE_CHECKING:
    from sandbox.aws.record import Place


def find(gateway: Gateway, url: str) -> Cluster | None:
    """The cluster whose API server is at ``url``."""
    found = behind(gateway, url)
    if found is None:
        return None
    place, cluster = found
    if gateway.faults.is_late("access", cluster["name"]):
        return None  # a 401: pulumi-kubernetes calls a cluster unreachable whose schema it may not read
    identity = f"{cluster['arn']}@{cluster['createdAt'].isoformat()}"
    return Cluster(version=cluster["version"], region=place.region, identity=identity)


def behind(gateway: Gateway, url: str) -> "tuple[Place, dict[str, Any]] | None":
    """EKS as it is where that cluster stands, and the cluster: the newest, should several say that a given server is
    theirs.

    It is looked for behind AWS's back, so that no call is counted and no fault is met.
    """
    gateway.wake()
    from moto.backends import get_backend  # noqa: PLC0415 - moto is loaded once it is needed

    from sandbox.aws.eks.common_recorded import CLUSTERS  # noqa: PLC0415
    from sandbox.aws.record import Place  # noqa: PLC0415

    accounts: Any = get_backend("eks")  # pyright: ignore[reportUnknownVariableType] - an overload for each service
    with gateway.lock:
        places = [Place("eks", account, region) for account, regions in accounts.items() for region in regions]
        standing = [(place, cluster) for place in places for cluster in place.shelf(CLUSTERS).values()]
        here = [(place, cluster) for place, cluster in standing if url == _address(gateway, cluster)]
    return max(here, key=lambda found: found[1]["createdAt"]) if here else None


def _address(gateway: Gateway, cluster: dict[str, Any]) -> str:
    return gateway.kube.endpoint if gateway.kube else cluster["endpoint"]
