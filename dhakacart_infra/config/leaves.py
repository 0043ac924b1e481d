"""The single values of a configuration: what each may be, what to say when it is not, what to try instead.

pydantic validates with them and describes them in the JSON Schema; the reader of stack files asks them for words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import IPv4Network
from typing import Any, TypeVar, cast
from unicodedata import category, normalize

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from dhakacart_infra.config.addresses import LARGEST
from dhakacart_infra.config.problem import kind, show

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))  # RFC 1918
CIDR_FORM = r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}"
SHARED = IPv4Network("100.64.0.0/10")  # RFC 6598: what AWS lets every VPC add

RESERVED = (  # what never reaches AWS from the internet
    *PRIVATE,
    SHARED,
    *map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")),
)

# China, GovCloud and the isolated regions are other partitions of AWS, without parts of what this program needs.
REGION = "(?!cn)[a-z]{2}-(?!-)(north|south|central)?(east|west)?-[1-9]"
ANYWHERE = IPv4Network("0.0.0.0/0")
TAG_CHARACTERS = 256
TAG_SIGNS = "_.:/=+-@"
TAG_PATTERN = r"^(?![ _.:/=+@-])[^\x00-\x1f!-*,;<>?\[-^`{-\x7f]{1,256}$"
OWN_ADDRESS = "the address that `curl https://checkip.amazonaws.com` prints, with /32, or [] for the VPC alone"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Annotates a field: ``parse`` gives the value or raises ``ValueError`` with the clause that says what is wrong."""

    parse: Callable[[object], object]
    allowed: str
    remedy: Callable[[object], str]
    is_text: bool = True
    """Not text: arrives from the engine as JSON."""
    is_secret: bool = False
    """Taken encrypted alone, as ``pulumi config set --secret`` writes it."""
    schema: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.parse, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), **self.schema}


def text(pattern: str, *, noun: str, example: str, allowed: str | None = None) -> Leaf:
    """Text of which all matches ``pattern``."""
    form = re.compile(pattern)

    def parse(value: object) -> str:
        if form.fullmatch(_a(str, value, "text")) is None:
            raise ValueError(f"is not {noun}")
        return str(value)

    def remedy(value: object) -> str:
        # YAML took for a number or a flag what is text; of 00815 or 1e3 it left something else, so it is not taken.
        meant = "" if isinstance(value, str) else show(value)
        return f'"{meant}", in quotes as it is to be' if form.fullmatch(meant) else example

    return Leaf(
        parse=parse,
        allowed=allowed or f"{noun}, such as {example}",
        remedy=remedy,
        schema={"pattern": f"^(?:{pattern})$", "examples": [example]},
    )


def secret(pattern: str, *, noun: str, remedy: str) -> Leaf:
    """Text that a stack file has encrypted: the engine gives the text, the file itself ``secure:`` and a cipher."""
    form = text(pattern, noun=noun, example=remedy)

    def parse(value: object) -> object:
        section = cast("Mapping[str, object]", value)
        if isinstance(value, Mapping) and list(section) == ["secure"]:
            return _a(str, section["secure"], "text")
        return form.parse(section)

    return Leaf(
        parse=parse,
        allowed=f"{noun}, encrypted",
        remedy=lambda _: remedy,
        is_secret=True,
        schema={"type": "object", "properties": {"secure": {"type": "string"}}, "required": ["secure"]},
    )


def tag_value(*, example: str) -> Leaf:
    """What every service accepts in a tag: IAM takes the least, letters of any script but no marks beside them."""

    def parse(value: object) -> str:
        written = normalize("NFC", _a(str, value, "text"))  # an accent typed by itself is a mark
        if stray := next((char for char in written if char not in TAG_SIGNS and category(char)[0] not in "LNZ"), ""):
            raise ValueError(f"has {stray!r}, which AWS takes in no tag")
        if not len(written) <= TAG_CHARACTERS or category(written[0])[0] not in "LN":
            raise ValueError(f"is not up to {TAG_CHARACTERS} characters that begin with a letter or digit")
        return written

    return Leaf(
        parse=parse,
        allowed=f"up to {TAG_CHARACTERS} letters of any script, digits, spaces and {TAG_SIGNS}, such as {example}",
        remedy=lambda _: example,
        # Without the classes of Unicode, which not every reader of schemas knows.
        schema={"pattern": TAG_PATTERN, "examples": [example]},
    )


def choice(*values: str) -> Leaf:
    """One of a few words."""

    def parse(value: object) -> str:
        if _a(str, value, "text") not in values:
            raise ValueError("is not one of the values allowed")
        return str(value)

    def remedy(value: object) -> str:
        return f"{get_close_matches(str(value), values, n=1, cutoff=0)[0]}, the closest"

    return Leaf(parse=parse, allowed=", ".join(values), remedy=remedy)


def number(values: Sequence[int], *, unit: str) -> Leaf:
    """One of a few whole numbers."""

    def parse(value: object) -> int:
        if _a(int, value, "a whole number") not in values:
            raise ValueError(f"is no number of {unit} that AWS offers")
        return int(str(value))

    def remedy(value: object) -> str:
        written = re.fullmatch(r"\s*(\d{1,9})(\.\d+)?\s*", str(value))
        wanted = int(written[1]) if written else values[len(values) // 2]
        return f"{min(values, key=lambda one: abs(one - wanted))}, without quotes"

    return Leaf(
        parse=parse,
        allowed=f"a number of {unit}: {', '.join(map(str, values))}",
        remedy=remedy,
        is_text=False,
        schema={"enum": list(values)},
    )


def whole(least: int, most: int, *, unit: str, reason: str) -> Leaf:
    """A whole number in a range; ``reason`` says what sets it."""

    def parse(value: object) -> int:
        if not least <= _a(int, value, "a whole number") <= most:
            raise ValueError(f"is not from {least} to {most}: {reason}")
        return int(str(value))

    def remedy(value: object) -> str:
        written = re.fullmatch(r"\s*(-?\d{1,9})(\.\d+)?\s*", str(value))
        return f"{min(max(int(written[1]), least), most) if written else least}, without quotes"

    return Leaf(
        parse=parse,
        allowed=f"{least} to {most} {unit}",
        remedy=remedy,
        is_text=False,
        schema={"minimum": least, "maximum": most},
    )


def flag(*, example: bool) -> Leaf:
    """True or false, and nothing that YAML once took for them."""
    return Leaf(
        parse=lambda value: _a(bool, value, "true or false"),
        allowed="true or false, without quotes",
        remedy=lambda _: str(example).lower(),
        is_text=False,
    )


def cidr(*, longest: int, inside: Sequence[IPv4Network] = (), purpose: str, example: str) -> Leaf:
    """An IPv4 block from /16 to /``longest``; ``purpose`` says what sets that limit."""
    ranges = " or ".join(map(str, inside))
    size = f"a /{LARGEST} to /{longest}"

    def parse(value: object) -> IPv4Network:
        block = _network(value)
        if not LARGEST <= block.prefixlen <= longest:
            raise ValueError(f"is a /{block.prefixlen}, which is {_misfit(block, longest, purpose)}")
        if inside and not any(map(block.subnet_of, inside)):
            raise ValueError(f"is not inside {ranges}")
        return block

    return Leaf(
        parse=parse,
        allowed=f"{size} inside {ranges}" if inside else size,
        remedy=lambda _: example,
        schema={"pattern": f"^{CIDR_FORM}$", "examples": [example]},
    )


def public_block(*, example: str) -> Leaf:
    """An IPv4 block of any size of the internet; /0 is one."""

    def parse(value: object) -> IPv4Network:
        block = _network(value)
        if inside := [reserved for reserved in RESERVED if block != ANYWHERE and block.overlaps(reserved)]:
            raise ValueError(f"overlaps {inside[0]}, from which nothing comes by way of the internet")
        return block

    return Leaf(
        parse=parse,
        allowed="an IPv4 block of the internet, as others see its addresses",
        remedy=lambda _: OWN_ADDRESS,
        schema={"pattern": f"^{CIDR_FORM}$", "examples": [example]},
    )


def _network(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    written = _a(str, value, "an IPv4 block such as 10.0.0.0/16")
    try:
        around = IPv4Network(written, strict=False)
    except ValueError:
        around = None
    if around is None or re.fullmatch(CIDR_FORM, written) is None:
        raise ValueError("is not an IPv4 block such as 10.0.0.0/16")
    if str(around) != written:
        raise ValueError(f"does not begin a block: {around} is the one that holds it")
    return around


def _misfit(block: IPv4Network, longest: int, purpose: str) -> str:
    return f"too small: {purpose}" if block.prefixlen > longest else "more than AWS gives one block"


def _a(wanted: type[T], value: object, noun: str) -> T:
    if type(value) is not wanted:
        raise ValueError(f"is {kind(value)}, not {noun}")
    return value
