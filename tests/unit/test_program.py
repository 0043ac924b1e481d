"""The asynchronous main: nothing that it makes is left behind, and its errors are its own."""

import asyncio
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import mocks, run_in_stack, settings

from dhakacart_infra.foundation import program
from tests.support.recorder import Recorder, record


def run(main: Callable[[], object]) -> Recorder:
    """``main`` as an engine would run it, on mocked providers."""
    recorder = Recorder()
    mocks.set_mocks(recorder, project="dhakacart", stack="test", preview=False)
    settings.set_root_resource(None)
    asyncio.get_event_loop().run_until_complete(run_in_stack(main))
    return recorder


def groups(count: int) -> dict[str, pulumi.Output[str]]:
    """A chain of resources, each of which needs the one before."""
    arn: pulumi.Input[str] = "first"
    for number in range(count):
        arn = aws.cloudwatch.LogGroup(f"group-{number}", kms_key_id=arn).arn
    return {"last": pulumi.Output.from_input(arn)}


def test_every_resource_is_registered_when_main_is_done():
    assert len(run(lambda: program.run(lambda: groups(30))).of("aws:cloudwatch/logGroup:LogGroup")) == 30


def test_what_is_made_while_waiting_is_waited_for_too():
    def late():
        first = aws.cloudwatch.LogGroup("first")
        first.arn.apply(lambda arn: aws.cloudwatch.LogGroup("late", kms_key_id=arn))
        return {}

    assert set(run(lambda: program.run(late)).of("aws:cloudwatch/logGroup:LogGroup")) == {"first", "late"}


def test_a_failing_program_fails_with_its_own_error():
    def fail():
        raise pulumi.RunError("a stack file is wrong")

    with pytest.raises(pulumi.RunError, match="a stack file is wrong"):
        run(lambda: program.run(fail))


def test_a_recording_does_not_build_on_a_stack_that_another_test_left_half_registered():
    settings.set_root_resource(None)
    mocks.set_mocks(Recorder())  # registers a stack, which nobody waits for
    assert record(lambda: aws.cloudwatch.LogGroup("group")).of("aws:cloudwatch/logGroup:LogGroup")
