"""Builds pinned Go programs once: alone on the machine, with visible progress, and atomically."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sandbox.errors import SandboxError

Progress = Callable[[str], None]
Version = tuple[int, int, int]
Pulse = Callable[[Callable[[], str]], None]

VERSION_TIMEOUT_SECONDS = 60  # `pulumi version` takes 0.3 s; a version manager's shim on a cold disk longer
POLL_SECONDS = 0.2
TERMINAL_PACE_SECONDS, LOG_PACE_SECONDS = 1, 15
STOP_SECONDS = 10
SHOWN_LOG_LINES = 15


class Step(str):
    """A progress message that the next one replaces: a terminal rewrites its line."""

    __slots__ = ()


def parsed(version: str) -> Version | None:
    """The first version number in a text such as ``v3.259.0`` or ``go1.26``."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def text(version: Version) -> str:
    return ".".join(map(str, version))


def version_of(binary: Path, env: Mapping[str, str]) -> Version | None:
    """What ``pulumi version`` answers; None when it cannot be run or answers something else."""
    try:
        answer = subprocess.run(
            [binary, "version"],
            env={**env, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parsed(answer.stdout)


@dataclass(frozen=True, kw_only=True)
class Build:
    """``programs`` of ``name`` at ``version`` out of ``module`` into ``folder``, where the log is kept too."""

    name: str
    version: str
    programs: Mapping[str, str]
    """The packages, by the names under which they are kept."""
    module: Path
    folder: Path
    env: Mapping[str, str]
    go: str
    progress: Progress
    stamps: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the linker writes into variables, by their names."""
    tags: Sequence[str] = ()
    """What is left out or taken in, by the programs' own build tags."""
    fault: Callable[[Path], str | None] = lambda _: None
    """What is wrong with a folder of programs as they were made, if anything is."""
    instead: str = ""
    """What the user can do rather than build."""

    @property
    def work(self) -> Path:
        return self.folder / "building"

    @property
    def log(self) -> Path:
        return self.folder / "build.log"

    def done(self) -> bool:
        return all((self.folder / program).is_file() for program in self.programs)

    def run(self) -> None:
        """Leaves each program whole or not at all, and nothing else but the log, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with _alone(self.folder / "lock", self.name, _pulse(self.progress)):
            if self.done():
                return
            shutil.rmtree(self.work, ignore_errors=True)  # of a build that was killed
            self.work.mkdir()
            try:
                self._compile()
            finally:
                shutil.rmtree(self.work, ignore_errors=True)

    def _compile(self) -> None:
        started = time.monotonic()
        self.log.write_bytes(b"")
        made, packages = self.work / "made", list(self.programs.values())
        made.mkdir()
        chosen = ("-mod=readonly", "-tags", ",".join(self.tags))
        compiled = self._run("list", *chosen, "-deps", *packages, say=self._fetching)
        stamps = [part for name, value in self.stamps.items() for part in ("-X", f"{name}={value}")]
        flags = (*chosen, "-trimpath", "-v", "-ldflags", " ".join(["-s", "-w", *stamps]))
        target = f"{made}/" if len(packages) > 1 else str(made / _program(packages[0]))
        self._run("build", *flags, "-o", target, *packages, say=partial(self._compiling, len(compiled)))
        if fault := self.fault(made):
            raise self._failed(fault)
        for program, package in self.programs.items():
            (made / _program(package)).replace(self.folder / program)
        self.progress(f"built {self.name} {self.version} in {_since(started)}: {self.folder}")

    def _run(self, *arguments: str, say: Callable[[Sequence[str]], str]) -> list[str]:
        """The lines that a go command prints; what it logs is kept and, counted, is the progress."""
        pulse, output = _pulse(self.progress), self.work / "output"
        with output.open("wb") as out, self.log.open("ab") as log:
            process = subprocess.Popen(
                [self.go, *arguments],
                cwd=self.module,
                env={**self.env, "GOTMPDIR": str(self.work)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                start_new_session=True,  # so that an interrupt reaches the compilers through _stop alone
            )
            try:
                while process.poll() is None:
                    pulse(lambda: say(self._logged()))
                    time.sleep(POLL_SECONDS)
            finally:
                _stop(process)
        if process.returncode:
            raise self._failed(f"`go {arguments[0]}` ended with status {process.returncode}")
        return output.read_text().splitlines()

    def _logged(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines()

    def _failed(self, cause: str) -> SandboxError:
        lines = "".join(f"\n  | {line}" for line in self._logged()[-SHOWN_LOG_LINES:])
        return SandboxError(
            f"Building {self.name} {self.version} failed: {cause}. The end of {self.log}:{lines}",
            f"put right what the lines above name (disk space, access to Go modules) and run it again{self.instead}.",
        )

    def _fetching(self, logged: Sequence[str]) -> str:
        return f"fetching Go modules: {sum(line.startswith('go: downloading') for line in logged)} so far"

    def _compiling(self, packages: int, logged: Sequence[str]) -> str:
        compiled = [line for line in logged if not line.startswith("go: ")]
        if set(self.programs.values()) <= set(compiled):
            return f"building {self.name}: linking"
        return f"building {self.name}: {len(compiled)} of {packages} packages compiled"


def _program(package: str) -> str:
    """What Go calls the program of a package: its last part that is no major version."""
    return next(part for part in reversed(package.split("/")) if not re.fullmatch(r"v\d+", part))


def _pulse(progress: Progress) -> Pulse:
    """Reports at a pace that suits a terminal or a log, with the time gone by since the first call."""
    pace = TERMINAL_PACE_SECONDS if sys.stderr.isatty() else LOG_PACE_SECONDS
    started = said = time.monotonic()

    def pulse(message: Callable[[], str]) -> None:
        nonlocal said
        if time.monotonic() - said >= pace:
            said = time.monotonic()
            progress(Step(f"{message()}, {_since(started)}"))

    return pulse


def _since(started: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@contextmanager
def _alone(lock: Path, name: str, pulse: Pulse) -> Generator[None]:
    """Holds ``lock``; the system releases it however the process ends."""
    with lock.open("w") as handle:
        while not _taken(handle.fileno()):
            pulse(lambda: f"another process is building {name}: waiting for it")
            time.sleep(POLL_SECONDS)
        yield


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a command that still runs, with everything it started; go itself tidies up when interrupted."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
