"""What objects inside the cluster have in common."""

from typing import Protocol

import pulumi
import pulumi_kubernetes as k8s


class Named(Protocol):
    """An object of any kind."""

    @property
    def metadata(self) -> pulumi.Output[k8s.meta.v1.outputs.ObjectMeta]: ...


def name_of(made: Named, name: str) -> pulumi.Output[str]:
    """The object's name, once it is there: the SDK has it as one that may be missing."""
    return made.metadata.apply(lambda metadata: metadata.name or name)
