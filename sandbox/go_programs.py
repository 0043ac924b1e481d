"""Programs that a machine has not and Go modules bring: pinned under ``tools``, built once, kept for every clone."""

import json
import os
import shutil
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.engine import cache_folder, directive, go_command, go_environment, host
from sandbox.engine_build import Build, Progress
from sandbox.errors import SandboxError

TOOLS = Path(__file__).parent.parent / "tools"


@dataclass(frozen=True, kw_only=True)
class Suite:
    """What one module brings."""

    name: str
    wanted: str
    """Why it is built, for whoever has no Go."""
    folder: str
    """Below ``tools``, of the module that pins it."""
    requires: str
    """The module whose version is the suite's."""
    programs: Mapping[str, str]
    """The packages, by the names under which they are kept."""
    minutes: str
    stamps: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the linker writes into variables, by their names."""
    tags: Sequence[str] = ()
    """Build tags, for parts that nobody needs here."""
    lacks: Mapping[str, str] = field(default_factory=dict[str, str])
    """Files that the required module embeds and does not publish, by their paths in it: pages that nobody looks at."""

    @property
    def module(self) -> Path:
        return TOOLS / self.folder

    @property
    def version(self) -> str:
        return directive(self.module, f"require {self.requires}")


def resolve(suites: Sequence[Suite], progress: Progress, env: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The path of each program by its name, all built first if need be."""
    environment = dict(os.environ if env is None else env)
    return {name: path for suite in suites for name, path in _built(suite, progress, environment)}


def _built(suite: Suite, progress: Progress, env: Mapping[str, str]) -> list[tuple[str, Path]]:
    folder = cache_folder(env) / "-".join((suite.module.name, suite.version, *host()))
    build = Build(
        name=suite.name,
        version=suite.version,
        programs=suite.programs,
        module=suite.module,
        folder=folder,
        env=go_environment(env),
        go="",
        progress=progress,
        stamps=suite.stamps,
        tags=suite.tags,
    )
    if not build.done():
        _make(build, suite)
    return [(name, folder / name) for name in suite.programs]


def _make(build: Build, suite: Suite) -> None:
    go = go_command(build.module, build.env, suite.wanted)
    build.progress(f"building {build.name} {build.version} from source, once, in about {suite.minutes}")
    try:
        with _whole(suite, go, build.env) as module:
            replace(build, go=go, module=module).run()
    except OSError as error:
        raise SandboxError(
            f"{build.name} cannot be built in {build.folder}: {error.strerror or error}.",
            "free 6 GB of disk space or set XDG_CACHE_HOME to a folder that can be written to, then run it again.",
        ) from error


@contextmanager
def _whole(suite: Suite, go: str, env: Mapping[str, str]) -> Generator[Path]:
    """The module that pins the suite; a copy that has what is lacking, where something is."""
    if not suite.lacks:
        yield suite.module
        return
    with TemporaryDirectory(prefix="dhakacart-") as folder:
        module, source = Path(folder), _published(suite, go, env)
        shutil.copytree(suite.module, module, dirs_exist_ok=True)
        lacking = {module / "source" / path: text for path, text in suite.lacks.items()}
        there = {module / "source" / file.relative_to(source): file for file in source.rglob("*") if file.is_file()}
        for file in (*there, *lacking):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(there[file].read_bytes() if file in there else lacking[file].encode())
        with (module / "go.mod").open("a") as requirements:
            requirements.write(f"replace {suite.requires} => ./source\n")
        yield module


def _published(suite: Suite, go: str, env: Mapping[str, str]) -> Path:
    """Where Go keeps the module that the suite is of, read-only."""
    command = [go, "mod", "download", "-json", suite.requires]
    done = subprocess.run(command, cwd=suite.module, env=dict(env), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SandboxError(
            f"{suite.wanted}, and {suite.name} {suite.version} cannot be fetched: {done.stderr.strip() or done.stdout}",
            "put right what Go says (access to Go modules) and run it again.",
        )
    return Path(json.loads(done.stdout)["Dir"])
