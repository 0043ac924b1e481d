"""Check and Diff from a type's constraints: refused and replaced is what the real provider refuses and replaces."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime.proto import provider_pb2

from sandbox.providers.constraints import Constraints, Group
from sandbox.providers.properties import UNKNOWN, Props, has_unknown
from sandbox.providers.provider import Difference, Failure

Kind = provider_pb2.PropertyDiff
KINDS = {
    ("add", False): Kind.ADD,
    ("add", True): Kind.ADD_REPLACE,
    ("delete", False): Kind.DELETE,
    ("delete", True): Kind.DELETE_REPLACE,
    ("update", False): Kind.UPDATE,
    ("update", True): Kind.UPDATE_REPLACE,
}


def with_defaults(constraints: Constraints, inputs: Mapping[str, Any]) -> Props:
    """The inputs with what the provider fills in. A default steps back for an input that conflicts with it."""
    filled = {key: value for key, value in inputs.items() if value is not None}
    for name, value in constraints.defaults.items():
        owner, _, member = name.partition(".")
        if member and owner in filled:
            filled[owner] = _filled(filled[owner], member, value)
        rivals = {
            rival for group in (*constraints.conflicts, *constraints.exactly_one) if name in group for rival in group
        }
        if not member and name not in filled and not rivals & filled.keys():
            filled[name] = value
    return filled


def _filled(given: Any, path: str, default: Any) -> Any:
    """An object, or each object of a list, with the default at the path; objects on the way there are not made up."""
    if isinstance(given, list):
        return [_filled(item, path, default) for item in given]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(given, dict):
        return given
    props: Props = {**given}
    head, _, rest = path.partition(".")
    if not rest:
        return {head: default, **props}
    return {**props, head: _filled(props[head], rest, default)} if head in props else props


def refusals(constraints: Constraints, inputs: Props) -> Iterator[Failure]:
    """Everything the real provider would refuse; values that only an update will know are left for then."""
    for name in sorted(inputs.keys() - constraints.inputs):
        yield Failure(property=name, reason=f'An argument named "{name}" is not expected here.')
    for name in constraints.required:
        if name not in inputs:
            reason = f'Missing required argument. The argument "{name}" is required, but no definition was found.'
            yield Failure(property=name, reason=reason)
    yield from _groups(constraints, inputs)
    yield from _values(constraints, inputs)
    for check in constraints.checks:
        if reason := check({name: value for name, value in inputs.items() if not has_unknown(value)}):
            yield Failure(reason=reason)


def _groups(constraints: Constraints, inputs: Props) -> Iterator[Failure]:
    yield from _too_many(constraints, inputs)
    yield from _too_few(constraints, inputs)


def _too_many(constraints: Constraints, inputs: Props) -> Iterator[Failure]:
    for group in constraints.conflicts:
        if len(given := _given(group, inputs)) > 1:
            reason = f'Conflicting configuration arguments: "{given[0]}": conflicts with {", ".join(given[1:])}'
            yield Failure(property=given[0], reason=reason)
    for group in constraints.exactly_one:
        if len(given := _given(group, inputs)) > 1:
            rule = f"only one of {_listed(group)} can be specified, but {_listed(given)} were specified"
            yield Failure(property=given[0], reason=f'Invalid combination of arguments: "{given[0]}": {rule}.')


def _too_few(constraints: Constraints, inputs: Props) -> Iterator[Failure]:
    for group in (*constraints.exactly_one, *constraints.at_least_one):
        if not _given(group, inputs):
            reason = f'Invalid combination of arguments: "{group[0]}": one of {_listed(group)} must be specified'
            yield Failure(property=group[0], reason=reason)
    for name, others in constraints.together.items():
        if name in inputs and len(_given(others, inputs)) < len(others):
            reason = f'Missing required argument: "{name}": all of {_listed((name, *others))} must be specified'
            yield Failure(property=name, reason=reason)


def _given(group: Group, inputs: Props) -> Group:
    return tuple(name for name in group if name in inputs)


def _listed(names: Group) -> str:
    return "`" + ",".join(names) + "`"


def _values(constraints: Constraints, inputs: Props) -> Iterator[Failure]:
    for path, allowed in constraints.values.items():
        for value in _at(inputs, path):
            if value not in allowed:
                legal = " ".join(json.dumps(option) for option in allowed)
                yield Failure(property=path, reason=f"expected {path} to be one of [{legal}], got {value}")
    for path, (low, high) in constraints.ranges.items():
        for value in _at(inputs, path):
            size = len(value) if isinstance(value, str) else value
            if not low <= size <= high:
                what = f"length of {path}" if isinstance(value, str) else path
                yield Failure(property=path, reason=f"expected {what} to be in the range ({low} - {high}), got {value}")


def _at(value: Any, path: str) -> Iterator[Any]:
    """The known values at a dotted path, each element of a list in turn."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _at(item, path)
    elif not path:
        if value is not None and value != UNKNOWN:
            yield value
    elif isinstance(value, dict):
        head, _, rest = path.partition(".")
        yield from _at(value.get(head), rest)  # pyright: ignore[reportUnknownMemberType]


def difference(constraints: Constraints, old: Props, new: Props) -> Difference:
    """What changed between two sets of inputs, and which of it means a replacement."""
    forced = constraints.replaces_when(old, new) if constraints.replaces_when else frozenset[str]()
    changed: dict[str, Any] = {}
    replaces: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        if same(constraints, name, old.get(name), new.get(name)):
            continue
        if name not in new and name in constraints.computed:
            continue
        if constraints.suppressed_when and constraints.suppressed_when(name, old, new):
            continue
        replace = name in forced or _replaces(constraints, name, old, new)
        how = "add" if name not in old else "delete" if name not in new else "update"
        changed[name] = KINDS[how, replace]
        if replace:
            replaces.append(name)
    return Difference(
        changed=changed,
        replaces=tuple(replaces),
        delete_before_replace=bool(replaces) and constraints.delete_before_replace,
    )


def _replaces(constraints: Constraints, name: str, old: Props, new: Props) -> bool:
    nested = (path for path in constraints.replaces if path.startswith(f"{name}."))
    return name in constraints.replaces or any(_moved(constraints, path, old, new) for path in nested)


def _moved(constraints: Constraints, path: str, old: Props, new: Props) -> bool:
    before, after = list(_at(old, path)), list(_at(new, path))
    return before != after and not (path in constraints.computed and not after)


def same(constraints: Constraints, name: str, old: Any, new: Any) -> bool:
    """Whether two values of an input, or of a path inside one, mean the same to the provider."""
    if old == new:
        return True
    if f"{name}." in _paths(constraints) and all(isinstance(value, dict) for value in (old, new)):
        return _same_members(constraints, name, old, new)
    if type(old) is type(new) and isinstance(old, list | dict):
        return _sorted(constraints, name, old) == _sorted(constraints, name, new)
    if name in constraints.documents and all(isinstance(value, str) for value in (old, new)):
        return _document(old) == _document(new)
    return False


def _same_members(constraints: Constraints, name: str, old: Props, new: Props) -> bool:
    """What AWS chooses where the program is silent is no difference, nor is an empty list where nothing was."""
    chosen = {key for key in old.keys() - new.keys() if f"{name}.{key}" in constraints.computed}
    members = (old.keys() | new.keys()) - chosen
    return all(same(constraints, f"{name}.{key}", old.get(key) or None, new.get(key) or None) for key in members)


def _paths(constraints: Constraints) -> set[str]:
    """The objects of which some member is computed or a set, each with a dot at its end."""
    return {path[: path.rindex(".") + 1] for path in constraints.computed | constraints.sets if "." in path}


def _sorted(constraints: Constraints, name: str, value: Any) -> Any:
    """The value with every set in it, at any depth, in one order."""
    if isinstance(value, dict):
        return {key: _sorted(constraints, f"{name}.{key}", item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, list):
        return value
    items = [_sorted(constraints, name, item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if name not in constraints.sets:
        return items
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def _document(text: str) -> Any:
    """What the text says; one that says nothing, because it is no JSON or not known yet, stands for itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
