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
LINKED_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
PULUMI = f"Pulumi {text(MINIMUM)} or later (https://www.pulumi.com/docs/install/)"
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
    go = go_command(MODULE, environment, f"No Pulumi to run: {needed}", f"{PULUMI}, or ")
    progress(f"{needed}: building {pinned} from source, once, in about four minutes")
    _build(
        Build(
            name="Pulumi",
            version=pinned,
            programs={target.name: f"{PACKAGE}/cmd/pulumi"},
            module=MODULE,
            folder=target.parent,
            env=go_environment(environment),
            go=go,
            progress=progress,
            stamps={LINKED_VERSION: pinned},
            fault=lambda made: _other_version(made / target.name, pinned, environment),
            instead=", or install Pulumi (https://www.pulumi.com/docs/install/)",
        )
    )
    return target


def _other_version(binary: Path, pinned: str, env: Mapping[str, str]) -> str | None:
    if version_of(binary, env) == parsed(pinned):
        return None
    return "the program it made does not answer `pulumi version` with that version"


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
            f"Pulumi cannot be built in {build.folder}: {error.strerror or error}.",
            "free 3 GB of disk space or set XDG_CACHE_HOME to a folder that can be written to, "
            f"then run it again; or install {PULUMI}.",
        ) from error


def go_command(module: Path, env: Mapping[str, str], wanted: str, instead: str = "") -> str:
    """The Go compiler, if it can build the pinned ``module``; ``wanted`` says what is not there and why."""
    required = parsed(directive(module, "go")) or (0, 0, 0)
    remedy = f"{instead}Go {text(required)} or later (https://go.dev/doc/install)."
    go = shutil.which("go", path=env.get("PATH", ""))
    if not go:
        raise SandboxError(f"{wanted}, and there is no Go to build it with.", f"install {remedy}")
    # Asked inside the module, so that a Go that may fetch a newer toolchain answers with that one.
    answer = subprocess.run(
        [go, "env", "GOVERSION"], cwd=module, env=dict(env), capture_output=True, text=True, check=False
    )
    version = parsed(answer.stdout)
    if answer.returncode or not version or version < required:
        said = answer.stdout.strip() or answer.stderr.strip()
        raise SandboxError(
            f"{wanted}, and {go} cannot build it: it is {said or 'of no known version'}, "
            f"needed is {text(required)} or later.",
            f"install {remedy}",
        )
    return go


def go_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The host's own binary, without a C compiler, whatever the user's Go is set up to build."""
    system, machine = host()
    return {**env, "GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0", "GOWORK": "off"}


def _pinned(cache: Path) -> tuple[str, Path]:
    """The version that ``tools/engine/go.mod`` pins and where its binary is kept."""
    version = directive(MODULE, f"require {PACKAGE}")
    system, machine = host()
    return version, cache / f"pulumi-{version}-{system}-{machine}" / "pulumi"


def directive(module: Path, name: str) -> str:
    """What follows ``name`` in the module's go.mod: ``go``, or ``require`` with a package."""
    path = module / "go.mod"
    found = re.search(rf"^{re.escape(name)} (\S+)$", path.read_text(), re.MULTILINE)
    if not found:
        raise SandboxError(f"{path} has no line that begins with {name!r}.", "restore it from version control.")
    return found[1]


def host() -> tuple[str, str]:
    """Operating system and architecture in Go's words."""
    machine = platform.machine().lower()
    return sys.platform, ARCHITECTURES.get(machine, machine)
