"""Contracts of the pinned charts: which values each has, of what type, and the custom resources that it defines.

One JSON file a chart, of facts alone, derived from the chart's own files (``make contracts``). The sandbox takes from
them what a chart brings into a cluster; the tests hold every value and every custom resource of ours to them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

Tree = Mapping[str, Any]
"""Of value keys: each is a mapping of further keys, or one of JSON Schema's type names, several joined by ``|``. What
has none by default is ``any``; an ``object`` without keys and an ``array`` take what their user puts in."""


@dataclass(frozen=True, kw_only=True)
class Version:
    name: str
    storage: bool
    schema: Mapping[str, Any] | None = None
    """JSON Schema of the fields, as far as this program uses the kind."""


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A custom resource's kind as its definition names it, with the versions that are served."""

    group: str
    kind: str
    plural: str
    namespaced: bool
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        return f"{self.plural}.{self.group}"


@dataclass(frozen=True, kw_only=True)
class Contract:
    chart: str
    version: str
    values: Tree
    kinds: tuple[Defined, ...]


@cache
def contract(chart: str) -> Contract:
    """The committed one of a chart. Raises FileNotFoundError where there is none."""
    held = json.loads(path(chart).read_text(encoding="utf-8"))
    kinds = (_defined(kind) for kind in held["kinds"])
    return Contract(chart=held["chart"], version=held["version"], values=held["values"], kinds=tuple(kinds))


def path(chart: str) -> Path:
    """The file of a chart's contract."""
    return FOLDER / f"{chart}.json"


def known() -> tuple[str, ...]:
    """Names of the charts that have one."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


def _defined(kind: dict[str, Any]) -> Defined:
    versions = tuple(Version(**version) for version in kind.pop("versions"))
    return Defined(**kind, versions=versions)
