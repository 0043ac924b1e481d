"""The figures as tables for people, and as JSON for whoever compares two runs."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from bench.figures import Figure, Samples, Target, ratio
from bench.measure import Sample
from bench.programs import Kind, Subject

Row = Sequence[str]
PACKAGES = ("pulumi", "pulumi-aws", "pulumi-eks", "pulumi-kubernetes")
STACK_HEAD = (
    "program",
    "preview s",
    "its body s",
    "CPU s program",
    "CPU s engine",
    "peak MB program",
    "peak MB engine",
    "wall / bare",
    "body / bare",
    "wall / flat",
)
GROWTH_HEAD = (
    "program",
    "resources",
    "preview s",
    "ms a resource",
    "ms a further one",
    "CPU s program",
    "CPU s engine",
    "peak MB program",
)


def stack_table(stack: Subject, samples: Samples) -> str:
    """One line a program. `body` is the preview without the engine's start."""
    rows = [
        (
            kind.value,
            *(str(Figure.of(_all(samples[stack, kind], name))) for name in ("wall", "body")),
            *_medians(samples[stack, kind], "program_cpu", "engine_cpu", digits=2),
            *_medians(samples[stack, kind], "program_mb", "engine_mb", digits=0),
            str(ratio(samples[stack, kind], samples[stack, Kind.BARE], "wall")),
            f"{ratio(samples[stack, kind], samples[stack, Kind.BARE], 'body').middle:.2f}",
            f"{ratio(samples[stack, kind], samples[stack, Kind.FLAT], 'wall').middle:.2f}",
        )
        for kind in Kind
    ]
    ours = samples[stack, Kind.OURS]
    rounds = "1 round" if len(ours) == 1 else f"{len(ours)} rounds"
    return f"{stack.title}: {ours[0].resources} resources, {rounds}\n{_table(STACK_HEAD, rows)}"


def growth_table(sizes: Sequence[Subject], samples: Samples) -> str:
    """One line a program and size, smallest first. `a further one` is beside the size before: without what is fixed."""
    rows: list[Row] = []
    for kind in Kind:
        before: Sequence[Sample] = ()
        for size in sizes:
            taken = samples.get((size, kind), ())
            if taken:
                rows.append(_growth_row(kind, taken, before))
                before = taken
    return f"growth: {sizes[0].stack} with more and more services\n{_table(GROWTH_HEAD, rows)}"


def _growth_row(kind: Kind, taken: Sequence[Sample], before: Sequence[Sample]) -> Row:
    further = [1000 * (b.wall - a.wall) / (b.resources - a.resources) for a, b in zip(before, taken, strict=False)]
    return (
        kind.value,
        str(taken[0].resources),
        str(Figure.of(_all(taken, "wall"))),
        f"{Figure.of([1000 * sample.wall / sample.resources for sample in taken]).middle:.1f}",
        f"{Figure.of(further).middle:.1f}" if further else "",
        *_medians(taken, "program_cpu", "engine_cpu", digits=2),
        *_medians(taken, "program_mb", digits=0),
    )


def verdict(target: Target) -> str:
    word = "met" if target.met else "TARGET MISSED"
    return f"{word}: {target.what}: {target.value}, allowed {target.limit}"


def machine(engine_version: str) -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "engine": engine_version,
    }


def as_json(facts: Mapping[str, Any], samples: Samples, targets: Sequence[Target]) -> dict[str, Any]:
    """Every sample as it was taken, and the targets."""
    return {
        "machine": dict(facts),
        "samples": [
            {"subject": subject.title, "program": kind.value, "round": number, **asdict(sample)}
            for (subject, kind), taken in samples.items()
            for number, sample in enumerate(taken, start=1)
        ],
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }


def _all(samples: Sequence[Sample], attribute: str) -> list[float]:
    return [getattr(sample, attribute) for sample in samples]


def _medians(samples: Sequence[Sample], *attributes: str, digits: int) -> Iterator[str]:
    for attribute in attributes:
        yield f"{Figure.of(_all(samples, attribute)).middle:.{digits}f}"


def _table(head: Row, rows: Sequence[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) if number == 0 else cell.rjust(width) for number, (cell, width) in pairs)
        for pairs in (list(enumerate(zip(row, widths, strict=True))) for row in (head, *rows))
    )
    return "\n".join(f"  {line}" for line in lines)
