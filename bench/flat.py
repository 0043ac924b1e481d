"""A flat program's source: the resources of a recording one after the other, without any code of ours.

Components are registered as bare component resources, so that the engine gets the same resources under the same names
and only what happens in between differs. They register no outputs: that ours do counts as ours.
"""

import json
import textwrap
from collections.abc import Iterator
from enum import Enum
from typing import Any

from bench.recording import COMPONENT, Recording, Registration
from bench.values import code, keywords

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
    lines = [line for number, one in enumerate(recording.resources) for line in _lines(number, one)]
    made = ", ".join(f"r{number}" for number in range(len(recording.resources)))
    head = HEAD.format(imports="\n".join(f"import {package}" for package in sorted(packages)))
    return head + "\n".join(lines) + f"\n    return [{made}], {code(recording.outputs)}\n" + main.value


def _lines(number: int, one: Registration) -> Iterator[str]:
    """The resource, after the functions that it is registered with."""
    for function in one.options.get("transforms", ()):
        yield textwrap.indent(function.source, "    ")
    yield f"    r{number} = {_call(one)}"


def _call(one: Registration) -> str:
    opts = f"pulumi.ResourceOptions({keywords(one.options)})"
    if one.constructor == COMPONENT:
        return f"{COMPONENT}({one.type!r}, {one.name!r}, None, {opts})"
    is_provider = one.type.startswith("pulumi:providers:")
    inputs = {name: _decoded(value) if is_provider else value for name, value in one.inputs.items()}
    return f"{one.constructor}({one.name!r}, opts={opts}, {keywords(inputs)})"


def _decoded(value: Any) -> Any:
    """What a provider's class was given: it turns all that is not text into JSON, and would do it again."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value
