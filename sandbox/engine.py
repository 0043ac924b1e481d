"""The Pulumi engine the sandbox runs on: the one on PATH if it is recent enough, else one built from source.

The build uses the Go module pinned in ``tools/engine`` and happens once a machine. Nothing is fetched for
it but Go modules, whose sums are committed.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from sandbox.engine_build import Build, Progress, Step, Version, parsed, text, version_of
from sandbox.errors import SandboxError

MINIMUM: Version = (3, 259, 0)  # the oldest engine that the Python SDK of uv.lock was run with
NEXT_MAJOR: Version = (4, 0, 0)
MODULE = Path(__file__).parent.parent / "tools" / "engine"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3"
INSTALL_PULUMI = f"install Pulumi {text(MINIMUM)} or later (https://www.pulumi.com/docs/install/)"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def resolve(progress: Progress, *, cache: Path | None = None, env: Mapping[str, str] | None = None) -> Path:
    """The path of a usable ``pulumi``, built first if need be; ``cache`` is the folder that keeps those."""
    environment = dict(os.environ if env is None else env)
    installed = shutil.which("pulumi", path=environment.get("PATH", ""))
    found = "no pulumi is on PATH"
    if installed:
        version = version_of(Path(installed), environment)
        if version and MINIMUM <= version < NEXT_MAJOR:
            return Path(installed).absolute()
        found = f"{installed} is {'version ' + text(version) if version else 'not a working Pulumi'}"
    needed = f"{found}, needed is {text(MINIMUM)} or later and before {text(NEXT_MAJOR)}"
    pinned, target = _pinned(cache or cache_folder(environment))
    if target.is_file():
        if installed:
            progress(f"{needed}: using {target}")
        return target
    go = _go(environment, needed)
    progress(f"{needed}: building {pinned} from source, once, in about four minutes")
    _build(Build(f"{PACKAGE}/cmd/pulumi", pinned, MODULE, target, _go_environment(environment), go, progress))
    return target


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where built tools are kept between runs and shared by every clone on the machine."""
    base = Path(env.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return base / "dhakacart-infra"
    try:
        return Path.home() / ".cache" / "dhakacart-infra"
    except RuntimeError:
        raise SandboxError(
            "this user has no home directory to keep a built Pulumi in.",
            "set XDG_CACHE_HOME to a folder of yours that can be written to",
        ) from None


def progress_on(stream: TextIO) -> Progress:
    """Progress written to ``stream``: on a terminal a `Step` is rewritten by what follows it."""
    rewrite = stream.isatty()

    def write(message: str) -> None:
        start, end = ("\r\x1b[K", "" if isinstance(message, Step) else "\n") if rewrite else ("", "\n")
        stream.write(f"{start}{message}{end}")
        stream.flush()

    return write


def _build(build: Build) -> None:
    try:
        build.run()
    except OSError as error:
        raise SandboxError(
            f"Pulumi cannot be built in {build.target.parent}: {error.strerror or error}.",
            "free 3 GB of disk space or set XDG_CACHE_HOME to a folder that can be written to, "
            f"then run it again; or {INSTALL_PULUMI}.",
        ) from error


def _go(env: Mapping[str, str], needed: str) -> str:
    """The Go compiler, if it can build the pinned module; ``needed`` says why it is asked for."""
    required = parsed(_directive("go")) or (0, 0, 0)
    remedy = f"{INSTALL_PULUMI}, or Go {text(required)} or later (https://go.dev/doc/install)."
    go = shutil.which("go", path=env.get("PATH", ""))
    if not go:
        raise SandboxError(f"No Pulumi to run: {needed}, and there is no Go to build it with.", remedy)
    # Asked inside the module, so that a Go that may fetch a newer toolchain answers with that one.
    answer = subprocess.run(
        [go, "env", "GOVERSION"], cwd=MODULE, env=dict(env), capture_output=True, text=True, check=False
    )
    version = parsed(answer.stdout)
    if answer.returncode or not version or version < required:
        said = answer.stdout.strip() or answer.stderr.strip()
        raise SandboxError(
            f"No Pulumi to run: {needed}, and {go} cannot build it: it is {said or 'of no known version'}, "
            f"needed is {text(required)} or later.",
            remedy,
        )
    return go


def _go_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The host's own binary, without a C compiler, whatever the user's Go is set up to build."""
    system, machine = _host()
    return {**env, "GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0", "GOWORK": "off"}


def _pinned(cache: Path) -> tuple[str, Path]:
    """The version that ``tools/engine/go.mod`` pins and where its binary is kept."""
    version = _directive(f"require {PACKAGE}")
    system, machine = _host()
    return version, cache / f"pulumi-{version}-{system}-{machine}" / "pulumi"


def _directive(name: str) -> str:
    path = MODULE / "go.mod"
    found = re.search(rf"^{re.escape(name)} (\S+)$", path.read_text(), re.MULTILINE)
    if not found:
        raise SandboxError(f"{path} has no line that begins with {name!r}.", "restore it from version control.")
    return found[1]


def _host() -> tuple[str, str]:
    """Operating system and architecture in Go's words."""
    machine = platform.machine().lower()
    return sys.platform, ARCHITECTURES.get(machine, machine)
