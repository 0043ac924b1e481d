"""The component base: what every component gets without asking, and cannot forget."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pytest

from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import record

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")


@dataclass(frozen=True, kw_only=True)
class NoteArgs:
    scope: Scope | None = None


class Note(Component, token="test:index:Note"):
    name: pulumi.Output[str]

    def build(self, args: NoteArgs) -> None:
        self.options = self.child(stateful=True)
        self.plain = self.child()
        self.name = aws.cloudwatch.LogGroup(self.child_name("group"), opts=self.options).name


class Folder(Component, token="test:index:Folder"):
    note: Note

    def build(self, args: NoteArgs) -> None:
        self.note = Note("note", NoteArgs(), self.child())


class Forgetful(Component, token="test:index:Forgetful"):
    promised: pulumi.Output[str]

    def build(self, args: NoteArgs) -> None:
        pass


def scope(*, protect_data: bool) -> NoteArgs:
    return NoteArgs(
        scope=Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protect_data)
    )


def test_a_nested_component_lives_in_its_parents_scope():
    made = []
    record(lambda: made.append(Folder("folder", scope(protect_data=True))))
    assert made[0].note.naming == NAMING


def test_what_holds_data_is_protected_where_data_is():
    made = []
    record(lambda: made.append(Folder("folder", scope(protect_data=True))))
    assert made[0].note.options.protect is True
    assert made[0].note.plain.protect is None


def test_what_holds_data_can_be_destroyed_where_data_may_go():
    made = []
    record(lambda: made.append(Folder("folder", scope(protect_data=False))))
    assert not made[0].note.options.protect


def test_children_are_named_after_their_component_and_role():
    recorder = record(lambda: Folder("folder", scope(protect_data=False)))
    assert list(recorder.of("aws:cloudwatch/logGroup:LogGroup")) == ["note-group"]


class Empty(Component, token="test:index:Empty"):
    """Makes nothing."""


def test_a_component_that_makes_nothing_is_an_error():
    with pytest.raises(TypeError, match="Empty has no build"):
        record(lambda: Empty("empty", scope(protect_data=False)))


def test_a_component_that_leaves_a_promised_attribute_unset_is_an_error():
    with pytest.raises(AttributeError, match=r"Forgetful\.build left promised unset"):
        record(lambda: Forgetful("forgetful", scope(protect_data=False)))
