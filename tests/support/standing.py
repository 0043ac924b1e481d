"""Staging as it stands after one ``up``: made once in a run, for all its workers, and copied for each who asks."""

import fcntl
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.support.project import NETWORK, Project
from tests.support.timeline import Timeline


@dataclass(frozen=True)
class Standing:
    project: Project
    created: Timeline
    calls: int
    """To AWS, of that ``up``."""


def standing(factory: pytest.TempPathFactory, program: Path = NETWORK) -> Standing:
    """A copy of the caller's own, to look at, change or destroy."""
    parallel = "PYTEST_XDIST_WORKER" in os.environ  # then the workers' folders have one parent
    run = factory.getbasetemp().parent if parallel else factory.getbasetemp()
    made = run / f"standing-{program.stem}"
    with (run / f"{program.stem}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "up.json").exists():
            _make(Project(made, program))
    folder = factory.mktemp("copy") / "project"
    shutil.copytree(made, folder)
    noted = json.loads((made / "up.json").read_text())
    return Standing(Project(folder, program), Timeline(**noted["created"]), noted["calls"])


def _make(project: Project) -> None:
    with project.sandbox() as sandbox:
        stack = sandbox.stack("staging")
        created = Timeline.of(stack.up)
        noted = {"created": asdict(created), "calls": sandbox.gateway.faults.calls}
    (project.folder / "up.json").write_text(json.dumps(noted))
