"""The whole program on mocked providers: what it registers, in a second and without an engine."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks


@dataclass
class Registered:
    """One resource as the program asked for it."""

    type: str
    name: str
    inputs: dict[str, Any]


@dataclass
class Recorder(mocks.Mocks):
    """Answers every registration with its inputs and an id that tells its name."""

    resources: list[Registered] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.resources.append(Registered(type=args.typ, name=args.name, inputs=dict(args.inputs)))
        return f"{args.name}-id", {**args.inputs, "arn": f"arn:of:{args.name}"}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        self.calls.append(args.token)
        return {}

    def of(self, type_: str) -> dict[str, dict[str, Any]]:
        """Inputs by name, of all resources of a type."""
        return {resource.name: resource.inputs for resource in self.resources if resource.type == type_}


def record(build: Callable[[], object], *, stack: str = "staging") -> Recorder:
    """Everything ``build`` registers; returns once it has all landed, so that absence can be asserted too."""
    recorder = Recorder()
    mocks.set_mocks(recorder, project="dhakacart", stack=stack, preview=False)

    @pulumi.runtime.test
    def run() -> None:
        build()

    run()
    return recorder
