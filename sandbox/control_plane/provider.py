"""The ``kubernetes`` provider before a real API server: checked and compared as before, made and kept there.

Objects are applied on the server's side and waited for, as by pulumi-kubernetes 4. Helm releases stay what they are in
the simulation, but for the kinds that their charts define and the controller that makes load balancers.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from math import inf

from sandbox.aws.store import Store
from sandbox.control_plane.api import ApiError
from sandbox.control_plane.cluster import RealCluster
from sandbox.control_plane.load_balancers import NAME
from sandbox.control_plane.nodes import NODE_POOL
from sandbox.control_plane.waiting import DEFAULT_SECONDS, gone, settled
from sandbox.errors import SandboxError
from sandbox.kubernetes import changes, releases
from sandbox.kubernetes.cluster import Clusters, Key, Session, UnreachableError, forgets_unreachable
from sandbox.kubernetes.objects import key_from_id, kind_of, metadata, name_of, normal, resource_id
from sandbox.kubernetes.plain import map_at
from sandbox.kubernetes.provider import KubernetesProvider, adopted
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call, PartialFailureError, ResourceError


class RealKubernetesProvider(KubernetesProvider):
    """``patience`` is the longest that it waits for anything, whatever the program says; None is as long as that."""

    def __init__(self, store: Store, clusters: Clusters, cluster: RealCluster) -> None:
        super().__init__(store, clusters)
        self.patience: float | None = None
        self._cluster = cluster
        self._prepared, self._preparing = False, threading.Lock()

    def resume(self) -> None:
        """What works only while a command runs works on where the last one left it."""
        for release in self.releases(self._cluster.plane.endpoint):
            if release["status"]["chart"] == NAME:
                self._cluster.load_balancers.install(release["values"])

    def create(self, call: Call, inputs: Props) -> tuple[str, Props]:
        if call.type == releases.TYPE:
            made, state = super().create(call, inputs)
            return made, self._installed(call, made, state)
        session = self._session(call)
        value = normal(inputs)
        kind, key = self._located(session, call, value)
        self._valid(session, kind, value)
        with _answered(value):
            if self._cluster.api.get(kind, key.namespace, key.name):
                raise ResourceError(f'{kind.plural} "{key.name}" already exists in the cluster: it can be imported')
            return self._apply(session, call, key, value)

    def update(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Props:
        if call.type == releases.TYPE:
            return self._installed(call, call.id, super().update(call, state, old_inputs, news))
        session = self._session(call)
        value = normal(news)
        kind, key = self._located(session, call, value)
        self._valid(session, kind, value)
        with _answered(value):
            return self._apply(session, call, key, value)[1]

    def read(self, call: Call, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        if call.type == releases.TYPE:
            return super().read(call, state, inputs)
        session = self._reached(call)
        key = self._key(session, call, inputs or state) if session else None
        standing = self._cluster.api.get(kind_of(call, inputs or state), key.namespace, key.name) if key else None
        if standing is None:
            return None
        standing = _kept(standing)
        return standing, changes.pruned(standing, normal(inputs)) if inputs else adopted(standing)

    def delete(self, call: Call, state: Props) -> None:
        session = self._reached(call)
        if call.type == releases.TYPE:
            if session and map_at(state, "status").get("chart") == NAME:
                self._cluster.load_balancers.uninstall(map_at(state, "values"))
            super().delete(call, state)
            if session:
                self._cluster.define(session.contents)
            return
        key = self._key(session, call, state) if session else None
        if session and key:
            self._remove(session, call, key, state)
        self._store.forget(call.urn, call.id)
        self._store.save()

    def _remove(self, session: Session, call: Call, key: Key, state: Props) -> None:
        kind = kind_of(call, state)
        if kind.kind == "Ingress":
            self._cluster.let_go()
        with _answered(state):
            self._cluster.api.delete(kind, key.namespace, key.name)
            if held := gone(self._cluster.api, kind, key.namespace, key.name, self._seconds(call)):
                raise ResourceError(f"{key.kind} {key.name}: {held}")
        with self._store.lock:
            session.contents.objects.pop(key, None)
        if key[:2] == NODE_POOL:
            self._cluster.nodes().without_pool(key.name)

    def _installed(self, call: Call, made: str, state: Props) -> Props:
        """After a release: its kinds, and its controller if it is the one that is real."""
        session = self._session(call)
        try:
            self._cluster.define(session.contents)
            if state["status"]["chart"] == NAME:
                self._cluster.load_balancers.install(map_at(state, "values"))
        except (ApiError, SandboxError) as error:
            raise PartialFailureError(
                f"Helm release {made} was created but is not working: {error}", made, state
            ) from None
        return state

    def _apply(self, session: Session, call: Call, key: Key, value: Props) -> tuple[str, Props]:
        """Raises PartialFailureError if it then waits in vain for what makes the object useful."""
        api = self._cluster.api
        standing = api.apply(value)
        new_id = resource_id(standing)
        with self._store.lock:
            session.contents.objects[key] = _kept(standing)
            self._store.record(call.urn, new_id)
        if key[:2] == NODE_POOL:
            self._cluster.nodes().of_pool(standing)
        standing, failure = settled(api, standing, self._seconds(call))
        with self._store.lock:
            session.contents.objects[key] = _kept(standing)
        self._store.save()
        if failure:
            raise PartialFailureError(f"{new_id} failed to become live: {failure}", new_id, _kept(standing))
        return new_id, _kept(standing)

    def _session(self, call: Call) -> Session:
        """The cluster, with the nodes that AWS says it has by now."""
        session = self._directory.reach(call.config)
        with self._preparing:
            if not self._prepared:
                self._cluster.nodes().of_groups()
                self._prepared = True
        return session

    def _reached(self, call: Call) -> Session | None:
        """None for a cluster that is gone, and counts as empty. Raises ResourceError if it should answer."""
        try:
            return self._directory.reach(call.config)
        except UnreachableError:
            if forgets_unreachable(call.config):
                return None
            raise

    def _key(self, session: Session, call: Call, value: Props) -> Key | None:
        kind = kind_of(call, value)
        found = self._definitions.find(session, kind)
        return key_from_id(kind, call.id, namespaced=found.namespaced) if found else None

    def _seconds(self, call: Call) -> float:
        return min(call.timeout or DEFAULT_SECONDS, self.patience or inf)


@contextmanager
def _answered(value: Props) -> Generator[None]:
    """What the API server says no to, beside the object that it is about."""
    try:
        yield
    except ApiError as error:
        raise ResourceError(f'{value["kind"]} "{name_of(value)}": {error}') from None


def _kept(standing: Props) -> Props:
    """Without the record of who set which field: the engine's state has no use for it."""
    meta = {name: value for name, value in metadata(standing).items() if name != "managedFields"}
    return {**standing, "metadata": meta}
