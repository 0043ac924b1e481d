"""What a recording keeps of a value, and how a program says it.

Every text that a resource puts out is answered with a marker that tells whose it is and which; where a marker turns up
in another resource's inputs, whole or inside a longer text, there is an edge.
"""

import inspect
import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

MARKER = re.compile(r"<<(\d+)\.([\w.\[\]]+)>>")


class Expression(ABC):
    """What is not plain data: ``code`` is how a flat program says it."""

    @property
    @abstractmethod
    def code(self) -> str: ...


@dataclass(frozen=True, order=True)
class Reference(Expression):
    """Another resource (by its number), one of its outputs or what is in it, or one of a resource that it made."""

    number: int
    attribute: str = ""

    def __getitem__(self, attribute: str) -> "Reference":
        return Reference(self.number, f"{self.attribute}.{attribute}".lstrip("."))

    @property
    def first(self) -> "Reference":
        """Of a list."""
        return Reference(self.number, f"{self.attribute}[0]")

    @property
    def marker(self) -> str:
        return f"<<{self.number}.{self.attribute}>>"

    @property
    def code(self) -> str:
        return f"r{self.number}.{self.attribute}".rstrip(".")


@dataclass(frozen=True)
class Joined(Expression):
    """Text with outputs of other resources in it."""

    parts: tuple[str | Reference, ...]

    @property
    def code(self) -> str:
        return f"pulumi.Output.concat({_codes(self.parts)})"


@dataclass(frozen=True)
class Secret(Expression):
    value: Any

    @property
    def code(self) -> str:
        return f"pulumi.Output.secret({code(self.value)})"


@dataclass(frozen=True)
class After(Expression):
    """A value that is computed from outputs in a way that leaves no marker in it: known when ``edges`` are."""

    value: Any
    edges: tuple[Reference, ...]

    @property
    def code(self) -> str:
        return f"pulumi.Output.all({_codes(self.edges)}).apply(lambda _: {code(self.value)})"


@dataclass(frozen=True)
class Built(Expression):
    """An instance of one of the SDK's own classes."""

    constructor: str
    fields: Mapping[str, Any]

    @property
    def code(self) -> str:
        return f"{self.constructor}({keywords(self.fields)})"


@dataclass(frozen=True)
class Function(Expression):
    """A function of the program that the engine calls, such as a transform; ``source`` has to stand before ``code``."""

    name: str
    source: str

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Function":
        """Raises ValueError for one that is more than its source."""
        used = inspect.getclosurevars(function)
        if more := {*used.globals, *used.nonlocals} - {"pulumi"}:
            raise ValueError(
                f"{function.__qualname__}: a flat program would lack {', '.join(sorted(more))}; "
                "let the function use nothing but pulumi and its arguments"
            )
        return cls(function.__name__, textwrap.dedent(inspect.getsource(function)))

    @property
    def code(self) -> str:
        return self.name


def code(value: Any) -> str:
    """The expression that gives ``value`` again."""
    match value:
        case Expression():
            return value.code
        case dict():
            fields = cast("dict[str, Any]", value)
            return "{" + ", ".join(f"{key!r}: {code(item)}" for key, item in fields.items()) + "}"
        case list():
            return f"[{_codes(cast('list[Any]', value))}]"
        case str() | bool() | int() | float() | None:
            return repr(value)
        case _:
            raise TypeError(f"{value!r} ({type(value).__name__}) cannot be written into a flat program")


def keywords(values: Mapping[str, Any]) -> str:
    """The arguments of a call."""
    return ", ".join(f"{name}={code(value)}" for name, value in values.items())


def _codes(values: Iterable[Any]) -> str:
    return ", ".join(map(code, values))


def from_text(value: str) -> Any:
    """``value`` with its markers turned into references."""
    parts = _parts(value)
    if len(parts) == 1:
        return parts[0]
    return Joined(parts) if parts else ""


def _parts(value: str) -> tuple[str | Reference, ...]:
    found: list[str | Reference] = []
    end = 0
    for match in MARKER.finditer(value):
        found += [value[end : match.start()], Reference(int(match[1]), match[2])]
        end = match.end()
    return tuple(part for part in (*found, value[end:]) if part != "")


def referred(value: Any) -> Iterator[int]:
    """The numbers of the resources that a value of a recording depends on."""
    match value:
        case Reference():
            yield value.number
        case Joined():
            yield from referred([*value.parts])
        case After():
            yield from referred([*value.edges, value.value])
        case Secret():
            yield from referred(value.value)
        case dict():
            yield from referred([*cast("dict[str, Any]", value).values()])
        case list():
            for item in cast("list[Any]", value):
                yield from referred(item)
        case _:
            pass
