"""The programs that are measured: ours, and the two flat ones made from what ours registers."""

import json
import py_compile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path

import pulumi
import yaml

from bench import grown
from bench.flat import Main, source
from bench.measure import Sample, measure, measure_command
from bench.recording import Recording, record
from bench.worker import Request
from dhakacart_infra.config import load
from dhakacart_infra.environment import Environment
from dhakacart_infra.foundation.program import Outputs


class Kind(Enum):
    """What registers the resources."""

    OURS = "ours"
    BARE = "bare async"
    FLAT = "flat"
    COMMAND = "make preview"
    """Ours again, by the sandbox's own command: the whole process, with providers of its own."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is previewed: a stack's environment, as it is or with another number of services."""

    title: str
    stack: str
    services: int = 0
    """0 is as its file has them."""


@dataclass
class Programs:
    """The programs of every subject, as compiled files in ``folder``, made when they are first asked for."""

    project: Path
    folder: Path
    _recordings: dict[Subject, Recording] = field(default_factory=dict[Subject, Recording])

    def path(self, subject: Subject, kind: Kind) -> Path:
        """Compiled, as our own modules are after their first import, so that no program is charged for it."""
        text = self.folder / f"{subject.stack}-{subject.services or 'whole'}-{kind.name.lower()}.py"
        compiled = text.with_suffix(".pyc")
        if not compiled.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            text.write_text(self._source(subject, kind))
            py_compile.compile(str(text), str(compiled), doraise=True)
        return compiled

    def recording(self, subject: Subject) -> Recording:
        """What our program of this subject registers."""
        if subject not in self._recordings:
            more = partial(grown.build, subject.services)
            build: Callable[[], Outputs] = more if subject.services else _environment
            settings = yaml.safe_load((self.project / f"Pulumi.{subject.stack}.yaml").read_text())["config"]
            project = yaml.safe_load((self.project / "Pulumi.yaml").read_text())["name"]
            self._recordings[subject] = record(build, project=project, stack=subject.stack, config=_texts(settings))
        return self._recordings[subject]

    def _source(self, subject: Subject, kind: Kind) -> str:
        if kind is not Kind.OURS:
            return source(self.recording(subject), Main.ASYNCHRONOUS if kind is Kind.BARE else Main.SYNCHRONOUS)
        if subject.services:
            return f"from bench.grown import run\n\nrun({subject.services})\n"
        return (self.project / "__main__.py").read_text()


@dataclass(frozen=True)
class Bench:
    """Runs previews, each in a fresh process with a state folder of its own, on providers that stay."""

    programs: Programs
    engine: Path
    ports: Mapping[str, int]
    folder: Path
    _done: list[str] = field(default_factory=list[str])

    def preview(self, subject: Subject, kind: Kind) -> Sample:
        self._done.append(subject.title)
        folder = self.folder / f"run-{len(self._done)}"
        if kind is Kind.COMMAND:
            return measure_command(subject.stack, folder, self.programs.project, self.folder / "bytecode")
        program = self.programs.path(subject, kind)
        request = Request(
            engine=str(self.engine),
            project=str(self.programs.project),
            folder=str(folder),
            stack=subject.stack,
            program=str(program),
            ports=dict(self.ports),
        )
        return measure(request, self.programs.project, self.folder / "bytecode")


def _environment() -> Outputs:
    return Environment.of(load(), pulumi.get_project()).outputs


def _texts(settings: Mapping[str, object]) -> dict[str, str]:
    """A stack file's values as the engine hands them over."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()}
