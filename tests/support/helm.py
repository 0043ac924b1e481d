"""The real Helm renders the pinned charts: built once a machine from the Go module that tools/helm pins."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dhakacart_infra.config.versions import KUBERNETES, Chart
from sandbox import go_programs
from sandbox.engine import progress_on
from sandbox.go_programs import Suite
from tests.support import charts

HELM = Suite(
    name="Helm",
    wanted="Charts are rendered by the program that installs them, which is built from source",
    folder="helm",
    requires="helm.sh/helm/v3",
    programs={"helm": "helm.sh/helm/v3/cmd/helm"},
    minutes="two minutes",
)


@cache
def helm() -> Path:
    """The path of Helm, built first if need be."""
    return go_programs.resolve([HELM], progress_on(sys.stderr))["helm"]


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
