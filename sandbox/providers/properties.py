"""Property bags as they come from and go to the engine."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2

Props = dict[str, Any]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a value that only an update will know."""


def from_struct(struct: struct_pb2.Struct) -> Props:
    """Plain values; JSON numbers that are whole become int, as every property of AWS wants them."""
    return {key: _whole(value) for key, value in json_format.MessageToDict(struct).items() if not _internal(key)}


def to_struct(props: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    json_format.ParseDict({key: value for key, value in props.items() if value is not None}, struct)
    return struct


def has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value == UNKNOWN


def _internal(key: str) -> bool:
    return key.startswith("__")


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items() if not _internal(key)}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list):
        return [_whole(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return int(value) if isinstance(value, float) and value.is_integer() else value
