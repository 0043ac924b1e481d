"""When another configuration means another cluster: the provider is replaced then, and with it every object.

As pulumi-kubernetes decides in ``DiffConfig`` (provider/pkg/provider/provider.go).
"""

from typing import Any

from sandbox.kubernetes.cluster import active
from sandbox.providers.properties import UNKNOWN, Props

IDENTIFIER = "clusterIdentifier"
PLACES = ("kubeconfig", "context", "cluster")


def replaced_for(old: Props, new: Props) -> tuple[str, ...]:
    """The settings whose change replaces the provider. An identifier that stays is the last word."""
    before, after = old.get(IDENTIFIER), new.get(IDENTIFIER)
    if before is not None and after is not None:
        return (IDENTIFIER,) if before != after else ()
    unknown = tuple(name for name in PLACES if new.get(name) == UNKNOWN)
    if unknown:
        return unknown
    if _differ(active(old), active(new)):
        return tuple(name for name in PLACES if old.get(name) != new.get(name))
    return ()


def _differ(before: Any, after: Any) -> bool:
    return before is not None and after is not None and before != after
