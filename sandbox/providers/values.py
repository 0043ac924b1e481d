"""Values of a component: known or not yet, secret or not, and the resources they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.providers.properties import UNKNOWN, has_unknown

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks an object that stands for something else."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of one
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"


@dataclass(frozen=True)
class Value:
    """``content`` is None if there is none, ``UNKNOWN`` if only an update will tell."""

    content: Any = None
    sources: tuple[str, ...] = ()
    """URNs."""
    secret: bool = False

    @classmethod
    def of(cls, wire: Any, sources: tuple[str, ...]) -> "Value":
        """As the engine sent it. One secret inside makes the whole a secret."""
        content = _plain(wire)
        return cls(content, sources, secret=content != wire)

    def to(self, make: Callable[[Any], Any]) -> "Value":
        """What ``make`` makes of the content: nothing of nothing, and the unknown stays unknown."""
        return self if self.content is None else derived(make, self)

    def or_else(self, default: Any) -> "Value":
        return self if self.content is not None else Value(default, self.sources)

    @property
    def wire(self) -> Any:
        """As the engine wants it."""
        return {SIGNATURE: SECRET, "value": self.content} if self.secret else self.content


def derived(make: Callable[..., Any], *values: Value) -> Value:
    """What ``make`` makes of the contents; unknown as long as one of them is."""
    contents = [value.content for value in values]
    content = UNKNOWN if has_unknown(contents) else make(*contents)
    return Value(content, union(*values), secret=any(value.secret for value in values))


def together(**members: Value) -> Value:
    """An object of those members that have a content. Each may be unknown for itself."""
    given = {name: value.content for name, value in members.items() if value.content is not None}
    return Value(given, union(*members.values()), secret=any(value.secret for value in members.values()))


def union(*values: Value) -> tuple[str, ...]:
    """Where all of them come from."""
    return tuple(dict.fromkeys(source for value in values for source in value.sources))


def reference(urn: str, resource_id: str) -> dict[str, str]:
    return {SIGNATURE: REFERENCE, "urn": urn, "id": resource_id}


def is_reference(content: Any) -> bool:
    return isinstance(content, dict) and (SIGNATURE, REFERENCE) in content.items()  # pyright: ignore[reportUnknownMemberType]


def _plain(wire: Any) -> Any:
    """The value with its secrets uncovered."""
    if isinstance(wire, dict):
        if wire.get(SIGNATURE) == SECRET:  # pyright: ignore[reportUnknownMemberType]
            return _plain(wire["value"])
        return {key: _plain(item) for key, item in wire.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(wire, list):
        return [_plain(item) for item in wire]  # pyright: ignore[reportUnknownVariableType]
    return wire
