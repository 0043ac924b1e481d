"""A flat program's source: the resources of a recording one after the other, without any code of ours.

Components are registered as bare component resources, so that the engine gets the same resources under the same names
and only what happens in between differs. They register no outputs: that ours do counts as ours.
"""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

from bench.recording import COMPONENT, After, Joined, Recording, Reference, Registration, Secret

HEAD = """\
import asyncio

{imports}


def build():
"""
SYNCHRONOUS = """

for name, value in build()[1].items():
    pulumi.export(name, value)
"""
ASYNCHRONOUS = """

async def main():
    made, outputs = build()
    await asyncio.gather(*(resource.urn.future() for resource in made))
    return outputs


pulumi.run(main)
"""


class Main(Enum):
    """How a flat program ends: the ordinary way, or in the SDK's asynchronous main."""

    SYNCHRONOUS = SYNCHRONOUS
    ASYNCHRONOUS = ASYNCHRONOUS


def source(recording: Recording, main: Main) -> str:
    """A program that registers what ``recording`` holds; running the text is all it takes."""
    packages = {registration.constructor.partition(".")[0] for registration in recording.resources} | {"pulumi"}
    lines = [f"    r{number} = {_call(one)}" for number, one in enumerate(recording.resources)]
    made = ", ".join(f"r{number}" for number in range(len(recording.resources)))
    head = HEAD.format(imports="\n".join(f"import {package}" for package in sorted(packages)))
    return head + "\n".join(lines) + f"\n    return [{made}], {_value(recording.outputs)}\n" + main.value


def _call(one: Registration) -> str:
    opts = f"pulumi.ResourceOptions({_keywords(one.options)})"
    if one.constructor == COMPONENT:
        return f"{COMPONENT}({one.type!r}, {one.name!r}, None, {opts})"
    is_provider = one.type.startswith("pulumi:providers:")
    inputs = {name: _decoded(value) if is_provider else value for name, value in one.inputs.items()}
    return f"{one.constructor}({one.name!r}, opts={opts}, {_keywords(inputs)})"


def _decoded(value: Any) -> Any:
    """What a provider's class was given: it turns all that is not text into JSON, and would do it again."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _keywords(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:  # noqa: PLR0911 - one return for each kind of value
    """The expression that gives ``value`` again."""
    match value:
        case Reference():
            return f"r{value.number}.{value.attribute}" if value.attribute else f"r{value.number}"
        case Joined():
            return f"pulumi.Output.concat({', '.join(map(_value, value.parts))})"
        case Secret():
            return f"pulumi.Output.secret({_value(value.value)})"
        case After():
            edges = ", ".join(f"r{number}.urn" for number in value.resources)
            return f"pulumi.Output.all({edges}).apply(lambda _: {_value(value.value)})"
        case dict():
            fields = cast("dict[str, Any]", value)
            return "{" + ", ".join(f"{key!r}: {_value(item)}" for key, item in fields.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, cast("list[Any]", value))) + "]"
        case str() | bool() | int() | float() | None:
            return repr(value)
        case _:
            raise TypeError(f"{value!r} ({type(value).__name__}) cannot be written into a flat program")
