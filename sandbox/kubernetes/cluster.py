"""The cluster a kubeconfig points at, and everything that stands in it."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from sandbox.aws.store import Store
from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.provider import ResourceError

DELETE_UNREACHABLE = "PULUMI_K8S_DELETE_UNREACHABLE"
SECTION = "kubernetes"
NEWEST = ""
"""The version of a cluster that does not say its own."""
FIRST_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


class Key(NamedTuple):
    """What tells objects of one cluster apart; ``namespace`` is empty for what lives in none."""

    group: str
    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster as AWS has it. ``identity`` differs from that of a later cluster at the same address."""

    version: str = NEWEST
    region: str = "us-east-1"
    identity: str = ""


Clusters = Callable[[str], Cluster | None]
"""From the address of an API server to the cluster behind it, or None if there is none."""


@dataclass(kw_only=True)
class Contents:
    """What stands in a cluster. Change it only under the store's lock."""

    identity: str
    objects: dict[Key, Props] = field(default_factory=dict[Key, Props])
    releases: dict[tuple[str, str], Props] = field(default_factory=dict[tuple[str, str], Props])
    """Helm releases as their state, by namespace and name."""
    held: set[Key] = field(default_factory=set[Key])
    """Objects that stay until a controller that runs in the cluster lets go of them."""
    revision: int = 0

    def next_revision(self) -> int:
        self.revision += 1
        return self.revision

    def of_kind(self, group: str, kind: str) -> Iterator[Props]:
        return (item for key, item in self.objects.items() if (key.group, key.kind) == (group, kind))

    def has_namespace(self, name: str) -> bool:
        return Key("", "Namespace", "", name) in self.objects

    def has_chart(self, chart: str) -> bool:
        return any(release["status"]["chart"] == chart for release in self.releases.values())


@dataclass(frozen=True, kw_only=True)
class Session:
    """A cluster that answers."""

    cluster: Cluster
    contents: Contents


def everywhere(url: str) -> Cluster:
    """At every address there is a cluster of the newest version."""
    return Cluster(identity=url)


def server(config: Mapping[str, Any]) -> str | None:
    """The address in a provider's kubeconfig; None if it is not known yet. Raises ResourceError if there is none."""
    cluster = active(config)
    return cluster["server"] if cluster else None


def active(config: Mapping[str, Any]) -> dict[str, Any] | None:
    """The cluster that a provider's kubeconfig means, as it stands there; None if it is not known yet."""
    given = config.get("kubeconfig", "")
    if given == UNKNOWN:
        return None
    if not given:
        raise ResourceError(
            "the provider has no kubeconfig: the sandbox never looks at the one of this machine, "
            "so give the provider the cluster's"
        )
    try:
        kubeconfig: Any = yaml.safe_load(given) if isinstance(given, str) else given
        context = config.get("context") or kubeconfig.get("current-context")
        by_name = {item["name"]: item["context"] for item in kubeconfig["contexts"]}
        name = config.get("cluster") or by_name[context]["cluster"]
        found = next(item["cluster"] for item in kubeconfig["clusters"] if item["name"] == name)
        return {**found, "server": found["server"]}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, StopIteration):
        raise ResourceError(
            "invalid kubeconfig: allowed is the text of one, JSON or YAML, whose current-context names a context, "
            "and that a cluster with a server"
        ) from None


class UnreachableError(ResourceError):
    """Nothing answers at the address of the provider's kubeconfig."""


def forgets_unreachable(config: Mapping[str, Any]) -> bool:
    """Whether what was in a cluster that does not answer counts as deleted: the user has said that it is gone."""
    return str(config.get("deleteUnreachable", os.environ.get(DELETE_UNREACHABLE, ""))).lower() == "true"


class Directory:
    """Opens clusters; each remembers what stands in it for as long as it is the same cluster."""

    def __init__(self, store: Store, clusters: Clusters) -> None:
        self._store = store
        self._clusters = clusters

    def find(self, config: Mapping[str, Any]) -> Session | None:
        """None if the address is not known yet, or nothing answers there."""
        url = server(config)
        cluster = self._clusters(url) if url else None
        return Session(cluster=cluster, contents=self._contents(url, cluster.identity)) if url and cluster else None

    def reach(self, config: Mapping[str, Any]) -> Session:
        """Raises ResourceError if nothing answers."""
        session = self.find(config)
        if session is None:
            raise UnreachableError(
                f"configured Kubernetes cluster is unreachable: no cluster answers at {server(config)}. What lives in "
                "a cluster is made after it and deleted before it: give the provider the kubeconfig of the cluster. "
                "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation "
                f'with the {DELETE_UNREACHABLE} environment variable set to "true"'
            )
        return session

    def contents(self, url: str) -> Contents:
        cluster = self._clusters(url)
        return self._contents(url, cluster.identity if cluster else "")

    def _contents(self, url: str, identity: str) -> Contents:
        with self._store.lock:
            known = self._store.section(SECTION)
            if url not in known or known[url].identity != identity:
                known[url] = _new(identity)
            return known[url]


def _new(identity: str) -> Contents:
    contents = Contents(identity=identity)
    for name in FIRST_NAMESPACES:
        labels = {"kubernetes.io/metadata.name": name}
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        contents.objects[Key("", "Namespace", "", name)] = namespace
    return contents
