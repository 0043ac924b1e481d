"""The tables beside the resource types: they speak of the real classes, and AWS is asked for all that they admit."""

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.gateway import Gateway
from sandbox.aws.provider import AwsProvider
from sandbox.aws.resource import AwsType
from sandbox.aws.services import TYPES
from sandbox.aws.store import Store
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.provider import Call, Failure, ResourceError

SEED = bytes.fromhex("0123456789abcdef")
BLOCKS = {"egress", "ingress", "routes"}
every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=[name.split(":")[-1] for name in TYPES])
every_named_type = pytest.mark.parametrize(
    "kind", [kind for kind in TYPES.values() if kind.auto_name], ids=lambda kind: kind.type.split(":")[-1]
)
every_replaced_type = pytest.mark.parametrize(
    "kind",
    [kind for kind in TYPES.values() if kind.auto_name and kind.constraints.replaces],
    ids=lambda kind: kind.type.split(":")[-1],
)


def inputs_of(arguments: Any) -> dict[str, property]:
    """The inputs of a class of arguments, by the engine's name for them."""
    members = inspect.getmembers(arguments, lambda member: isinstance(member, property))
    return {getattr(member.fget, "_pulumi_name", name): member for name, member in members}


def arguments_of(kind: AwsType) -> Any:
    _, module, name = kind.type.split(":")
    resource = getattr(import_module(f"pulumi_aws.{module.split('/')[0]}"), name)
    module = sys.modules[resource.__module__]
    return getattr(module, f"{name}InitArgs", None) or getattr(
        module, f"{name}Args"
    )  # where another class has that name


def named_in(table: Constraints) -> Iterator[str]:
    yield from (*table.required, *table.replaces, *table.values, *table.ranges, *table.defaults, *table.computed)
    yield from (*table.sets, *table.documents, *table.together)
    for group in (*table.conflicts, *table.exactly_one, *table.at_least_one, *table.together.values()):
        yield from group


@pytest.fixture
def provider(tmp_path: Path) -> AwsProvider:
    gateway = Gateway()
    return AwsProvider(TYPES, gateway, Store(tmp_path / "aws.pickle", gateway.lock))


def call(kind: AwsType, name: str = "it") -> Call:
    config = {"region": "ap-south-1"}
    return Call(type=kind.type, urn=f"urn:pulumi:staging::dhaka::{kind.type}::{name}", name=name, config=config)


def refused(provider: AwsProvider, kind: AwsType, inputs: Props) -> list[Failure]:
    return provider.check(call(kind), inputs, {}, SEED)[1]


@every_type
def test_a_table_knows_exactly_the_inputs_of_the_real_class(kind: AwsType) -> None:
    assert kind.constraints.inputs == inputs_of(arguments_of(kind)).keys()


@every_type
def test_a_table_requires_what_the_real_class_requires(kind: AwsType) -> None:
    arguments = arguments_of(kind)
    needed = {
        name
        for name, parameter in inspect.signature(arguments.__init__).parameters.items()
        if not name.startswith("__") and parameter.default is inspect.Parameter.empty
    }
    spelled = {name: member.fget.__name__ for name, member in inputs_of(arguments).items() if member.fget}
    assert {spelled[name] for name in kind.constraints.required} == needed


@every_type
def test_a_table_names_no_property_that_does_not_exist(kind: AwsType) -> None:
    top = arguments_of(kind)
    blocks = import_module(top.__module__.rsplit(".", 1)[0] + "._inputs")
    for path in named_in(kind.constraints):
        arguments, rest = top, path
        while rest:
            head, _, rest = rest.partition(".")
            assert head in inputs_of(arguments), path
            getter = inputs_of(arguments)[head].fget
            nested = re.search(r"'(\w+Args)'", str(inspect.get_annotations(getter)["return"]))
            assert nested or not rest, f"{path}: {head} has nothing inside"
            arguments = nested and getattr(blocks, nested[1])


@every_type
def test_a_table_says_which_source_file_it_was_read_from(kind: AwsType) -> None:
    assert re.fullmatch(r"internal/service/\w+/\w+\.go", kind.constraints.source)


@every_type
def test_what_a_type_handles_are_inputs_and_what_it_assumes_is_legal(kind: AwsType) -> None:
    table = kind.constraints
    assert kind.handled <= table.inputs
    assert kind.changeable <= table.inputs
    assert kind.unread <= table.inputs
    assert kind.as_made.keys() <= table.inputs - table.defaults.keys()
    for name, value in {**table.defaults, **kind.as_made}.items():
        assert value in table.values.get(name, (value,)), name
    assert bool(kind.tagging) == ("tags" in table.inputs)


@every_type
def test_what_the_real_provider_requires_the_type_sends(kind: AwsType) -> None:
    assert kind.handled >= set(kind.constraints.required)


@every_type
def test_what_a_creation_would_leave_out_is_refused_in_the_preview(kind: AwsType, provider: AwsProvider) -> None:
    for name in sorted(kind.constraints.inputs - kind.handled):
        for value in ([{}] if name in BLOCKS else "something", UNKNOWN):
            told = [failure.reason for failure in refused(provider, kind, {name: value}) if failure.property == name]
            assert any(f"does not handle {name} of {kind.type} yet" in reason for reason in told), name


@every_type
def test_an_input_that_asks_for_nothing_is_not_refused(kind: AwsType, provider: AwsProvider) -> None:
    plain = dict.fromkeys(kind.constraints.inputs - kind.handled, False) | kind.as_made | kind.constraints.defaults
    assert not [failure for failure in refused(provider, kind, plain) if "does not handle" in failure.reason]


@every_type
def test_a_change_that_no_call_makes_is_refused_in_the_preview(kind: AwsType, provider: AwsProvider) -> None:
    table = kind.constraints
    in_place = {
        name for name in table.inputs - kind.changeable if not any(p.split(".")[0] == name for p in table.replaces)
    }
    for name in sorted(in_place - table.computed):
        old, new = {name: "before"}, {name: "after"}
        if not (table.replaces_when and table.replaces_when(old, new)):
            with pytest.raises(ResourceError, match=rf"cannot change {name} of {kind.type} yet: .* add a Setting"):
                provider.diff(call(kind), {}, old, new)


@every_named_type
def test_a_name_that_is_not_given_is_made_up_once(kind: AwsType, provider: AwsProvider) -> None:
    first, _ = provider.check(call(kind), {}, {}, SEED)
    later, _ = provider.check(call(kind), {}, first, bytes(8))
    assert kind.auto_name
    field = kind.auto_name.field
    assert first[field] == later[field] == f"{kind.auto_name.prefix}it-0123456"


@every_named_type
def test_a_name_that_was_given_is_not_kept_once_the_program_drops_it(kind: AwsType, provider: AwsProvider) -> None:
    assert kind.auto_name
    inputs, _ = provider.check(call(kind), {}, {kind.auto_name.field: "given"}, SEED)
    assert inputs[kind.auto_name.field] != "given"


@every_named_type
def test_the_longest_made_up_name_is_legal_and_a_longer_one_is_an_error(kind: AwsType, provider: AwsProvider) -> None:
    assert kind.auto_name
    longest = "n" * (kind.auto_name.max_length - len("-0123456"))
    inputs, failures = provider.check(call(kind, longest), {}, {}, SEED)
    field = kind.auto_name.field
    assert not [failure for failure in failures if failure.property == field]
    assert len(inputs[field]) == len(kind.auto_name.prefix) + kind.auto_name.max_length
    with pytest.raises(ResourceError, match=f"longer than maximum length {kind.auto_name.max_length}"):
        provider.check(call(kind, f"{longest}n"), {}, {}, SEED)


@every_replaced_type
def test_only_what_has_a_given_name_is_deleted_before_it_is_replaced(kind: AwsType, provider: AwsProvider) -> None:
    assert kind.auto_name
    field, prefix = kind.auto_name.field, f"{kind.auto_name.field}Prefix"
    whole = (name for name in sorted(kind.constraints.replaces) if "." not in name)
    forced = next(name for name in whole if name not in {field, prefix})
    old, new = {forced: "before"}, {forced: "after"}
    made_up = provider.check(call(kind), {}, {}, SEED)[0][field]
    for name, deletes_first in (("given", True), (made_up, False)):
        found = provider.diff(call(kind), {}, {**old, field: name}, {**new, field: name})
        assert forced in found.replaces
        assert found.delete_before_replace is deletes_first
    prefixed = provider.diff(call(kind), {}, {**old, prefix: "n"}, {**new, prefix: "n"})
    assert not prefixed.delete_before_replace
