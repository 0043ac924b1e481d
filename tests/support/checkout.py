"""The project as a clone of it is after ``make setup``: what is tracked, and an environment."""

import shutil
import subprocess
from pathlib import Path

from tests.support.stacks import PROJECT


def checkout(folder: Path) -> Path:
    """Without the tests, which no stack needs."""
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.splitlines():
        if (PROJECT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, folder / name)
    return folder


def give_environment(folder: Path) -> None:
    (folder / ".venv").symlink_to(PROJECT / ".venv")


def github_step(step: str, *, folder: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """A step as GitHub runs it: by ``bash`` with these options."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
