"""The ordinary CLI: what it makes of a stack file."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from sandbox import workspace
from sandbox.engine import resolve

PROJECT_NAME = "shop"
STACK = "ordinary"


class Cli:
    """The real engine in a folder of its own, where one stack exists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pulumi = str(resolve(print))
        self._env = {**os.environ, **workspace.environment(folder, {})}
        (folder / "Pulumi.yaml").write_text(f"name: {PROJECT_NAME}\nruntime: python\n")
        self.run("stack", "init", STACK)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self._pulumi, "--non-interactive", *arguments]
        return subprocess.run(command, cwd=self.folder, env=self._env, capture_output=True, text=True, check=False)

    def config(self, path: Path, *arguments: str) -> dict[str, Any] | str:
        """Every value that ``path`` sets, as a program would get it; the engine's complaint if it can read none."""
        said = self.run("config", "--json", "--stack", STACK, "--config-file", str(path), *arguments)
        return json.loads(said.stdout) if said.returncode == 0 else said.stderr.replace(str(path), "")
