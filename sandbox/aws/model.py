"""Every way in which a call breaks AWS's own service model, found before the call is made.

botocore carries the whole model (enums, patterns, lengths, ranges) but itself checks only types, required
members and lower bounds. The model is of what AWS receives: hand over the parameters as botocore's own handlers
leave them, in an event handler registered last for the whole of ``before-parameter-build``.
"""

import difflib
import json
import logging
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, cast

import regex
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.utils import parse_to_aware_datetime

SHOWN_CHARACTERS = 80  # of a value or a name in a message
SHOWN_NAMES = 12  # in a list of what is allowed: some enums have over a thousand
PATTERN_SECONDS = 1.0  # a pattern that backtracks for longer decides nothing

_log = logging.getLogger(__name__)


class _Place(NamedTuple):
    """Where in the call we are, and whether what stands there must not be shown."""

    path: str
    secret: bool
    found: list[str]

    def enter(self, step: str, shape: Shape) -> "_Place":
        return _Place(self.path + step, self.secret or "sensitive" in shape.metadata, self.found)

    def report(self, what: str, allowed: str) -> None:
        self.found.append(f"{self.path}: {what}. Allowed: {allowed}.")

    def refuse(self, value: object, allowed: str, size: str = "") -> None:
        shown = f"a value of type {type(value).__name__}"
        if not self.secret and isinstance(value, str | int | float | Decimal | bytes | None):
            shown = _shortened(repr(value))
        self.report(f"got {shown}{size}", allowed)


def problems(operation: OperationModel, params: Mapping[str, Any]) -> list[str]:
    """Each violation as ``path: what was got. Allowed: what is.``; none if the model admits the call.

    A value that the model marks sensitive is never shown. Rules outside the model (a reserved prefix, a
    subnet that does not exist) are for the service to enforce.
    """
    place = _Place(operation.name, False, [])
    _check(operation.input_shape or _NO_PARAMETERS, dict(params), place)
    return place.found


def _check(shape: Shape, value: Any, place: _Place) -> None:
    if shape.metadata.get("document") or shape.serialization.get("jsonvalue"):
        return _check_document(value, place)
    kind = _KINDS[shape.type_name]
    if isinstance(value, kind.types) and (not isinstance(value, bool) or kind.types == (bool,)):
        return kind.check(shape, value, place)
    if shape.type_name in {"structure", "list", "map"}:
        place = place._replace(secret=True)  # what stands in its place may be a sensitive member of it
    return place.refuse(value, _described(shape))


def _check_structure(shape: Shape, value: dict[Any, Any], place: _Place) -> None:
    members = cast("StructureShape", shape).members
    if shape.metadata.get("union") and (count := sum(name in members for name in value)) != 1:
        place.refuse(value, f"exactly one of {_listed(members)}", f" with {count} of its members")
    for name in shape.metadata.get("required", ()):
        # botocore fills in an idempotency token that the caller leaves out.
        if name not in value and "idempotencyToken" not in members[name].metadata:
            place.enter(f".{name}", shape).report("missing, and required", _described(members[name]))
    for name, inner in value.items():
        if name in members:
            _check(members[name], inner, place.enter(f".{name}", members[name]))
        else:
            shown = "(not shown)" if place.secret else _shortened(str(name))
            place.report(f"no such member: {shown}", _listed(members, str(name)))


def _check_list(shape: Shape, value: list[Any], place: _Place) -> None:
    _check_bounds(shape, value, len(value), place)
    member = cast("ListShape", shape).member
    for index, item in enumerate(value):
        _check(member, item, place.enter(f"[{index}]", member))


def _check_map(shape: Shape, value: dict[Any, Any], place: _Place) -> None:
    _check_bounds(shape, value, len(value), place)
    of_key, of_value = cast("MapShape", shape).key, cast("MapShape", shape).value
    secret_keys = place.enter("", of_key).secret
    for index, (key, inner) in enumerate(value.items()):
        step = f"[entry {index}]" if secret_keys else f"[{_shortened(repr(key))}]"
        _check(of_key, key, place.enter(f"{step} (the key)", of_key))
        _check(of_value, inner, place.enter(step, of_value))


def _check_string(shape: Shape, value: str, place: _Place) -> None:
    if (enum := shape.metadata.get("enum")) and value not in enum:
        return place.refuse(value, f"one of {_listed(enum, '' if place.secret else value)}")
    _check_bounds(shape, value, len(value), place)
    if (pattern := shape.metadata.get("pattern")) is not None and not _matches(pattern, value):
        place.refuse(value, f"what matches {pattern} as a whole")
    return None


def _check_number(shape: Shape, value: float | Decimal, place: _Place) -> None:
    # float: a Decimal that is not a number refuses to be compared
    _check_bounds(shape, value, value if isinstance(value, int) else float(value), place)


def _check_blob(shape: Shape, value: Any, place: _Place) -> None:
    data = value.encode(errors="surrogatepass") if isinstance(value, str) else value
    if isinstance(data, bytes | bytearray):
        _check_bounds(shape, value, len(data), place)
    elif not hasattr(data, "read"):  # the length of a file is known only once it is read
        place.refuse(value, _described(shape))


def _check_timestamp(shape: Shape, value: Any, place: _Place) -> None:
    try:
        parse_to_aware_datetime(value)
    except (TypeError, ValueError, AttributeError, OverflowError):
        place.refuse(value, _described(shape))


def _check_document(value: Any, place: _Place) -> None:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        place.refuse(value, "what JSON can hold, at every depth")


class _Kind(NamedTuple):
    noun: str
    unit: str
    types: tuple[type, ...]
    check: Callable[[Shape, Any, _Place], None]


_KINDS = {
    "structure": _Kind("a structure", "", (dict,), _check_structure),
    "list": _Kind("a list", "items: ", (list, tuple), _check_list),
    "map": _Kind("a map", "entries: ", (dict,), _check_map),
    "string": _Kind("a string", "characters: ", (str,), _check_string),
    "integer": _Kind("an integer", "", (int,), _check_number),
    "long": _Kind("an integer", "", (int,), _check_number),
    "float": _Kind("a number", "", (int, float, Decimal), _check_number),
    "double": _Kind("a number", "", (int, float, Decimal), _check_number),
    "boolean": _Kind("True or False", "", (bool,), _check_number),  # which is in no range
    "blob": _Kind("bytes, a string or an open file", "bytes: ", (object,), _check_blob),
    "timestamp": _Kind("a date and time", "", (object,), _check_timestamp),
}
_NO_PARAMETERS = StructureShape("NoParameters", {"type": "structure", "members": {}})
_WIDTHS = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}


def _bounds(shape: Shape) -> tuple[float | None, float | None]:
    low, high = _WIDTHS.get(shape.type_name, (None, None))
    if shape.serialization.get("location") == "uri" or shape.serialization.get("hostLabel"):
        low = 1 if shape.type_name == "string" else low  # a part of the address cannot be empty
    return shape.metadata.get("min", low), shape.metadata.get("max", high)


def _check_bounds(shape: Shape, value: object, size: float, place: _Place) -> None:
    low, high = _bounds(shape)
    if (low is not None and not size >= low) or (high is not None and not size <= high):
        unit = _KINDS[shape.type_name].unit
        place.refuse(value, _described(shape), f" ({unit}{size:,})" if unit else "")


def _described(shape: Shape) -> str:
    """What the model admits, in words: ``a string (characters: 1 to 64)``."""
    kind, (low, high) = _KINDS[shape.type_name], _bounds(shape)
    if enum := shape.metadata.get("enum"):
        return f"one of {_listed(enum)}"
    if low is None and high is None:
        return kind.noun
    edges = f"{low} to {high}" if low != high else f"exactly {low}"
    if low is None or high is None:
        edges = f"at least {low}" if high is None else f"at most {high}"
    return f"{kind.noun} ({kind.unit}{edges})"


def _listed(names: Collection[str], wanted: str = "") -> str:
    """The first few of ``names``, and which of them all ``wanted`` was most likely meant to be."""
    text = ", ".join(list(names)[:SHOWN_NAMES]) or "nothing"
    if len(names) > SHOWN_NAMES:
        text += f", … ({len(names):,} in all)"
    near = difflib.get_close_matches(wanted, names, 1)
    return f"{text}; nearest: {near[0]}" if near else text


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _matches(pattern: str, value: str) -> bool:
    r"""Whether the whole of ``value`` matches, as in Java's ``matches()``.

    botocore's patterns are written for that: a shape whose Smithy pattern, which is searched for, is
    ``\S`` or ``^arn:`` has ``.*\S.*`` or ``arn:.*`` in botocore. So a dot takes line breaks too.
    """
    compiled = _compiled(pattern)
    try:
        return compiled is None or compiled.fullmatch(value, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        _log.warning("a value went unchecked: it took over %s s to match %s", PATTERN_SECONDS, pattern)
        return True


@cache
def _compiled(pattern: str) -> "regex.Pattern[str] | None":
    """Nothing, and a warning, for a pattern that is broken in the model itself."""
    flags = regex.DOTALL | (regex.V1 if "&&" in pattern else regex.V0)  # only V1 intersects sets by &&
    try:
        return regex.compile(_in_python(pattern), flags)
    except regex.error as error:
        _log.warning("values go unchecked: the service model's pattern %s cannot be read: %s", pattern, error)
        return None


_PIECE = regex.compile(r"\\p\{\w+\}|\\.|.", regex.DOTALL)
# Java's classes that are ASCII there and Unicode, or unknown, here.
_CLASSES = {
    r"\w": "_0-9A-Za-z", r"\d": "0-9", r"\p{Digit}": "0-9", r"\p{XDigit}": "0-9A-Fa-f",
    r"\p{Alnum}": "0-9A-Za-z", r"\p{Alpha}": "A-Za-z", r"\p{Upper}": "A-Z", r"\p{Lower}": "a-z",
    r"\p{Punct}": r"!-/:-@\[-`{-~", r"\p{Graph}": "!-~", r"\p{Print}": " -~", r"\p{Blank}": r"\t\x20",
    r"\p{Cntrl}": r"\x00-\x1F\x7F", r"\p{ASCII}": r"\x00-\x7F", r"\p{all}": r"\x00-\U0010FFFF",
    r"\p{LD}": r"\p{L}\p{Nd}",
}  # fmt: skip
_BEYOND_16_BITS = regex.compile(r"\\uD800\\u(DC00-\\uDBFF|DBFF-\\uDC00)\\uDFFF|\\u10000-\\u10FFFF")


def _in_python(pattern: str) -> str:
    """The same pattern for ``regex``: Java's classes, code points and surrogate pairs spelt out."""
    pattern = _BEYOND_16_BITS.sub(r"\\U00010000-\\U0010FFFF", pattern)
    pattern = regex.sub(r"\\x\{(\w+)\}", lambda code: rf"\U{code[1]:0>8}", pattern)
    pattern = regex.sub(r"(?<!\\)-(?=\\[dpw])", r"\\-", pattern)  # a class spelt out must not end a range
    parts, in_set = list[str](), False
    for piece in cast("list[str]", _PIECE.findall(pattern)):
        body = _CLASSES.get(piece)
        parts.append(piece if body is None else body if in_set else f"[{body}]")
        in_set = piece != "]" and (in_set or piece == "[")
    return "".join(parts)
