"""A real PostgreSQL 15 of the tests' own, and the program that readies it for a release."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from sandbox.engine import cache_folder
from tests.support.stacks import PROJECT

Connection = psycopg.Connection[tuple[object, ...]]
SOURCE = PROJECT / "database"
MAJOR = 15
PLACES = (f"/usr/lib/postgresql/{MAJOR}/bin", f"/opt/homebrew/opt/postgresql@{MAJOR}/bin")
REMEDY = f"install it (apt-get install postgresql-{MAJOR}), or name the folder of its programs: POSTGRES_BIN=/path/bin"
UNPRIVILEGED = "postgres"  # its programs refuse to run as root
OWNER = "owner"
"""As RDS's master user: no superuser, though it may make roles."""
PASSWORDS = {name: f"first-of-{name}" for name in ("migrations", "application_a", "application_b")}
ADMISSION = "local all postgres trust\nlocal all all scram-sha-256\n"


class NoPostgresError(Exception):
    """There is none of the version that the stacks have."""


@cache
def programs() -> Path:
    """The folder of PostgreSQL 15's programs. Raises NoPostgresError."""
    named = os.environ.get("POSTGRES_BIN")
    found = shutil.which("postgres")
    for place in [named] if named else [*PLACES, *([str(Path(found).resolve().parent)] if found else [])]:
        server = Path(place) / "postgres"
        if server.is_file() and f" {MAJOR}." in _run([server, "--version"]):
            return Path(place)
    raise NoPostgresError(f"the migrations are tested on a real PostgreSQL {MAJOR}, and there is none: {REMEDY}")


def _run(command: list[str | Path], user: str | None = None, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, user=user, env=env, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@dataclass(frozen=True)
class Postgres:
    """A server on a socket in its folder; a database for each test."""

    folder: Path

    def connect(self, database: str = "postgres", user: str = "postgres", password: str = "") -> Connection:
        return psycopg.connect(
            host=str(self.folder), dbname=database, user=user, password=password or None, autocommit=True
        )

    def users(self, database: str, **passwords: str) -> "subprocess.Popen[str]":
        """The roles, with their passwords: those of ``passwords`` have others than at first."""
        given = {f"{name.upper()}_PASSWORD": password for name, password in (PASSWORDS | passwords).items()}
        return self._schema("users", database, OWNER, OWNER, given)

    def migrate(self, database: str) -> "subprocess.Popen[str]":
        """The migrations at work, as the user that they have for themselves."""
        return self._schema("migrate", database, "migrations", PASSWORDS["migrations"], {})

    def _schema(
        self, command: str, database: str, user: str, password: str, more: Mapping[str, str]
    ) -> "subprocess.Popen[str]":
        """It is told where to connect as every client of PostgreSQL is."""
        where = {"PGHOST": str(self.folder), "PGDATABASE": database, "PGUSER": user, "PGPASSWORD": password}
        return subprocess.Popen(
            [program(), command],
            env=where | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@contextmanager
def server(folder: Path) -> Iterator[Postgres]:
    """Runs until the block is left. ``folder`` has a short path: a socket's may have 107 characters."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    _run([programs() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], user)
    (data / "pg_hba.conf").write_text(ADMISSION)
    options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([programs() / "postgres", "-D", data, *options], user=user, stderr=log, cwd="/")
    try:
        _wait(Postgres(folder))
        with Postgres(folder).connect() as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '{OWNER}'")
        yield Postgres(folder)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _wait(started: Postgres, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            started.connect().close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@cache
def program() -> Path:
    """What the migrations' image runs, built first where its source has changed."""
    source = b"".join(file.read_bytes() for file in sorted(SOURCE.rglob("*")) if file.is_file())
    target = cache_folder(os.environ) / f"schema-{hashlib.sha256(source).hexdigest()[:16]}" / "schema"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker's build is waited for
        if not target.is_file():
            partial = target.with_suffix(".partial")
            command = ["go", "build", "-mod=readonly", "-trimpath", "-o", str(partial), "."]
            done = subprocess.run(
                command,
                cwd=SOURCE,
                env={**os.environ, "GOWORK": "off", "CGO_ENABLED": "0"},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{' '.join(command)} failed in {SOURCE}:\n{done.stderr[-2000:]}")
            partial.replace(target)
    return target
