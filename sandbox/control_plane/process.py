"""A program that runs on in the background, also when whoever started it has ended."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sandbox.errors import SandboxError

STOP_SECONDS = 20
POLL_SECONDS = 0.05
SHOWN_LINES = 15


class Process:
    """One program of a folder, which keeps its log and its number.

    It lives as long as it holds the lock that it inherits: a number alone may be another's by now.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._pid = folder / f"{name}.pid"
        self._lock = folder / f"{name}.lock"

    def alive(self) -> bool:
        if not self._pid.exists():
            return False
        with self._lock.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def start(self, command: Sequence[str | Path], env: Mapping[str, str]) -> None:
        if self.alive():
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock, self.log.open("wb") as log:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            running = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt is meant for the command, not for what it leaves standing
                pass_fds=(lock.fileno(),),
            )
        self._pid.write_text(str(running.pid))

    def stop(self) -> None:
        if not self.alive():
            return
        pid = int(self._pid.read_text())
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            end = time.monotonic() + STOP_SECONDS
            while self._running(pid) and time.monotonic() < end:
                time.sleep(POLL_SECONDS)
        self._pid.unlink(missing_ok=True)

    def _running(self, pid: int) -> bool:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # else one that this process started stays as a zombie
        return self.alive()

    def require_alive(self) -> None:
        """Raises SandboxError with the end of its log."""
        if not self.alive():
            lines = self.log.read_text(errors="replace").splitlines()[-SHOWN_LINES:]
            shown = "".join(f"\n  | {line}" for line in lines)
            raise SandboxError(
                f"{self.name} has ended. The end of {self.log}:{shown}",
                "correct what it names; `destroy` clears away what is left of the control plane",
            )
