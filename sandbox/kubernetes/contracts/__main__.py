"""Derives the contracts of the pinned charts anew, and says what has changed in them."""

import argparse
import difflib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dhakacart_infra.config import versions
from dhakacart_infra.config.versions import KARPENTER, KUBE_PROMETHEUS_STACK, KUBERNETES, Chart
from sandbox.kubernetes.contracts import path
from sandbox.kubernetes.contracts.derive import derive, documents, parts, written

PINNED = [chart for chart in vars(versions).values() if isinstance(chart, Chart)]
SHOWN_LINES = 60
WITHOUT_KINDS = (KARPENTER, KUBE_PROMETHEUS_STACK)
"""Their definitions are those of a chart of their own, which is installed in their stead."""


class NoChartError(Exception):
    """Says what is missing and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make contracts", description=__doc__, epilog=HELP)
    parser.add_argument("--charts", type=Path, metavar="FOLDER", help="has a folder NAME-VERSION for each pinned chart")
    parser.add_argument("--pull", action="store_true", help="fill the folder from the charts' publishers first")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a contract differs")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            differing = [_derive(chart, given, Path(scratch)) for chart in PINNED]
        except NoChartError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    return 1 if given.check and any(differing) else 0


HELP = "Without a folder the charts are pulled, used and thrown away. Pulling takes `helm` in the PATH."


def _derive(chart: Chart, given: argparse.Namespace, scratch: Path) -> bool:
    """Whether the chart's contract is another than the committed one, which it replaces unless asked to check only."""
    folder = (given.charts or scratch) / f"{chart.name}-{chart.version}"
    if given.pull or not given.charts:
        _pull(chart, folder, scratch)
    if not (folder / "values.yaml").is_file():
        raise NoChartError(
            f"{folder} has no values.yaml: name a folder that holds the files of {chart.name} {chart.version}, "
            "or have it filled with ARGS=--pull"
        )
    text = written(_contract(chart, folder))
    differs = _differs(chart, text)
    if not given.check:
        path(chart.name).write_text(text, encoding="utf-8")
    return differs


def _pull(chart: Chart, folder: Path, scratch: Path) -> None:
    _helm("pull", *_address(chart), "--version", chart.version, "--untar", "--untardir", str(scratch / "pulled"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(scratch / "pulled" / chart.name, folder)


def _address(chart: Chart) -> list[str]:
    return [chart.source] if chart.source != chart.name else [chart.name, "--repo", chart.repository]


def _contract(chart: Chart, folder: Path) -> Mapping[str, Any]:
    stated = documents((folder / "Chart.yaml").read_text(encoding="utf-8"))[0]["name"]
    if stated != chart.name:
        raise NoChartError(f"{folder} holds the chart {stated}, not {chart.name}: name the folder of the right one")
    return derive(chart.name, chart.version, folder, _definitions(chart, folder))


def _definitions(chart: Chart, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Those in ``crds``, and those among the templates, which Helm has to render first."""
    if chart in WITHOUT_KINDS:
        return
    files = sorted((folder / "crds").glob("*.yaml"))
    yield from (found for file in files for found in documents(file.read_text(encoding="utf-8")))
    if any((place / "templates").is_dir() for place in (folder, *(part for _, part in parts(folder)))):
        rendered = _helm("template", chart.name, str(folder), "--kube-version", KUBERNETES, "--set", "clusterName=any")
        yield from documents(rendered)


def _helm(*arguments: str) -> str:
    command = shutil.which("helm")
    if not command:
        raise NoChartError(
            "there is no helm in the PATH: install it (https://helm.sh/docs/intro/install), "
            "or name a folder of charts: make contracts CHARTS=folder"
        )
    done = subprocess.run([command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoChartError(f"helm {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout


def _differs(chart: Chart, text: str) -> bool:
    """Shows what is different, in a readable length."""
    before = path(chart.name).read_text(encoding="utf-8") if path(chart.name).is_file() else ""
    lines = list(difflib.unified_diff(before.splitlines(), text.splitlines(), "committed", "derived", n=2, lineterm=""))
    more = [f"... and {len(lines) - SHOWN_LINES} lines more"] if len(lines) > SHOWN_LINES else []
    print(
        f"{chart.name} {chart.version}: {_count(lines) if lines else 'as committed'}",
        *lines[:SHOWN_LINES],
        *more,
        sep="\n",
    )
    return bool(lines)


def _count(lines: Sequence[str]) -> str:
    added, removed = (sum(bool(re.match(rf"[{sign}](?![{sign}])", line)) for line in lines) for sign in "+-")
    return f"{added} lines added, {removed} removed"


if __name__ == "__main__":
    sys.exit(main())
