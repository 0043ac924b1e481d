"""Looking into values that came off the wire."""

from collections.abc import Iterator
from typing import Any, TypeGuard

from sandbox.providers.properties import Props


def is_map(value: Any) -> TypeGuard[Props]:
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def at(value: Any, *names: str) -> Any:
    """What stands below the names, or None if there is no such thing."""
    for name in names:
        value = value.get(name) if is_map(value) else None
    return value


def map_at(value: Any, *names: str) -> Props:
    """The mapping that stands below the names; empty if there is none."""
    found = at(value, *names)
    return found if is_map(found) else {}


def maps_at(value: Any, *names: str) -> Iterator[tuple[str, Props]]:
    """The mappings in the list that stands below the names, each with its path."""
    found = at(value, *names)
    items = enumerate(found) if is_list(found) else ()
    return ((f"{'.'.join(names)}[{index}]", item) for index, item in items if is_map(item))
