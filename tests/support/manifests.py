"""Kubernetes objects as the program hands them over, and what the API server of the cluster's version says of them.

Unknown fields are refused, as `kubectl --validate=strict` does: the API server drops them with no more than a warning.
Of custom resources, what only an API server can run is left out: their CEL rules (``x-kubernetes-validations``).
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import kubernetes_validate
from pulumi.runtime import rpc

from dhakacart_infra.config.versions import KUBERNETES
from sandbox.kubernetes import schemas
from tests.support.recorder import Recorder

Manifest = dict[str, Any]
Schema = dict[str, Any]
Definitions = dict[tuple[str, str], Schema]


class UnknownKindError(Exception):
    """A kind that a bare cluster does not have: something has to define it."""


def manifests(recorder: Recorder) -> Iterator[tuple[str, Manifest]]:
    """Every object that the program makes itself, by its logical name; not what Helm makes of a release."""
    for resource in recorder.resources:
        if resource.type.startswith("kubernetes:") and {"apiVersion", "kind"} <= resource.inputs.keys():
            yield resource.name, whole(resource.inputs)


def whole(value: Any) -> Any:
    """What Kubernetes gets of a registered value: the engine knows no integers, only doubles, and wraps secrets."""
    if isinstance(value, dict) and value.get(rpc._special_sig_key) == rpc._special_secret_sig:
        return whole(value["value"])
    if isinstance(value, dict):
        return {key: whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [whole(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def problems(manifest: Manifest) -> list[str]:
    """What is wrong with an object, going by the schemas of the cluster's version."""
    return _problems(json.dumps(manifest, sort_keys=True))


@cache
def _problems(text: str) -> list[str]:
    """Stacks have much in common, and the validator reads its schemas anew for each object."""
    manifest = json.loads(text)
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        raise UnknownKindError(f"{manifest['apiVersion']} {manifest['kind']}") from None
    except kubernetes_validate.ValidationError as error:
        return [_told(error.absolute_path, error.message)]
    return []


def custom_problems(manifest: Manifest, definitions: Definitions) -> list[str]:
    """What is wrong with a custom resource, going by its definition."""
    kind = (manifest["apiVersion"], manifest["kind"])
    if kind not in definitions:
        return [f"no pinned chart defines {' '.join(kind)}"]
    return [found.reason for found in schemas.failures(schemas.custom(definitions[kind]), manifest)]


def is_built_in(manifest: Manifest) -> bool:
    try:
        problems(manifest)
    except UnknownKindError:
        return False
    return True


def _told(path: Iterable[str | int], message: str) -> str:
    return f"{'.'.join(map(str, path)) or 'the object'}: {message}"
