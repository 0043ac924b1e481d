"""The pinned charts as files, out of the Go modules of their projects: the Go proxy serves those, whole, to everyone.

A project packages its chart's folder as it is at the release's tag. Those that are ``stamped`` write the release's
number into it only then (karpenter-provider-aws, hack/release/common.sh; external-secrets, the commit that its tag
helm-chart-1.3.2 names): at the tag itself the folder still has the number of the release before.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dhakacart_infra.config.versions import (
    EXTERNAL_SECRETS,
    KARPENTER,
    KARPENTER_CRDS,
    LOAD_BALANCER_CONTROLLER,
    Chart,
)
from tests.support.stacks import PROJECT

TOOLS = PROJECT / "tools"
TOO_OLD = "; GOTOOLCHAIN=local)"  # how go ends its refusal of a module that asks for a newer one
INSTALL = "install Go 1.26.6 or later (https://go.dev/doc/install)"


@dataclass(frozen=True)
class Source:
    """Where a chart's folder and the definitions of its custom resources are."""

    module: str
    folder: str
    definitions: str
    stamped: bool


KARPENTER_MODULE = "github.com/aws/karpenter-provider-aws"
SOURCES = {
    KARPENTER: Source(KARPENTER_MODULE, "charts/karpenter", "pkg/apis/crds", stamped=True),
    KARPENTER_CRDS: Source(KARPENTER_MODULE, "charts/karpenter-crd", "pkg/apis/crds", stamped=True),
    LOAD_BALANCER_CONTROLLER: Source(
        "sigs.k8s.io/aws-load-balancer-controller",
        "helm/aws-load-balancer-controller",
        "helm/aws-load-balancer-controller/crds",
        stamped=False,
    ),
    EXTERNAL_SECRETS: Source(
        "github.com/external-secrets/external-secrets",
        "deploy/charts/external-secrets",
        "config/crds/bases",
        stamped=True,
    ),
}


@cache
def missing() -> str | None:
    """What a machine without a usable Go has to install; None if there is one."""
    if not go():
        return f"charts come as Go modules and Helm is built with Go: {INSTALL}"
    answer = _go("mod", "download", "-json", KARPENTER_MODULE)
    return f"the charts' modules want a newer Go: {INSTALL}" if TOO_OLD in answer.stdout + answer.stderr else None


def module(path: str) -> tuple[Path, str]:
    """The folder and the version of a module of tools/charts, downloaded if it is not there yet."""
    answer = _go("mod", "download", "-json", path)
    found: dict[str, str] = json.loads(answer.stdout or "{}")
    if "Dir" not in found:
        raise RuntimeError(f"{path} of tools/charts/go.mod is not to be had: {found.get('Error') or answer.stderr}")
    return Path(found["Dir"]), found["Version"]


@cache
def folder(chart: Chart) -> Path:
    """The pinned chart's folder. Refuses a module that holds another version of it than is pinned."""
    source = SOURCES[chart]
    root, version = module(source.module)
    path = root / source.folder
    held = version.removeprefix("v") if source.stamped else metadata(path)["version"]
    if held != chart.version:
        raise ValueError(
            f"versions.py pins {chart.name} {chart.version}, but tools/charts/go.mod holds {held} ({version}). "
            f"Pin the same release in both: go.mod's version of {source.module}."
        )
    return path


def metadata(path: Path) -> dict[str, Any]:
    """What Chart.yaml says."""
    return load((path / "Chart.yaml").read_text())[0]


@cache
def defaults(chart: Chart) -> dict[str, Any]:
    """The chart's values.yaml."""
    return load((folder(chart) / "values.yaml").read_text())[0]


def load(text: str) -> list[Any]:
    """The documents of a YAML text, by the parser that is written in C: definitions are megabytes."""
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


@cache
def definitions() -> dict[tuple[str, str], dict[str, Any]]:
    """The OpenAPI schema of every custom resource that the pinned charts define, by apiVersion and kind."""
    paths = {module(source.module)[0] / source.definitions for source in SOURCES.values()}
    documents = [found for path in paths for file in path.glob("*.yaml") for found in load(file.read_text())]
    return {
        (f"{found['spec']['group']}/{version['name']}", found["spec"]["names"]["kind"]): version["schema"][
            "openAPIV3Schema"
        ]
        for found in documents
        if found.get("kind") == "CustomResourceDefinition"
        for version in found["spec"]["versions"]
        if version["served"]
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
