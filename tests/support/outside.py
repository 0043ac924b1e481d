"""Deletions past Pulumi, of all that a stack holds: in rounds of what does not depend on each other."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbox.aws.gateway import AwsError
from sandbox.aws.services import TYPES
from sandbox.providers.provider import Call, ResourceError
from sandbox.session import Sandbox

TERMINATING = "Terminating"
"""What Kubernetes says of an object that is to go and is held."""


@dataclass(frozen=True)
class Resource:
    """As the engine's state has it."""

    urn: str
    type: str
    id: str
    outputs: dict[str, Any]
    provider: dict[str, Any]
    """The configuration of its provider."""

    @property
    def name(self) -> str:
        return self.urn.split("::")[-1]


class Standing:
    """What a stack holds, by the engine's state."""

    def __init__(self, sandbox: Sandbox, stack: str = "staging") -> None:
        self._sandbox = sandbox
        exported: list[dict[str, Any]] = (sandbox.stack(stack).export_stack().deployment or {})["resources"]
        self._known = {one["urn"]: one for one in exported}

    @cached_property
    def rounds(self) -> list[list[Resource]]:
        """Every resource once. Those of a round have chains of the same length above them, so none needs another."""
        depths: dict[str, int] = {}
        for urn in self._known:  # the state names what is needed before what needs it
            depths[urn] = 1 + max((depths[needed] for needed in self._needed(urn)), default=0)
        rounds: dict[int, list[Resource]] = defaultdict(list)
        for urn, one in self._known.items():
            if one.get("custom") and not one["type"].startswith(("pulumi:", "random:")):  # which are nowhere else
                provider = self._known[one["provider"].rpartition("::")[0]]
                found = Resource(urn, one["type"], one["id"], one["outputs"], provider.get("inputs", {}))
                rounds[depths[urn]].append(found)
        return [rounds[depth] for depth in sorted(rounds)]

    def _needed(self, urn: str) -> Iterator[str]:
        one = self._known[urn]
        yield from one.get("dependencies", ())
        yield from filter(None, (one.get("parent"), one.get("provider", "").rpartition("::")[0]))

    def delete(self, one: Resource) -> str | None:
        """As somebody with `aws`, `kubectl` or `helm` would; the code of the error if it is kept."""
        try:
            if one.type in TYPES:
                region = self._sandbox.gateway.region(one.provider["region"])
                TYPES[one.type].delete(region, one.id, one.outputs)
            else:
                call = Call(type=one.type, urn=one.urn, name=one.name, config=one.provider, id=one.id)
                self._sandbox.kubernetes.delete(call, one.outputs)
        except AwsError as kept:
            return kept.code
        except ResourceError:
            return TERMINATING
        return None
