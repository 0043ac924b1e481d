"""The asynchronous main: preview time stays linear in the number of resources.

After a synchronous program the SDK waits for its outstanding outputs one by one, each time over all of them, which
is quadratic (figures: docs/benchmark.md). Awaiting every resource inside ``main`` leaves it nothing to wait for. A
stack transformation sees each resource as it is constructed, whoever constructs it, so no component can forget to be
awaited.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pulumi

Outputs = Mapping[str, pulumi.Input[object]]


def run(build: Callable[[], Outputs | Awaitable[Outputs]]) -> None:
    """Run ``build``, wait until everything it made is registered, and export the mapping it returned.

    One that asks the engine for something first is asynchronous.
    """

    async def main() -> Outputs:
        made: list[pulumi.Resource] = []

        def note(args: pulumi.ResourceTransformationArgs) -> None:
            made.append(args.resource)

        pulumi.runtime.register_stack_transformation(note)
        built = build()
        outputs = await built if isinstance(built, Awaitable) else built
        await _registered(made)
        return outputs

    pulumi.run(main)


async def _registered(made: list[pulumi.Resource]) -> None:
    """Wait for all of ``made``, and for what is added to it meanwhile.

    A registration that failed is the SDK's to report: raising it here would leave the others' failures unobserved,
    and the SDK stops the event loop at an unobserved one.
    """
    waited_for = 0
    while waited_for < len(made):
        latest = made[waited_for:]
        waited_for = len(made)
        await asyncio.gather(*(resource.urn.future() for resource in latest), return_exceptions=True)
