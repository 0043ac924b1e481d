"""Checks that the tables of several services share: each refuses an input in the real provider's words."""

import json
import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import Any

from sandbox.providers.constraints import Inputs

Check = Callable[[Inputs], str | None]

ARN = re.compile(
    r"arn:aws(-[a-z]+)*:[^:]*"
    r":([a-z]{2}(-[a-z]+)+-\d)?"
    r":(aws|aws-managed|third-party|\d{12}|cw.{10})?"
    r":.+",
    re.DOTALL,
)
UNIQUE_SUFFIX = 26
"""Characters the provider appends to a ``namePrefix``."""


def names(*lines: str) -> frozenset[str]:
    """Property names written as running text, so that a table of twenty is four lines."""
    return frozenset(" ".join(lines).split())


def nested(inputs: Inputs, name: str) -> Inputs:
    """An input that is an object; an empty one if it is not given."""
    return inputs.get(name) or {}


def arn(name: str) -> Check:
    """Refuses anything but an ARN in the input, or in any element of it."""

    def check(inputs: Inputs) -> str | None:
        given = inputs.get(name)
        for value in given if isinstance(given, list) else [given]:  # pyright: ignore[reportUnknownVariableType]
            if isinstance(value, str) and value and not ARN.fullmatch(value):
                return f'"{name}" ({value}) is an invalid ARN: expected arn:partition:service:region:account:resource'
        return None

    return check


def matches(name: str, pattern: re.Pattern[str], complaint: str) -> Check:
    """Refuses a value that is not wholly of the pattern."""

    def check(inputs: Inputs) -> str | None:
        value = inputs.get(name)
        if isinstance(value, str) and not pattern.fullmatch(value):
            return f'invalid value for {name} ({complaint}), got "{value}"'
        return None

    return check


def json_text(name: str) -> Check:
    """Refuses text that is not JSON."""

    def check(inputs: Inputs) -> str | None:
        value = inputs.get(name)
        if not isinstance(value, str):
            return None
        try:
            json.loads(value)
        except ValueError as error:
            return f'"{name}" contains an invalid JSON: {error}'
        return None

    return check


def policy_text(name: str) -> Check:
    """Refuses text that is not one JSON object with distinct keys, as IAM's own parser would."""

    def check(inputs: Inputs) -> str | None:
        value = inputs.get(name)
        reason = _policy_fault(value) if isinstance(value, str) else None
        return f'"{name}" {reason}' if reason else None

    return check


def _policy_fault(text: str) -> str | None:
    if not text:
        return "is an empty string, which is not a valid JSON value"
    if text[0] in " \t\r\n":
        return "contains an invalid JSON policy: leading space characters are not allowed"
    if text[0] != "{":
        found = {'"': "a JSON-encoded string", "[": "a JSON array"}.get(text[0], "other text")
        return f"contains an invalid JSON policy: contains {found}, not a JSON object"
    try:
        json.loads(text, object_pairs_hook=_distinct)
    except json.JSONDecodeError as error:
        return f"contains an invalid JSON policy: {error.msg}, at offset {error.pos}"
    except KeyError as error:
        return f"contains duplicate JSON keys: {error.args[0]}"
    return None


def _distinct(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyError(key)
        found[key] = value
    return found


def network_fault(text: str, version: int | None = None) -> str | None:
    """What is wrong with a CIDR block, or nothing: its host bits must be zero, its IP version the asked one."""
    interface = _interface(text)
    kind = f"IPv{version} CIDR" if version else "CIDR"
    if interface is None:
        return f'"{text}" is not a valid CIDR block: invalid CIDR address'
    if version and interface.version != version:
        return f'"{text}" is not a valid {kind} block'
    if interface.ip != interface.network.network_address:
        return f'"{text}" is not a valid {kind} block; did you mean "{interface.network}"?'
    return None


def _interface(text: str) -> IPv4Interface | IPv6Interface | None:
    address, _, length = text.partition("/")
    if not length.isdecimal() or "%" in address:
        return None
    try:
        return ip_interface(text)
    except ValueError:
        return None


def cidr(name: str, version: int | None = None) -> Check:
    """Refuses anything but a network address in CIDR form."""

    def check(inputs: Inputs) -> str | None:
        value = inputs.get(name)
        fault = network_fault(value, version) if isinstance(value, str) else None
        return f"{name}: {fault}" if fault else None

    return check


def cidr_of_length(name: str, version: int, lengths: Iterable[int]) -> Check:
    """As ``cidr``, written the canonical way, and with a prefix of one of these lengths only."""
    well_formed, allowed = cidr(name, version), sorted(lengths)

    def check(inputs: Inputs) -> str | None:
        if fault := well_formed(inputs):
            return fault
        value = inputs.get(name)
        interface = _interface(value) if isinstance(value, str) else None
        if interface is None:
            return None
        network = interface.network
        if str(network) != value:
            return f"expected {name} to contain a valid network Value, expected {network}, got {value}"
        if network.prefixlen not in allowed:
            wanted = f"between {allowed[0]} and {allowed[-1]} significant bits, got: {network.prefixlen}"
            return f'expected "{name}" to contain a network Value with {wanted}'
        return None

    return check
