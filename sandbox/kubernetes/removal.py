"""Deleting what stands in a cluster, with everything that goes along: a namespace's objects, a definition's kind."""

from collections.abc import Iterable

from sandbox.kubernetes import controllers, definitions
from sandbox.kubernetes.cluster import Contents, Key
from sandbox.providers.provider import ResourceError

IMMORTAL = ("default", "kube-public", "kube-system")


def remove(contents: Contents, keys: Iterable[Key]) -> None:
    """Raises ResourceError, and deletes nothing, if anything of it would never go."""
    going = {found for key in keys for found in (key, *_within(contents, key))}
    for key in sorted(going):
        if reason := controllers.stuck(contents, key, going):
            raise ResourceError(reason)
    for key in going:
        del contents.objects[key]
        contents.held.discard(key)
    for namespace in [key.name for key in going if key[:2] == ("", "Namespace")]:
        gone = [identity for identity in contents.releases if identity[0] == namespace]
        for identity in gone:  # Helm keeps what it knows of a release in a Secret beside it
            del contents.releases[identity]


def _within(contents: Contents, key: Key) -> list[Key]:
    if key[:2] == ("", "Namespace"):
        if key.name in IMMORTAL:
            raise ResourceError(f'namespaces "{key.name}" is forbidden: this namespace may not be deleted')
        return [other for other in contents.objects if other.namespace == key.name]
    if key[:2] == (definitions.GROUP, definitions.KIND):
        kind = definitions.kind_defined(contents.objects[key])
        return [other for other in contents.objects if other[:2] == kind]
    return []
