"""Inputs that are objects of objects, and lists that CloudFront counts: to a call and back from its reply."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.shapes import Shape, inward, member_of, outward, spelt
from sandbox.providers.properties import Props
from sandbox.providers.provider import ResourceError

COUNTED = {"Quantity", "Items"}
Renamed = Mapping[str, str]
"""By structure and property (``Origin.originId``), the member that has another name."""


def to_call(shape: Shape, value: Any, renamed: Renamed) -> Any:
    """A property's value as a call takes it, at any depth. Raise ResourceError for what would be left out."""
    if shape.type_name == "list":
        return [to_call(shape.member, item, renamed) for item in value]
    if shape.type_name != "structure":
        return str(value) if shape.type_name == "string" and isinstance(value, int) else outward(shape, value)
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        if not shape.members.keys() >= COUNTED:
            raise ResourceError(f"the sandbox does not handle a list of {shape.name} yet")
        return {"Quantity": len(items), "Items": to_call(shape.members["Items"], items, renamed)}
    found: dict[str, Any] = {}
    for name, part in value.items():
        member = renamed.get(f"{shape.name}.{name}") or member_of(shape.members, name)
        if not member:
            raise ResourceError(f'An argument named "{name}" is not expected here: {shape.name} has none.')
        if part not in (None, ""):
            found[member] = to_call(shape.members[member], part, renamed)
    return found


def from_reply(shape: Shape, value: Any, renamed: Renamed) -> Any:
    """A reply's value as a program sees it, at any depth, without what says nothing."""
    if shape.type_name == "list":
        return [from_reply(shape.member, item, renamed) for item in value]
    if shape.type_name != "structure":
        return inward(shape, value)
    if shape.members.keys() == COUNTED:
        return from_reply(shape.members["Items"], value.get("Items", []), renamed)
    start = f"{shape.name}."
    names = {member: name.removeprefix(start) for name, member in renamed.items() if name.startswith(start)}
    told = {
        names.get(member) or spelled(member): from_reply(shape.members[member], part, renamed)
        for member, part in value.items()
        if member in shape.members
    }
    return {name: part for name, part in told.items() if part is not None and part not in ("", [])}


def spelled(member: str) -> str:
    """``IsIPV6Enabled`` as a program spells it: ``isIpv6Enabled``."""
    return re.sub("(?<=[a-z0-9])[A-Z]+(?![a-z])", lambda letters: letters[0].capitalize(), spelt(member))


def as_asked(found: Any, asked: Any) -> Any:
    """What AWS has, and of what it says nothing whatever the program gives that asks for nothing: ``[]``, ``False``."""
    if isinstance(found, dict) and isinstance(asked, dict):
        told: Props = {**found}
        given: Props = {**asked}
        silent = {name: value for name, value in given.items() if name not in told and not value}
        return {**silent, **{name: as_asked(value, given.get(name)) for name, value in told.items()}}
    if isinstance(found, list) and isinstance(asked, list):
        ones: list[Any] = [*found]
        others: list[Any] = [*asked]
        if len(ones) == len(others):
            return [as_asked(one, other) for one, other in zip(ones, others, strict=True)]
        return ones
    return found  # pyright: ignore[reportUnknownVariableType]
