"""The real Helm renders the pinned charts: built once a machine from the Go module that tools/helm pins."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dhakacart_infra.config.versions import KUBERNETES, Chart
from sandbox.engine import cache_folder
from tests.support import charts

MODULE = charts.TOOLS / "helm"
PACKAGE = "helm.sh/helm/v3"


@cache
def helm() -> Path:
    """The path of Helm, built first if need be: in under two minutes, and by one process alone."""
    version = re.search(rf"{PACKAGE} (v\S+)", (MODULE / "go.mod").read_text())
    if not version:
        raise ValueError(f"tools/helm/go.mod requires no {PACKAGE}: name the release to build")
    target = cache_folder(os.environ) / f"helm-{version[1]}" / "helm"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker's build is waited for
        if not target.is_file():
            _build(target)
    return target


def _build(target: Path) -> None:
    partial = target.with_suffix(".partial")
    flags = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", str(partial)]
    _run([charts.go() or "go", "build", *flags, f"{PACKAGE}/cmd/helm"], MODULE)
    partial.replace(target)


@dataclass(frozen=True)
class Rendered:
    """What Helm would install, or in its own words why it would not."""

    objects: list[dict[str, Any]]
    refusal: str | None = None


def render(chart: Chart, values: dict[str, Any], *, namespace: str) -> Rendered:
    """The chart with our values. Values that its own schema refuses are a refusal too.

    Charts that it could bring along and that are not inside it are left out: none of ours wants one.
    """
    return _render(chart, json.dumps(values, sort_keys=True), namespace)


@cache
def _render(chart: Chart, values: str, namespace: str) -> Rendered:
    with tempfile.TemporaryDirectory() as work:
        source = charts.folder(chart)
        if source is None:
            raise ValueError(f"{chart.name} cannot be rendered here: its files are not to be had")
        staged = Path(shutil.copytree(source, Path(work) / chart.name, copy_function=_copy))
        staged.chmod(0o755)  # Go keeps modules read-only
        # At a release's tag, Karpenter's still has the number of the release before (hack/release/common.sh).
        about = charts.load((staged / "Chart.yaml").read_text())[0] | {"version": chart.version}
        parts = (part for part in about.get("dependencies", ()) if (staged / "charts" / part["name"]).is_dir())
        about["dependencies"] = list(parts)
        (staged / "Chart.yaml").write_text(yaml.safe_dump(about))
        given = Path(work) / "values.json"
        given.write_text(values)
        command = [str(helm()), "template", chart.name, str(staged), "--namespace", namespace, "--values", str(given)]
        answer = subprocess.run(
            [*command, "--kube-version", KUBERNETES, "--include-crds"],
            env={"HOME": work},  # plugins and repositories of whoever runs the tests stay out of it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if answer.returncode:
        return Rendered([], answer.stderr.strip())
    documents = charts.load(answer.stdout)
    return Rendered([item for document in documents for item in document.get("items", [document])])


def _copy(source: str, target: str) -> str:
    """The content without its permissions."""
    return str(shutil.copyfile(source, target))


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "GOWORK": "off"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed in {folder}:\n{done.stderr[-2000:]}")
