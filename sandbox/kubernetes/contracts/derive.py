"""A contract from a chart's own files: Chart.yaml, values.yaml, values.schema.json where there is one, definitions."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox.kubernetes.plain import is_map, map_at
from sandbox.providers.properties import Props

SELECTED = ("jobLabel", "namespaceSelector", "sampleLimit", "selector")
SCRAPED = (
    *("honorLabels", "interval", "metricRelabelings", "path", "port", "relabelings"),
    *("scheme", "scrapeTimeout", "targetPort"),
)
FIELDS_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Beat": {},
    "ClusterSecretStore": {"spec.provider": ("aws",)},
    "EC2NodeClass": {},
    "Elasticsearch": {},
    "ExternalSecret": {},
    "IngressClassParams": {},
    "Kibana": {},
    "NodePool": {},
    "PodMonitor": {"spec": (*SELECTED, "podMetricsEndpoints"), "spec.podMetricsEndpoints": SCRAPED},
    "PrometheusRule": {},
    "ServiceMonitor": {"spec": (*SELECTED, "endpoints"), "spec.endpoints": SCRAPED},
    "TargetGroupBinding": {},
}
"""Kinds that this program may use, whose fields a contract has; of some objects only the named members, since all the
providers of External Secrets are thirty times what AWS's takes."""
LISTED_IN_COMMENTS = frozenset({"featureGates"})
"""Mappings that are empty by default and whose possible members values.yaml lists as comments below."""
COMMENTED = re.compile(r"(?m)^( *)# (priorityClassName):(?: \"\")?$")
"""What charts take and show by a comment alone, in its place."""
PROSE = frozenset(
    {"default", "description", "example", "format", "x-kubernetes-list-map-keys", "x-kubernetes-list-type"}
    | {"x-kubernetes-map-type", "x-kubernetes-validations"}
)
"""What in a schema says nothing about a value's form; CEL rules (``-validations``) only an API server runs."""
NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", type(None): "any"}


class _Loader(yaml.CSafeLoader):
    """YAML as Go reads it: there a lone ``=`` is a text, to PyYAML a value of YAML 1.1 that it cannot make."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: str(node.value))


def documents(text: str) -> list[Any]:
    """Of a YAML text, without empty ones."""
    return [found for found in yaml.load_all(text, Loader=_Loader) if found]


def derive(chart: str, version: str, folder: Path, definitions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The contract of a chart whose files are in ``folder``; ``definitions`` may hold other objects too."""
    specs = (found["spec"] for found in definitions if found.get("kind") == "CustomResourceDefinition")
    return {
        "chart": chart,
        "version": version,
        "values": _values(folder),
        "kinds": sorted((_kind(spec) for spec in specs), key=lambda kind: (kind["group"], kind["kind"])),
    }


def parts(folder: Path) -> Iterator[tuple[str, Path]]:
    """The charts that a chart brings along, by the key under which they get their values: inside it, as Helm packs
    them, or beside it in folders NAME-VERSION. One that is in neither place is left out."""
    stated = documents((folder / "Chart.yaml").read_text(encoding="utf-8"))[0]
    for part in stated.get("dependencies", ()):
        name, version = part["name"], part["version"]
        places = (folder / "charts" / name, folder.parent / f"{name}-{version}")
        yield from ((part.get("alias", name), place) for place in places if (place / "Chart.yaml").is_file())


def written(contract: Mapping[str, Any]) -> str:
    """The text of a contract's file: a line for each key, so that the difference of two releases can be read."""
    return json.dumps(contract, indent=1, sort_keys=True) + "\n"


def _values(folder: Path) -> dict[str, Any]:
    """The tree of the chart's own keys, and of those of its parts below each one's."""
    file = folder / "values.yaml"
    text = COMMENTED.sub(r"\1\2:", file.read_text(encoding="utf-8")) if file.is_file() else ""
    defaults: Props = (documents(text) or [{}])[0]
    schema = folder / "values.schema.json"
    typed: Props = json.loads(schema.read_text(encoding="utf-8")) if schema.is_file() else {}
    below = {key: _values(part) for key, part in parts(folder)}
    return _merged(below, _tree(defaults, typed, text))


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """A part's keys, and what the chart that brings it makes of them: it has the last word on a type."""
    both = {key: _merged(below[key], above[key]) for key in below if is_map(below[key]) and is_map(above.get(key))}
    kept = {key: below[key] for key in below if is_map(below[key]) and above.get(key) == "object"}
    return {**below, **above, **kept, **both}


def _tree(defaults: Mapping[str, Any], typed: Mapping[str, Any], text: str) -> dict[str, Any]:
    members = map_at(typed, "properties")
    return {
        key: _branch(key, defaults.get(key), map_at(members, key), text)
        for key in [*defaults, *(name for name in members if name not in defaults)]
    }


def _branch(key: str, default: Any, typed: Mapping[str, Any], text: str) -> Any:
    if key in LISTED_IN_COMMENTS and default == {}:
        return _listed(key, text) or "object"
    if is_map(default) or typed.get("type") == "object":
        return _tree(default or {}, typed, text) or "object"
    named = typed.get("type") or NAMES[type(default)]
    return named if isinstance(named, str) else "|".join(sorted(named))


def _listed(key: str, text: str) -> dict[str, str]:
    below = text.partition(f"{key}: {{}}\n")[2]
    block = re.match(r"(?:[ ]*# \w+: \S+\n)+", below)
    members: Props = documents(re.sub(r"(?m)^ *# ", "", block[0]))[0] if block else {}
    return {name: NAMES[type(value)] for name, value in members.items()}


def _kind(spec: Mapping[str, Any]) -> dict[str, Any]:
    names = spec["names"]
    return {
        "group": spec["group"],
        "kind": names["kind"],
        "plural": names["plural"],
        "namespaced": spec["scope"] == "Namespaced",
        "versions": [_version(names["kind"], version) for version in spec["versions"] if version["served"]],
    }


def _version(kind: str, version: Mapping[str, Any]) -> dict[str, Any]:
    found = {"name": version["name"], "storage": version["storage"]}
    if kind in FIELDS_OF:
        found["schema"] = dict(_fields(version["schema"]["openAPIV3Schema"], FIELDS_OF[kind], ""))
    return found


def _fields(schema: Mapping[str, Any], only: Mapping[str, tuple[str, ...]], path: str) -> Iterator[tuple[str, Any]]:
    """The schema without prose, and without what the controllers write: the status."""
    for name, value in schema.items():
        if name == "properties":
            kept = {
                member: dict(_fields(part, only, f"{path}.{member}".lstrip(".")))
                for member, part in value.items()
                if member in only.get(path, value) and f"{path}.{member}" != ".status"
            }
            yield name, kept
        elif name not in PROSE:
            yield name, dict(_fields(value, only, path)) if is_map(value) else value
