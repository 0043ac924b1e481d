"""From what a stack file says to checked values: each value on its own, so that one mistake hides no other."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from types import UnionType
from typing import Any, TypeGuard, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dhakacart_infra.config.leaves import Leaf
from dhakacart_infra.config.problem import SECRET, Problem, kind

EMPTY = (None, "")  # a key with nothing behind it is not set


@dataclass(frozen=True)
class Named:
    """A section whose keys the user chooses: what they may be, and what each holds."""

    name: Leaf
    holds: Leaf | type[BaseModel]


Shape = Leaf | tuple[Leaf] | type[BaseModel] | Named
"""What a field holds: one value, a list of them (a tuple of one), or a section."""
SIMILAR = 0.6  # of 1: below it two keys are not one misspelt


@dataclass
class Reading:
    """What a configuration says, by dotted key. A wrong value is in ``problems`` and not in ``values``."""

    decrypted: Collection[str] = ()
    """The top-level keys below which the engine has decrypted something; a stack file itself has ciphers there."""
    values: dict[str, object] = field(default_factory=dict[str, object])
    """Parsed, defaults filled in. A list is a tuple in which a wrong element is ``None``."""
    written: dict[str, object] = field(default_factory=dict[str, object])
    """As the stack file has them."""
    problems: list[Problem] = field(default_factory=list[Problem])

    def section(self, model: type[BaseModel], raw: Mapping[str, object], prefix: str = "") -> None:
        """Read the keys of ``model``."""
        given = {key: value for key, value in raw.items() if value not in EMPTY}
        unknown = [key for key in raw if key not in model.model_fields]
        absent = [name for name in model.model_fields if name not in given]
        required = [name for name in absent if model.model_fields[name].is_required()]
        meant = dict(_meant(unknown, absent, required))
        shapes = _shapes(model)
        for key in unknown:
            self.written[prefix + key] = raw[key]
            allowed = f"the keys {', '.join(sorted(model.model_fields))}"
            remedy = f"{prefix}{meant[key]} in its place" if key in meant else "removing it"
            self._wrong(prefix + key, "is set for a key that does not exist", allowed, remedy)
        for name, info in model.model_fields.items():
            if name in given:
                self._field(prefix + name, shapes[name], given[name])
            elif name in meant.values():
                continue  # its misspelt key is reported; what it should be is not known
            elif name in required:
                self._wrong(prefix + name, "is set, and there is no default", *_asks_for(shapes[name]))
            else:
                self._default(prefix + name, info)

    def _field(self, key: str, shape: Shape, value: object) -> None:
        self.written[key] = value
        if isinstance(shape, Leaf):
            self._leaf(key, shape, value)
        elif isinstance(shape, tuple):
            self._list(key, shape[0], value)
        elif isinstance(shape, Named):
            self._named(key, shape, value)
        else:
            self._inner(key, shape, value)

    def _inner(self, key: str, shape: type[BaseModel], value: object) -> None:
        if is_section(value):
            self.values[key] = value
            self.section(shape, value, f"{key}.")
        else:
            self._wrong(key, f"is {kind(value)}, not a section", *_asks_for(shape))

    def _named(self, key: str, shape: Named, value: object) -> None:
        if not is_section(value):
            self._wrong(key, f"is {kind(value)}, not a section", *_asks_for(shape))
            return
        given = {name: inner for name, inner in value.items() if inner not in EMPTY}
        self.values[key] = tuple(given)
        for name, inner in given.items():
            self.written[f"{key}.{name}"] = inner
            try:
                shape.name.parse(name)
            except ValueError as error:
                self._wrong(f"{key}.{name}", f"is set, and {name} {error}", shape.name.allowed, shape.name.remedy(name))
                continue
            if isinstance(shape.holds, Leaf):
                self._leaf(f"{key}.{name}", shape.holds, inner)
            else:
                self._inner(f"{key}.{name}", shape.holds, inner)

    def _list(self, key: str, leaf: Leaf, value: object) -> None:
        if not isinstance(value, list):
            self._wrong(key, f"is {kind(value)}, not a list", *_asks_for((leaf,)))
            return
        elements = cast("list[object]", value)
        for index, element in enumerate(elements):
            self.written[f"{key}[{index}]"] = element
            self._leaf(f"{key}[{index}]", leaf, element)
        self.values[key] = tuple(self.values.pop(f"{key}[{index}]", None) for index in range(len(elements)))

    def _leaf(self, key: str, leaf: Leaf, value: object) -> None:
        if leaf.is_secret and isinstance(value, str) and not is_under(key, self.decrypted):
            self.written[key] = SECRET
            self._wrong(key, "is written in plain text", leaf.allowed, leaf.remedy(value))
            return
        try:
            self.values[key] = leaf.parse(value)
        except ValueError as error:
            self._wrong(key, str(error), leaf.allowed, leaf.remedy(value))

    def _default(self, key: str, info: FieldInfo) -> None:
        default = info.get_default()
        self.values[key] = default
        if isinstance(default, BaseModel):
            self.section(type(default), {}, f"{key}.")

    def _wrong(self, key: str, reason: str, allowed: str, remedy: str) -> None:
        self.problems.append(Problem(key=key, reason=reason, allowed=allowed, remedy=remedy))


def decoded(model: type[BaseModel], raw: Mapping[str, object]) -> dict[str, object]:
    """The engine hands top-level values over as strings: what is not meant to be text is JSON."""
    shapes = _shapes(model)
    return {key: _decode(shapes.get(key), value) for key, value in raw.items()}


def _decode(shape: Shape | None, value: object) -> object:
    if shape is None or not isinstance(value, str):
        return value
    if isinstance(shape, Leaf) and shape.is_text:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # whatever it is, its check will say


@cache
def _shapes(model: type[BaseModel]) -> Mapping[str, Shape]:
    return {name: _shape(info) for name, info in model.model_fields.items()}


def _shape(info: FieldInfo) -> Shape:
    annotation: Any = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(option for option in get_args(annotation) if option is not type(None))
    if get_origin(annotation) is tuple:
        element: Any = get_args(annotation)[0]
        return (_leaf_of(element),)
    if get_origin(annotation) is Mapping:
        name, holds = get_args(annotation)
        return Named(_leaf_of(name), holds if isinstance(holds, type) else _leaf_of(holds))
    notes = [*info.metadata, *getattr(annotation, "__metadata__", ())]
    return next((note for note in notes if isinstance(note, Leaf)), annotation)


def _leaf_of(annotated: Any) -> Leaf:
    return next(note for note in annotated.__metadata__ if isinstance(note, Leaf))


def _asks_for(shape: Shape) -> tuple[str, str]:
    """What a field of this shape allows, and what to try."""
    if isinstance(shape, Leaf):
        return shape.allowed, shape.remedy("")
    if isinstance(shape, tuple):
        return f"a list, each element {shape[0].allowed}", f"[{shape[0].remedy('')}, …]"
    if isinstance(shape, Named):
        return f"a section of which each key is {shape.name.allowed}", "the section as another stack file has it"
    keys = ", ".join(shape.model_fields)
    return f"a section with the keys {keys}", "the section as another stack file has it"


def is_under(key: str, top_level_keys: Collection[str]) -> bool:
    return key.partition(".")[0].partition("[")[0] in top_level_keys


def is_section(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _meant(unknown: list[str], absent: list[str], required: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of an unknown key and the absent one it most likely stands for, each used once."""
    pairs = [(SequenceMatcher(None, key, name).ratio(), key, name) for key in unknown for name in absent]
    left, free = list(unknown), list(absent)
    for likeness, key, name in sorted(pairs, reverse=True):
        if likeness >= SIMILAR and key in left and name in free:
            left.remove(key)
            free.remove(name)
            yield key, name
    still = [name for name in required if name in free]
    if len(left) == len(still) == 1:
        yield left[0], still[0]
