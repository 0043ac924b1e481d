"""The command line as its users have it: arguments in; exit code, output and complaints back."""

import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from sandbox import commands
from sandbox.cli import main
from sandbox.session import Sandbox
from tests.support.project import Project
from tests.support.stacks import PROJECT

START_SECONDS = 60
STOP_SECONDS = 30
PORTS = range(10_000, 30_000)  # Linux gives out 32768 and up, macOS and Windows 49152 and up
# As a job of a script and under nohup: a program that does not install its own handler is deaf to Ctrl-C then.
DEAF = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


def run(project: Project, *arguments: str) -> Run:
    """``sandbox …`` in a copy of the project, in this process: a process of its own costs two seconds of imports.

    Nobody kills it, so it writes once at its end.
    """
    here = patch.object(commands, "PROJECT", project.folder)
    once = patch.object(commands, "Sandbox", partial(Sandbox, write_through=False))
    with here, once, redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(arguments)
    return Run(code, out.getvalue(), err.getvalue())


def execute(*arguments: str, env: Mapping[str, str] | None = None) -> Run:
    """``python …`` as a process of its own, in the project."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=clean() | dict(env or {}), capture_output=True, text=True, check=False
    )
    return Run(done.returncode, done.stdout, done.stderr)


def clean() -> dict[str, str]:
    """This process's environment without any settings of AWS or Pulumi."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_", "MOTO_"))}


def interrupted(state: Path, at: str, *arguments: str) -> Run:
    """``python -m sandbox …`` that gets Ctrl-C, as a terminal sends it, when a line with ``at`` in it is printed."""
    command = [*DEAF, sys.executable, "-m", "sandbox", *arguments, "--state", str(state)]
    out = ""
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=clean(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # the engine is in the foreground too, and we are not
    ) as process:
        for line in process.stdout or ():
            out += line
            if at in line:
                os.killpg(process.pid, signal.SIGINT)
                break
        rest, err = process.communicate(timeout=STOP_SECONDS)
    return Run(process.returncode, out + rest, err)


class Serving:
    """``python -m sandbox serve`` while it runs; ``exports`` is what it printed for other shells."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.exports = self._printed()

    def stop(self, how: signal.Signals = signal.SIGINT) -> Run:
        self._process.send_signal(how)
        out, err = self._process.communicate(timeout=STOP_SECONDS)
        return Run(self._process.returncode, out, err)

    def _printed(self) -> dict[str, str]:
        exports: dict[str, str] = {}
        overdue = threading.Timer(START_SECONDS, self._process.kill)
        overdue.start()
        for line in self._process.stdout or ():
            if line.startswith("#"):
                break
            name, _, value = line.removeprefix("export ").rstrip("\n").partition("=")
            exports[name] = value
        overdue.cancel()
        assert exports, self._process.communicate()[1]
        return exports


@contextmanager
def serving(state: Path, *arguments: str) -> Iterator[Serving]:
    """Serve until the block is left, on ports that are free now, started with SIGINT ignored."""
    own = ("-m", "sandbox", "serve", "--state", str(state), "--port", str(free_ports()), *arguments)
    command = [*DEAF, sys.executable, *own]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, env=clean(), stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()


def free_ports(number: int = 5) -> int:
    """The first of ``number`` ports in a row that nobody listens on, and that the system gives to nobody who asks for
    any port, as the providers and engines of the tests beside this one do all the time."""
    while True:
        first = secrets.choice(PORTS)  # not by the tests' seed, which is the same in each worker
        with ExitStack() as probes, suppress(OSError):
            for port in range(first, first + number):
                probes.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
