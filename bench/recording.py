"""A program on mocked providers, written down as the registrations it makes and the edges between them."""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func

from bench.answers import Answers, Made
from bench.values import After, Built, Function, Secret, from_text, referred
from dhakacart_infra.foundation.program import Outputs

COMPONENT = "pulumi.ComponentResource"
OPTIONS = (
    *("parent", "provider", "providers", "depends_on", "protect", "ignore_changes", "custom_timeouts"),
    *("delete_before_replace", "transforms"),
)
SET_BY_THE_CLASS = ("additional_secret_outputs", "aliases", "hooks", "plugin_download_url", "version")


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource: how to construct it again. Values may be or contain the classes of ``bench.values``."""

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
    """What ``build`` registers, in the order in which it does. What a remote component makes is the engine's to do."""
    return asyncio.run(_record(build, project, stack, config))


async def _record(build: Callable[[], Outputs], project: str, stack: str, config: Mapping[str, str]) -> Recording:
    made, done = Made(), asyncio.get_running_loop().create_future()
    mocks.set_mocks(Answers(made), project=project, stack=stack, preview=False)
    pulumi.runtime.set_all_config(dict(config))

    async def main() -> None:
        pulumi.runtime.register_stack_transformation(made.note)
        outputs = build()
        registrations = [await _registration(args, made) for args in made.resources]
        done.set_result(Recording(resources=registrations, outputs=await _plain(outputs, made)))

    await run_pulumi_func(main)  # which ends what a program leaves running, such as the server for transforms
    return await done


async def _registration(args: pulumi.ResourceTransformationArgs, made: Made) -> Registration:
    given = {name: value for name, value in vars(args.opts).items() if value not in (None, [], {})}
    if unknown := set(given) - {*OPTIONS, *SET_BY_THE_CLASS}:
        raise ValueError(f"{args.name}: options {', '.join(sorted(unknown))} would be lost; add them to OPTIONS")
    inputs = {name: await _plain(value, made) for name, value in args.props.items() if value is not None}
    return Registration(
        constructor=_constructor(args.resource),
        type=args.type_,
        name=args.name,
        inputs=inputs,
        options={name: await _plain(given[name], made) for name in OPTIONS if name in given},
    )


async def _plain(value: Any, made: Made) -> Any:  # noqa: PLR0911 - one return for each kind of value
    """``value`` without anything of this run in it."""
    if isinstance(value, pulumi.Output):
        return await _output(cast("pulumi.Output[Any]", value), made)
    if isinstance(value, pulumi.Resource):
        return made.reference(value)
    if isinstance(value, str):
        return from_text(value)
    if inspect.isfunction(value):
        return Function.of(value)
    fields = _fields(value)
    if fields is not None:
        plain = {key: await _plain(item, made) for key, item in fields.items()}
        return Built("pulumi.CustomTimeouts", plain) if isinstance(value, pulumi.CustomTimeouts) else plain
    if isinstance(value, Sequence):
        return [await _plain(item, made) for item in cast("Sequence[Any]", value)]
    return value


async def _output(output: pulumi.Output[Any], made: Made) -> Any:
    value = await _plain(await output.future(), made)
    kept = set(referred(value))
    edges = {made.edge(resource) for resource in await output.resources()}
    if lost := sorted(edge for edge in edges if edge.number not in kept):
        value = After(value, tuple(lost))
    return Secret(value) if await output.is_secret() else value


def _fields(value: Any) -> Mapping[str, Any] | None:
    """What a mapping, or an instance of a provider's input types, holds; None for anything else."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value)
    if hasattr(value, "__dict__"):
        fields = cast("dict[str, Any]", vars(value))
        return {key: item for key, item in fields.items() if item is not None}
    return None


def _constructor(resource: pulumi.Resource) -> str:
    """``pulumi_aws.ec2.Vpc``. A component that the program itself builds is registered as nothing more than that."""
    if isinstance(resource, pulumi.ComponentResource) and not resource._remote:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - nothing public tells
        return COMPONENT
    kind = type(resource)
    return f"{kind.__module__.rpartition('.')[0]}.{kind.__name__}"
