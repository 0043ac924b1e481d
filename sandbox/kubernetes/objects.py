"""What identifies an object, and how the provider and the API server write it."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.kubernetes.cluster import Key
from sandbox.kubernetes.plain import at, is_list, is_map, map_at
from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.provider import Call, ResourceError

AUTONAMED = "pulumi.com/autonamed"
RANDOM_DIGITS = 8  # hexadecimal; of what sdk/go/common/resource's NewUniqueName makes by default
IRREGULAR = {"Endpoints": "endpoints"}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind as an object names it: group, version and kind."""

    api_version: str
    kind: str

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        return self.api_version.rpartition("/")[2]

    @property
    def plural(self) -> str:
        """``deployments.apps``, as the API server's messages name it."""
        name = self.kind.lower()
        if self.kind not in IRREGULAR:
            name = f"{name[:-1]}ies" if name.endswith("cy") else f"{name}es" if name.endswith("s") else f"{name}s"
        return f"{name}.{self.group}" if self.group else name

    def __str__(self) -> str:
        return f'kind "{self.kind}" in version "{self.api_version}"'


def kind_of(call: Call, inputs: Mapping[str, Any]) -> Kind:
    """From the object itself or, where it does not say, its type token. Raises ResourceError for what is no object."""
    group, version, kind = _token(call.type)
    if kind.endswith("List") and kind != "List":
        raise ResourceError(
            "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created "
            "directly. Use the underlying resource type instead"
        )
    if kind.endswith("Patch"):
        raise ResourceError(f"the sandbox does not know {call.type}: make the object itself instead of patching it")
    return Kind(
        api_version=inputs.get("apiVersion") or (version if group == "core" else f"{group}/{version}"),
        kind=inputs.get("kind") or kind,
    )


def _token(token: str) -> tuple[str, str, str]:
    """``kubernetes:apps/v1:Deployment`` in its parts."""
    _, module, kind = token.split(":")
    group, slash, version = module.rpartition("/")
    if not slash:
        raise ResourceError(f"the sandbox does not know {token}: it is no kind of object")
    return group, version, kind


def metadata(value: Mapping[str, Any]) -> Props:
    """An object's metadata, empty if it has none or they are not known yet."""
    return map_at(value, "metadata")


def name_of(value: Mapping[str, Any]) -> str:
    return metadata(value).get("name") or ""


def key_of(kind: Kind, value: Mapping[str, Any], *, namespaced: bool) -> Key:
    """Where the object stands. Raises ResourceError for a name the engine does not know yet."""
    name = name_of(value)
    if name == UNKNOWN:
        raise ResourceError(f"the name of a {kind.kind} is not known")
    return Key(kind.group, kind.kind, (metadata(value).get("namespace") or "default") if namespaced else "", name)


def key_from_id(kind: Kind, resource_id: str, *, namespaced: bool) -> Key:
    namespace, _, name = resource_id.rpartition("/")
    return Key(kind.group, kind.kind, (namespace or "default") if namespaced else "", name)


def resource_id(value: Mapping[str, Any]) -> str:
    """``namespace/name`` where the object says its namespace, else its name."""
    namespace = metadata(value).get("namespace")
    return f"{namespace}/{name_of(value)}" if namespace else name_of(value)


def with_name(call: Call, inputs: Props, olds: Props, seed: bytes) -> Props:
    """The object under a name: its own or, where it has none, the one it had or one made up, and marked as such."""
    given = metadata(inputs)
    if given.get("name") or inputs.get("metadata") == UNKNOWN:
        return inputs
    if given.get("generateName"):
        raise ResourceError("the `.metadata.generateName` field is not supported in Server-Side Apply mode")
    name = name_of(olds) if is_autonamed(olds) else made_up_name(call, seed)
    annotations = map_at(given, "annotations") | {AUTONAMED: "true"}
    return {**inputs, "metadata": {**given, "name": name, "annotations": annotations}}


def made_up_name(call: Call, seed: bytes) -> str:
    return f"{call.name}-{(seed or secrets.token_bytes(RANDOM_DIGITS)).hex()[:RANDOM_DIGITS]}"


def is_autonamed(value: Mapping[str, Any]) -> bool:
    return at(value, "metadata", "annotations", AUTONAMED) == "true"


def normal(value: Props) -> Props:
    """One way to write what means the same: a Secret's ``stringData`` is ``data``, ``x_kubernetes_…`` has dashes."""
    plain: Props = _dashed(value)
    if plain.get("kind") == "Secret" and "stringData" in plain:
        encoded = {name: _encoded(text) for name, text in map_at(plain, "stringData").items()}
        plain = {name: value for name, value in plain.items() if name != "stringData"}
        plain["data"] = map_at(plain, "data") | encoded
    return plain


def _encoded(text: Any) -> Any:
    return base64.b64encode(text.encode()).decode() if isinstance(text, str) and text != UNKNOWN else text


def _dashed(value: Any) -> Any:
    """Property names in Pulumi have no dashes; ``x_kubernetes_preserve_unknown_fields`` stands for one that has."""
    if is_list(value):
        return [_dashed(item) for item in value]
    if not is_map(value):
        return value
    dashes = {name: name.replace("_", "-") for name in value if name.startswith("x_kubernetes_")}
    return {dashes.get(name, name): _dashed(item) for name, item in value.items()}
