"""One preview in a process of its own: ``python -m bench.worker REQUEST``, and what it cost as JSON on stdout.

The process is fresh, so the program's imports count, as they do when people wait for a preview.
"""

import json
import resource
import runpy
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pulumi import automation

from sandbox import workspace


@dataclass(frozen=True, kw_only=True)
class Request:
    engine: str
    project: str
    folder: str
    """The state folder, which nothing else uses."""
    stack: str
    program: str
    """A Python file, compiled or not."""
    ports: dict[str, int]
    """The providers', which run elsewhere: what they cost is not the program's."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Seconds, and the number of resources (the stack itself is one)."""

    resources: int
    wall: float
    start: float
    """From the start of the engine until it calls the program."""
    program_cpu: float
    engine_cpu: float


def preview(request: Request) -> Answer:
    folder = Path(request.folder)
    workspace.prepare(Path(request.project), folder / "work", request.stack)
    called: list[float] = []

    def program() -> None:
        called.append(time.perf_counter())
        runpy.run_path(request.program, run_name="__main__")

    stack = workspace.select(
        workspace.Engine(Path(request.engine)),
        folder / "work",
        request.stack,
        workspace.environment(folder, request.ports),
        program,
    )
    cpu_before, begun = _cpu(), time.perf_counter()
    result = stack.preview(color="never")
    ended, cpu = time.perf_counter(), _cpu()
    return Answer(
        resources=_created(result),
        wall=ended - begun,
        start=called[0] - begun,
        program_cpu=cpu[0] - cpu_before[0],
        engine_cpu=cpu[1] - cpu_before[1],
    )


def _created(result: automation.PreviewResult) -> int:
    changes: dict[Any, int] = dict(result.change_summary)
    others = {str(kind): count for kind, count in changes.items() if kind != automation.OpType.CREATE}
    if others:
        raise SystemExit(f"a first preview only creates, this one has {others}")
    return changes[automation.OpType.CREATE]


def _cpu() -> tuple[float, float]:
    """Seconds of processor time: ours, and that of the children that have ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(preview(Request(**json.loads(sys.argv[1]))))))
