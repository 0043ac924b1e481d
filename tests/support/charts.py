"""The pinned charts: their contracts, and for real rendering their files, where those can be had.

Karpenter's come as a Go module, which the Go proxy serves to everyone. Of all charts they come from a folder that the
environment names: ``make contracts CHARTS=folder ARGS=--pull`` fills one from the publishers.
"""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from dhakacart_infra.config import versions
from dhakacart_infra.config.versions import KARPENTER, KARPENTER_CRDS, Chart
from sandbox.kubernetes.contracts import contract, derive
from tests.support.stacks import PROJECT

PINNED = [chart for chart in vars(versions).values() if isinstance(chart, Chart)]
TOOLS = PROJECT / "tools"
TOO_OLD = "; GOTOOLCHAIN=local)"  # how go ends its refusal of a module that asks for a newer one
INSTALL = "install Go 1.26.6 or later (https://go.dev/doc/install)"
MODULE = "github.com/aws/karpenter-provider-aws"
IN_MODULE = {KARPENTER: "charts/karpenter", KARPENTER_CRDS: "charts/karpenter-crd"}


@cache
def missing() -> str | None:
    """What a machine without a usable Go has to install; None if there is one."""
    if not go():
        return f"Helm is built with Go, and Karpenter's charts come as a Go module: {INSTALL}"
    answer = _go("mod", "download", "-json", MODULE)
    return f"Karpenter's module wants a newer Go: {INSTALL}" if TOO_OLD in answer.stdout + answer.stderr else None


@cache
def folder(chart: Chart) -> Path | None:
    """The pinned chart's folder, if it can be had here. Refuses a module of another version than is pinned."""
    if given := os.environ.get("CHARTS"):
        return Path(given) / f"{chart.name}-{chart.version}"
    return _module(chart.version) / IN_MODULE[chart] if chart in IN_MODULE else None


def _module(version: str) -> Path:
    answer = _go("mod", "download", "-json", MODULE)
    found: dict[str, str] = json.loads(answer.stdout or "{}")
    if "Dir" not in found:
        raise RuntimeError(f"{MODULE} of tools/charts/go.mod is not to be had: {found.get('Error') or answer.stderr}")
    if found["Version"] != f"v{version}":
        raise ValueError(
            f"versions.py pins Karpenter {version}, but tools/charts/go.mod holds {found['Version']}: "
            f"pin the same release in both: go.mod's version of {MODULE}"
        )
    return Path(found["Dir"])


def load(text: str) -> list[Any]:
    """The documents of a YAML text."""
    return derive.documents(text)


@cache
def definitions() -> dict[tuple[str, str], Any]:
    """The schema of every kind that the contracts describe, by apiVersion and kind."""
    return {
        (f"{kind.group}/{version.name}", kind.kind): version.schema
        for chart in PINNED
        for kind in contract(chart.name).kinds
        for version in kind.versions
        if version.schema
    }


def go() -> str | None:
    """The path of the go that is installed, if any."""
    return shutil.which("go")


@cache
def _go(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [go() or "go", *arguments]
    return subprocess.run(
        command, cwd=TOOLS / "charts", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
