"""The asynchronous main on the real engine: what the SDK has to wait for grows no faster than the resources.

Counted, not timed: after the program the SDK waits for its outputs, each time over all that are left.
"""

import asyncio
from collections.abc import Callable

import pulumi
import pulumi_random as random
import pytest

from dhakacart_infra.foundation import program

pytestmark = pytest.mark.exhaustive  # a quarter of a minute

FEW, MANY = 15, 120


class Waits:
    """Counts the tasks handed to asyncio.wait, over which the SDK's final wait is quadratic."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tasks = 0
        self._wait = asyncio.wait
        monkeypatch.setattr(asyncio, "wait", self._count)

    async def _count(self, tasks, **options):
        self.tasks += len(tasks)
        return await self._wait(tasks, **options)


def ids(count: int) -> dict[str, pulumi.Input[object]]:
    options = pulumi.ResourceOptions(provider=random.Provider("random"))
    for number in range(count):
        random.RandomId(f"id-{number}", byte_length=4, opts=options)
    return {}


@pytest.fixture
def waited_for(project, monkeypatch) -> Callable[[Callable[[], object]], int]:
    """How many tasks the SDK waited over while a program was previewed."""

    def count(main: Callable[[], object]) -> int:
        waits = Waits(monkeypatch)
        with project.sandbox(program=main) as sandbox:
            sandbox.stack("staging").preview()
        return waits.tasks

    return count


def test_the_sdk_has_little_to_wait_for(waited_for):
    few, many = (waited_for(lambda count=count: program.run(lambda: ids(count))) for count in (FEW, MANY))
    assert many <= MANY / FEW * max(few, FEW)


def test_after_a_synchronous_program_it_waits_over_everything_again_and_again(waited_for):
    def synchronous() -> None:
        ids(MANY)

    waited = waited_for(synchronous)
    assert waited > MANY / FEW * MANY, "the SDK has been repaired: foundation/program.py can go"
