"""The ``random`` provider through the real engine, by a program of a few lines."""

import string
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_random as random
import pytest
from pulumi import automation

from sandbox.providers.provider import Call
from sandbox.providers.random import RandomProvider
from sandbox.session import Sandbox
from tests.support.project import Project

PASSWORD = Call(type="random:index/randomPassword:RandomPassword", urn="", name="password", config={})
SUM = "min_upper + min_lower + min_numeric + min_special"
SPECIAL = "_-"
POLICY = {"length": 12, "min_upper": 2, "min_numeric": 3, "min_special": 1, "override_special": SPECIAL}


class Passwords:
    """A stack with one password, asked for in whatever way a test likes."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._wanted: Mapping[str, Any] = {}

    def up(self, **wanted: Any) -> automation.UpResult:
        self._wanted = wanted
        with self._project.sandbox(program=self._program) as sandbox:
            stack = _stack(sandbox)
            done = stack.up()
            done.outputs = automation.LocalWorkspace.stack_outputs(stack.workspace, stack.name)
            return done

    def replaced(self, **wanted: Any) -> set[str]:
        """The names of what a preview would replace."""
        self._wanted, steps = wanted, list[automation.StepEventMetadata]()

        def note(event: automation.EngineEvent) -> None:
            if event.resource_pre_event:
                steps.append(event.resource_pre_event.metadata)

        with self._project.sandbox(program=self._program) as sandbox:
            _stack(sandbox).preview(on_event=note)
        return {step.urn.split("::")[-1] for step in steps if step.op.value == "replace"}

    def _program(self) -> None:
        options = pulumi.ResourceOptions(provider=random.Provider("random"))
        password = random.RandomPassword("password", **self._wanted, opts=options)
        pulumi.export("password", password.result)


def _stack(sandbox: Sandbox) -> automation.Stack:
    return sandbox.stack("staging")


@pytest.fixture(scope="module")
def passwords(tmp_path_factory) -> Passwords:
    return Passwords(Project(tmp_path_factory.mktemp("random") / "project"))


@pytest.fixture(scope="module")
def made(passwords) -> automation.UpResult:
    return passwords.up(**POLICY)


@pytest.mark.exhaustive
@pytest.mark.xdist_group("random")
def test_a_password_has_the_length_and_the_letters_that_were_asked_for(made):
    text = made.outputs["password"].value
    assert len(text) == 12
    assert set(text) <= set(string.ascii_letters + string.digits + SPECIAL)
    assert sum(letter in string.ascii_uppercase for letter in text) >= 2
    assert sum(letter in string.digits for letter in text) >= 3
    assert sum(letter in SPECIAL for letter in text) >= 1


@pytest.mark.exhaustive
@pytest.mark.xdist_group("random")
def test_a_password_is_a_secret_in_outputs_and_shown_nowhere(made):
    assert made.outputs["password"].secret
    assert made.outputs["password"].value not in made.stdout


@pytest.mark.exhaustive
@pytest.mark.xdist_group("random")
def test_a_password_stays_the_same_until_something_it_depends_on_changes(passwords, made):
    again = passwords.up(**POLICY)
    assert again.outputs["password"].value == made.outputs["password"].value
    assert set(again.summary.resource_changes) == {"same"}
    assert passwords.replaced(**POLICY, keepers={"rotated": "2026-01"}) == {"password"}


@pytest.mark.exhaustive
@pytest.mark.xdist_group("random")
def test_a_length_that_cannot_be_is_refused_by_a_preview_in_the_providers_words(passwords):
    with pytest.raises(automation.CommandError) as refused:
        passwords.replaced(length=0)
    assert "Attribute length value must be at least 1, got: 0" in str(refused.value)


@pytest.mark.parametrize(
    ("inputs", "refusal"),
    [
        ({"length": 3, "minUpper": 2, "minLower": 2}, f"Attribute length value must be at least sum of {SUM}, got: 3"),
        ({"length": 3, "number": True, "numeric": False}, "Number and numeric are both configured with different"),
        ({}, 'The argument "length" is required'),
        ({"length": 3, "lenght": 4}, 'An argument named "lenght" is not expected here.'),
    ],
)
def test_what_the_real_provider_refuses_is_refused(inputs, refusal):
    _, failures = RandomProvider().check(PASSWORD, inputs, {}, b"")
    (failure,) = failures
    assert refusal in failure.reason


def test_digits_are_left_out_by_the_old_name_of_their_switch_too():
    inputs = {"length": 200, "number": False}
    _, made = RandomProvider().create(PASSWORD, RandomProvider().check(PASSWORD, inputs, {}, b"")[0])
    assert set(made["result"]).isdisjoint(string.digits)
    assert made["numeric"] is False


def test_a_minimum_holds_for_letters_that_are_switched_off_as_in_the_real_provider():
    inputs = {"length": 5, "upper": False, "minUpper": 5}
    _, made = RandomProvider().create(PASSWORD, inputs)
    assert set(made["result"]) <= set(string.ascii_uppercase)
