"""A program on mocked providers, written down as the registrations it makes and the edges between them.

Every text that a resource puts out is answered with a marker that tells whose it is and which; where a marker turns up
in another resource's inputs, whole or inside a longer text, there is an edge.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast, get_args

import pulumi
from pulumi.runtime import mocks

from dhakacart_infra.foundation.program import Outputs

MARKER = re.compile(r"<<(\d+)\.(\w+)>>")
TEXT = ((str,), (str | None,))
COMPONENT = "pulumi.ComponentResource"
OPTIONS = ("parent", "provider", "providers", "depends_on", "protect", "ignore_changes")
SET_BY_THE_CLASS = ("additional_secret_outputs", "aliases", "hooks", "plugin_download_url", "version")


@dataclass(frozen=True)
class Reference:
    """Another resource (by its number), or one of its outputs."""

    number: int
    attribute: str = ""


@dataclass(frozen=True)
class Joined:
    """Text with outputs of other resources in it."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True)
class Secret:
    value: Any


@dataclass(frozen=True)
class After:
    """A value that is computed from outputs of ``resources`` in a way that leaves no marker in it."""

    value: Any
    resources: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource: how to construct it again. Values may be or contain the classes above."""

    constructor: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Recording:
    resources: Sequence[Registration]
    outputs: Mapping[str, Any]


def record(build: Callable[[], Outputs], *, project: str, stack: str, config: Mapping[str, str]) -> Recording:
    """What ``build`` registers, in the order in which it does."""
    return asyncio.run(_record(build, project, stack, config))


async def _record(build: Callable[[], Outputs], project: str, stack: str, config: Mapping[str, str]) -> Recording:
    noted = _Noted()
    mocks.set_mocks(_Markers(noted), project=project, stack=stack, preview=False)
    pulumi.runtime.set_all_config(dict(config))
    pulumi.runtime.register_stack_transformation(noted.note)
    outputs = build()
    registrations = [await noted.registration(args) for args in noted.made]
    return Recording(resources=registrations, outputs={name: await noted.plain(it) for name, it in outputs.items()})


@dataclass
class _Noted:
    made: list[pulumi.ResourceTransformationArgs] = field(default_factory=list[pulumi.ResourceTransformationArgs])
    numbers: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """By type and logical name, which together are as unique as what the engine calls a resource."""

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        self.numbers[args.type_, args.name] = len(self.made)
        self.made.append(args)

    async def registration(self, args: pulumi.ResourceTransformationArgs) -> Registration:
        given = {name: value for name, value in vars(args.opts).items() if value not in (None, [], {})}
        if unknown := set(given) - {*OPTIONS, *SET_BY_THE_CLASS}:
            raise ValueError(f"{args.name}: options {', '.join(sorted(unknown))} would be lost; add them to OPTIONS")
        inputs = {name: await self.plain(value) for name, value in args.props.items() if value is not None}
        return Registration(
            constructor=_constructor(args.resource),
            type=args.type_,
            name=args.name,
            inputs=inputs,
            options={name: await self.plain(given[name]) for name in OPTIONS if name in given},
        )

    async def plain(self, value: Any) -> Any:
        """``value`` without anything of this run in it."""
        if isinstance(value, pulumi.Output):
            return await self._output(cast("pulumi.Output[Any]", value))
        if isinstance(value, pulumi.Resource):
            return Reference(self._number(value))
        if isinstance(value, str):
            return _text(value)
        fields = _fields(value)
        if fields is not None:
            return {key: await self.plain(item) for key, item in fields.items()}
        if isinstance(value, Sequence):
            return [await self.plain(item) for item in cast("Sequence[Any]", value)]
        return value

    async def _output(self, output: pulumi.Output[Any]) -> Any:
        value = await self.plain(await output.future())
        lost = {self._number(resource) for resource in await output.resources()} - set(_referred(value))
        if lost:
            value = After(value, tuple(sorted(lost)))
        return Secret(value) if await output.is_secret() else value

    def _number(self, resource: pulumi.Resource) -> int:
        return self.numbers[resource.pulumi_resource_type, resource.pulumi_resource_name]


@dataclass
class _Markers(mocks.Mocks):
    noted: _Noted

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        number = self.noted.numbers[args.typ, args.name]
        kind = type(self.noted.made[number].resource)
        marked = {wire: f"<<{number}.{name}>>" for wire, name in _texts(kind)}
        return f"<<{number}.id>>", {**args.inputs, **marked}

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise ValueError(f"the program looks {args.token} up: a preview of it cannot be replayed")


def _texts(kind: type) -> Iterator[tuple[str, str]]:
    """The outputs of a resource class that are text, each by its name in the engine and in Python."""
    for name, attribute in vars(kind).items():
        getter: Any = attribute.fget if isinstance(attribute, property) else None
        if getter and get_args(getter.__annotations__.get("return"))[:1] in TEXT:
            yield getattr(getter, "_pulumi_name", name), name


def _fields(value: Any) -> Mapping[str, Any] | None:
    """What a mapping, or an instance of a provider's input types, holds; None for anything else."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value)
    if hasattr(value, "__dict__"):
        fields = cast("dict[str, Any]", vars(value))
        return {key: item for key, item in fields.items() if item is not None}
    return None


def _constructor(resource: pulumi.Resource) -> str:
    """``pulumi_aws.ec2.Vpc``. A component is registered as nothing more than that."""
    if isinstance(resource, pulumi.ComponentResource):
        return COMPONENT
    kind = type(resource)
    return f"{kind.__module__.rpartition('.')[0]}.{kind.__name__}"


def _text(value: str) -> Any:
    parts = _parts(value)
    if len(parts) == 1:
        return parts[0]
    return Joined(parts) if parts else ""


def _parts(value: str) -> tuple[str | Reference, ...]:
    found: list[str | Reference] = []
    end = 0
    for match in MARKER.finditer(value):
        found += [value[end : match.start()], Reference(int(match[1]), match[2])]
        end = match.end()
    return tuple(part for part in (*found, value[end:]) if part != "")


def _referred(value: Any) -> Iterator[int]:
    """The numbers of the resources that a value of a recording depends on."""
    match value:
        case Reference():
            yield value.number
        case Joined():
            yield from (part.number for part in value.parts if isinstance(part, Reference))
        case After():
            yield from value.resources
            yield from _referred(value.value)
        case Secret():
            yield from _referred(value.value)
        case dict():
            yield from _referred([*cast("dict[str, Any]", value).values()])
        case list():
            for item in cast("list[Any]", value):
                yield from _referred(item)
        case _:
            pass
