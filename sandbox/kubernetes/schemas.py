"""What the schemas of a cluster's version say of an object: unknown fields, missing ones, wrong types and values.

The API server only warns of an unknown field in what it creates; here it is refused, because a misspelt field is
dropped there and nobody reads the warning.
"""

import functools
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator
from referencing import Registry, Resource

from sandbox.kubernetes.objects import Kind
from sandbox.kubernetes.plain import is_list, is_map, map_at
from sandbox.providers.properties import UNKNOWN, Props, has_unknown
from sandbox.providers.provider import Failure

FOLDER = resources.files("kubernetes_validate") / "kubernetes-json-schema"
NAME = re.compile(r"v(\d+)\.(\d+)\.\d+-local-strict")
SHOWN_LENGTH = 60
COMBINED = {"oneOf", "anyOf", "allOf", "not", "uniqueItems"}
QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
QUANTITY_FORM = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)$"
"""kubernetes apimachinery, pkg/api/resource/quantity.go; the schemas only say that it is a text or a number."""
OF_METADATA = {
    "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
}


@functools.cache
def _folders() -> dict[tuple[int, int], Any]:
    found = ((NAME.fullmatch(entry.name), entry) for entry in FOLDER.iterdir())
    return {(int(match[1]), int(match[2])): entry for match, entry in found if match}


@functools.cache
def _folder(version: str) -> Any:
    """The schemas of that version or, where there are none, of the newest before it."""
    folders = _folders()
    major, _, minor = version.partition(".")
    wanted = (int(major), int(minor)) if version else max(folders)
    return folders[max((known for known in folders if known <= wanted), default=min(folders))]


@functools.cache
def _registry(version: str) -> Registry[Any]:
    definitions: Any = json.loads((_folder(version) / "_definitions.json").read_text())
    definitions["$defs"][QUANTITY] = {"type": ["string", "number", "null"], "pattern": QUANTITY_FORM}
    return Registry[Any]().with_resource(definitions["$id"], Resource.from_contents(definitions)).crawl()


@functools.cache
def built_in(version: str, kind: Kind) -> Any:
    """The validator of a kind that every cluster of the version has, or None if it has no such kind."""
    group = kind.group.partition(".")[0]
    file = _folder(version) / "-".join(part for part in (kind.kind.lower(), group, f"{kind.version}.json") if part)
    if not file.is_file():
        return None
    schema = json.loads(file.read_text())
    meant = {"group": kind.group, "kind": kind.kind, "version": kind.version}
    if meant not in schema.get("x-kubernetes-group-version-kind", ()):  # another group of that first name, or no kind
        return None
    return Draft202012Validator(schema, registry=Resource.from_contents(schema) @ _registry(version))


def custom(schema: Mapping[str, Any]) -> Any:
    """The validator that an ``openAPIV3Schema`` of a custom resource's definition stands for."""
    closed = _closed(schema)
    own = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}}
    meta = {"type": "object", "properties": OF_METADATA}
    closed["properties"] = closed.get("properties", {}) | own | {"metadata": meta}
    return Draft4Validator(closed)  # OpenAPI 3.0's dialect: exclusiveMinimum is a boolean


def _closed(schema: Mapping[str, Any]) -> Props:
    """A structural schema as JSON schema: fields it does not list are refused, ``nullable`` ones may be null."""
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(part) for name, part in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema:
            closed["additionalProperties"] = False
    for part in ("items", "additionalProperties"):
        if is_map(schema.get(part)):
            closed[part] = _closed(schema[part])
    if schema.get("x-kubernetes-int-or-string"):
        closed["type"] = ["integer", "string"]
    if schema.get("nullable") and "type" in closed:
        kinds = closed["type"]
        closed["type"] = [*(kinds if is_list(kinds) else [kinds]), "null"]
    return closed


def failures(validator: Any, value: Props) -> list[Failure]:
    """What is wrong with the object, in the API server's words; what is not known yet is not judged.

    The data of a Secret is never shown.
    """
    secret = value.get("kind") == "Secret"
    found = [_failure(error, show=not secret) for error in validator.iter_errors(value) if not _unknowable(error)]
    return sorted(found, key=lambda failure: (failure.property, failure.reason))


def _unknowable(error: Any) -> bool:
    return error.instance == UNKNOWN or (error.validator in COMBINED and has_unknown(error.instance))


def _failure(error: Any, *, show: bool) -> Failure:
    steps, rule, instance = list(error.absolute_path), error.validator_value, error.instance
    path, value = dotted(steps), _shown(instance) if show else "(secret)"
    given = instance if is_map(instance) else {}
    if error.validator == "additionalProperties":
        known = sorted(map_at(error.schema, "properties"))
        strange = ", ".join(f'"{dotted([*steps, name])}"' for name in sorted(given.keys() - set(known)))
        return Failure(property=path, reason=f"unknown field {strange}: known here are {', '.join(known)}")
    if error.validator == "required":
        missing = ", ".join(dotted([*steps, name]) for name in rule if name not in given)
        return Failure(property=path, reason=f"{missing}: Required value")
    if error.validator == "type":
        wanted = [name for name in (rule if is_list(rule) else [rule]) if name != "null"]
        return Failure(property=path, reason=f"{path}: Invalid value: {value}: must be of type {' or '.join(wanted)}")
    if error.validator == "enum":
        allowed = ", ".join(json.dumps(option) for option in rule)
        return Failure(property=path, reason=f"{path}: Unsupported value: {value}: supported values: {allowed}")
    if rule == QUANTITY_FORM:
        reason = f"{path}: Invalid value: {value}: quantities must match the regular expression '{rule}'"
        return Failure(property=path, reason=reason)
    return Failure(property=path, reason=f"{path}: Invalid value: {value}: {error.validator} is {_shown(rule)}")


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def dotted(path: list[Any]) -> str:
    """``spec.containers[0].image``; a name with dots of its own is in brackets too."""
    text = ""
    for part in path:
        plain = isinstance(part, str) and re.fullmatch(r"[\w-]+", part)
        text += f".{part}" if plain else f"[{json.dumps(part)}]"
    return text.removeprefix(".")
