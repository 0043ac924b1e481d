"""One measured preview: a worker started, its memory watched, its answer read."""

import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.worker import Answer, Request
from sandbox.errors import SandboxError

WATCH_SECONDS = 0.05  # between two looks at memory: a peak that is shorter is not seen
MB = 1_000_000
KEPT_LINES = 30  # of what a failed worker said


@dataclass(frozen=True, kw_only=True)
class Sample(Answer):
    """A preview's cost; memory is the largest resident size seen, in MB."""

    program_mb: float
    engine_mb: float

    @property
    def body(self) -> float:
        """Seconds from the call of the program to the end: without the engine's start, which no program can change."""
        return self.wall - self.start


def measure(request: Request, project: Path, bytecode: Path) -> Sample:
    """Run one preview. Raises SandboxError with the worker's last lines if it fails.

    ``bytecode`` keeps compiled modules from one preview to the next, whatever the caller's settings: compiling the
    SDKs' takes longer than everything else.
    """
    errors = Path(request.folder) / "errors"
    errors.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "bench.worker", request.to_json()]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(bytecode)}
    with (
        errors.open("w") as stderr,
        subprocess.Popen(command, cwd=project, env=env, stdout=subprocess.PIPE, stderr=stderr) as run,
    ):
        program_mb, engine_mb = _peaks(run)
        output = run.stdout.read() if run.stdout else b""
    if run.returncode:
        said = "\n".join(errors.read_text().splitlines()[-KEPT_LINES:])
        raise SandboxError(
            f"the preview of {request.program} ({request.stack}) failed:\n{said}",
            "`make preview`: what fails there fails here; if that works, this program is at fault",
        )
    return Sample(**json.loads(output.splitlines()[-1]), program_mb=program_mb, engine_mb=engine_mb)


def measure_command(stack: str, folder: Path, project: Path, bytecode: Path) -> Sample:
    """``make preview`` without make, from the start of the process to its end."""
    command = [sys.executable, "-m", "sandbox", "preview", "--stack", stack, "--state", str(folder)]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(bytecode)}
    folder.mkdir(parents=True)
    output = folder / "output"
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with output.open("w") as out, subprocess.Popen(command, cwd=project, env=env, stdout=out, stderr=out) as run:
        program_mb, engine_mb = _peaks(run)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    counted = re.search(r"\+ (\d+) to create", output.read_text())
    if run.returncode or not counted:
        said = "\n".join(output.read_text().splitlines()[-KEPT_LINES:])
        raise SandboxError(f"`make preview STACK={stack}` failed:\n{said}", "correct what it names")
    return Sample(
        resources=int(counted[1]),
        wall=wall,
        start=0.0,
        # The engine's is in it: the process is the engine's parent, and only their sum is known.
        program_cpu=(after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime),
        engine_cpu=0.0,
        program_mb=program_mb,
        engine_mb=engine_mb,
    )


def _peaks(run: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The largest resident size of the worker and of its largest child, the engine, until the worker ends."""
    program = engine = 0
    process = psutil.Process(run.pid)
    while run.poll() is None:
        program = max(program, _resident(process))
        try:
            children = process.children()
        except psutil.Error:
            children = []
        engine = max([engine, *map(_resident, children)])
        time.sleep(WATCH_SECONDS)
    return program / MB, engine / MB


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:  # it has ended meanwhile
        return 0
