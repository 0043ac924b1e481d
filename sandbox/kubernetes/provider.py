"""The simulated ``kubernetes`` provider: objects and Helm releases, in the cluster that the kubeconfig points at.

Objects are checked against the schemas of the cluster's version, and refused, replaced and answered as by
pulumi-kubernetes 4 (provider/pkg/provider/provider.go) before an API server. What controllers would make of them is not
simulated, except where a program waits for it: no pods run.
"""

from sandbox.aws.store import Store
from sandbox.kubernetes import changes, controllers, immutable, live, releases, rules
from sandbox.kubernetes.cluster import (
    Clusters,
    Directory,
    Key,
    Session,
    UnreachableError,
    everywhere,
    forgets_unreachable,
    server,
)
from sandbox.kubernetes.definitions import Definitions, Schemas, no_match
from sandbox.kubernetes.identity import replaced_for
from sandbox.kubernetes.objects import (
    Kind,
    is_autonamed,
    key_from_id,
    key_of,
    kind_of,
    metadata,
    name_of,
    normal,
    resource_id,
    with_name,
)
from sandbox.kubernetes.plain import is_map
from sandbox.kubernetes.removal import remove
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call, Difference, Failure, PartialFailureError, Provider, ResourceError


class KubernetesProvider(Provider):
    package = "kubernetes"

    def __init__(self, store: Store, clusters: Clusters = everywhere, schemas: Schemas | None = None) -> None:
        """``clusters`` says what stands at an API server's address; ``schemas`` are those of custom resources."""
        self._store = store
        self._directory = Directory(store, clusters)
        self._definitions = Definitions(schemas or {})

    def configure(self, config: Props) -> None:
        """A provider without a kubeconfig is accepted, as it may never be used."""
        if config.get("kubeconfig"):
            server(config)

    def objects(self, url: str) -> list[Props]:
        """Everything that stands in the cluster at an address."""
        return list(self._directory.contents(url).objects.values())

    def resume(self) -> None:
        """Go on with what the last command left to do: here nothing happens between commands."""

    def releases(self, url: str) -> list[Props]:
        return list(self._directory.contents(url).releases.values())

    def check(self, call: Call, news: Props, olds: Props, seed: bytes) -> tuple[Props, list[Failure]]:
        if call.type == releases.TYPE:
            return releases.check(call, news, olds, seed)
        kind = kind_of(call, news)
        inputs = with_name(call, news, olds, seed)
        session = self._directory.find(call.config) if call.config.get("kubeconfig") else None
        if call.config.get("namespace") and not metadata(inputs).get("namespace") and self._namespaced(session, kind):
            inputs = {**inputs, "metadata": {**metadata(inputs), "namespace": call.config["namespace"]}}
        value = normal(inputs)
        return inputs, [*self._definitions.refusals(session, kind, value), *rules.failures(kind, value)]

    def diff(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Difference:
        if call.type == releases.TYPE:
            return releases.diff(old_inputs, news)
        kind = kind_of(call, news)
        old, new = normal(old_inputs), normal(news)
        found = changes.difference(_placed(old), _placed(new), immutable.replaced(kind, new, call.config))
        same_place = resource_id(_placed(old)) == resource_id(_placed(new))
        in_its_way = bool(found.replaces) and same_place and not is_autonamed(new)
        return Difference(changed=found.changed, replaces=found.replaces, delete_before_replace=in_its_way)

    def previewed(self, call: Call, state: Props, news: Props) -> Props:
        """What the API server would refuse to change it refuses in the preview already, which is a dry run."""
        if state and call.type != releases.TYPE:
            _changeable(normal(state), normal(news))
        return super().previewed(call, state, news)

    def create(self, call: Call, inputs: Props) -> tuple[str, Props]:
        session = self._directory.reach(call.config)
        try:
            with self._store.lock:
                if call.type == releases.TYPE:
                    new_id, state = releases.create(session, inputs)
                else:
                    new_id, state = self._create(session, call, inputs)
                self._store.record(call.urn, new_id)
            return new_id, state
        except PartialFailureError as failure:
            self._store.record(call.urn, failure.resource_id)
            raise
        finally:
            self._store.save()

    def diff_config(self, old: Props, new: Props) -> tuple[str, ...]:
        return replaced_for(old, new)

    def read(self, call: Call, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        try:
            session = self._directory.reach(call.config)
        except UnreachableError:
            if forgets_unreachable(call.config):
                return None
            raise
        with self._store.lock:
            if call.type == releases.TYPE:
                return releases.read(session, call.id, inputs)
            kind = kind_of(call, inputs or state)
            found = self._definitions.find(session, kind)
            key = key_from_id(kind, call.id, namespaced=found.namespaced) if found else None
            standing = session.contents.objects.get(key) if key else None
        if standing is None:
            return None
        return standing, changes.pruned(standing, normal(inputs)) if inputs else adopted(standing)

    def update(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Props:
        session = self._directory.reach(call.config)
        try:
            with self._store.lock:
                if call.type == releases.TYPE:
                    return releases.update(session, call.id, news)
                return self._update(session, call, old_inputs, news)
        finally:
            self._store.save()

    def delete(self, call: Call, state: Props) -> None:
        try:
            session = self._directory.reach(call.config)
        except UnreachableError:
            if forgets_unreachable(call.config):
                self._store.forget(call.urn, call.id)
                self._store.save()
                return
            raise
        try:
            with self._store.lock:
                if call.type == releases.TYPE:
                    releases.delete(session, call.id)
                else:
                    self._delete(session, call, state)
                self._store.forget(call.urn, call.id)
        finally:
            self._store.save()

    def _namespaced(self, session: Session | None, kind: Kind) -> bool:
        """A kind that is not known yet is taken for one that lives in namespaces."""
        found = self._definitions.find(session, kind)
        return found is None or found.namespaced

    def _located(self, session: Session, call: Call, value: Props) -> tuple[Kind, Key]:
        kind = kind_of(call, value)
        found = self._definitions.find(session, kind)
        if found is None:
            raise ResourceError(
                f"{call.type} {call.name} failed because the Kubernetes API server reported that the apiVersion for "
                f"this resource does not exist. Verify that any required CRDs have been created: {no_match(kind)}"
            )
        return kind, key_of(kind, value, namespaced=found.namespaced)

    def _valid(self, session: Session, kind: Kind, value: Props) -> None:
        """Once more, now that every value is known and what defines the kind is there."""
        if wrong := [*self._definitions.refusals(session, kind, value), *rules.failures(kind, value)]:
            reasons = "; ".join(failure.reason for failure in wrong)
            raise ResourceError(f'{kind.kind} "{name_of(value)}" is invalid: {reasons}')

    def _create(self, session: Session, call: Call, inputs: Props) -> tuple[str, Props]:
        value = normal(inputs)
        kind, key = self._located(session, call, value)
        self._valid(session, kind, value)
        if key.namespace and not session.contents.has_namespace(key.namespace):
            raise ResourceError(
                f'creating {kind.kind} "{key.name}": namespaces "{key.namespace}" not found: make the Namespace first, '
                "and let what lives in it depend on it"
            )
        if key in session.contents.objects:
            raise ResourceError(f'{kind.plural} "{key.name}" already exists in the cluster: it can be imported')
        return self._stand(session, key, live.born(session, key, value))

    def _update(self, session: Session, call: Call, old_inputs: Props, news: Props) -> Props:
        old, new = normal(old_inputs), normal(news)
        kind, key = self._located(session, call, new)
        self._valid(session, kind, new)
        if key not in session.contents.objects:
            raise ResourceError(f'{kind.plural} "{key.name}" not found: refresh, so that it is made anew')
        _changeable(old, new)
        return self._stand(session, key, live.changed(session, session.contents.objects[key], old, new))[1]

    def _stand(self, session: Session, key: Key, value: Props) -> tuple[str, Props]:
        """Put the object there. Raises PartialFailureError if it then waits in vain for what makes it useful."""
        session.contents.objects[key] = value
        value = session.contents.objects[key] = live.settled(session, key, value)
        new_id = resource_id(value)
        if controllers.needs_address(key, value) and not value.get("status"):
            raise PartialFailureError(controllers.without_address(key, value), new_id, value)
        return new_id, value

    def _delete(self, session: Session, call: Call, state: Props) -> None:
        """What is not there, or whose definition is gone, is deleted."""
        kind = kind_of(call, state)
        found = self._definitions.find(session, kind)
        key = key_from_id(kind, call.id, namespaced=found.namespaced) if found else None
        if key and key in session.contents.objects:
            remove(session.contents, [key])


def _placed(value: Props) -> Props:
    """The object with its namespace: leaving it out means the default one."""
    known = is_map(value.get("metadata", {}))
    return {**value, "metadata": {"namespace": "default", **metadata(value)}} if known else value


def adopted(standing: Props) -> Props:
    """The inputs that would make what stands."""
    meta = {name: value for name, value in metadata(standing).items() if name not in live.SERVER_OWNED}
    return {name: value for name, value in standing.items() if name != "status"} | {"metadata": meta}


def _changeable(old: Props, new: Props) -> None:
    if wrong := immutable.refusals(old, new):
        raise ResourceError(f'{new["kind"]} "{name_of(new)}" is invalid: {"; ".join(wrong)}')
