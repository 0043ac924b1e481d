"""The benchmark from the options to the report: what runs, in which order, and what is said meanwhile."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import cli, report
from bench.figures import GROWTH_FROM, GROWTH_TO, Target, targets
from bench.measure import Sample
from bench.programs import Bench, Kind, Programs, Subject
from sandbox import engine, workspace
from sandbox.engine_build import text, version_of
from sandbox.errors import SandboxError
from sandbox.session import PROJECT, Sandbox

Step = tuple[Subject, Kind]
Taken = dict[Step, list[Sample]]


def run(options: argparse.Namespace) -> bool:
    """Measure and report; returns whether every target is met."""
    begun = time.monotonic()
    stacks = [Subject(title=name, stack=name) for name in _names(options)]
    path = engine.resolve(engine.progress_on(sys.stderr))
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        programs = Programs(project=PROJECT, folder=(options.programs or folder / "programs").absolute())
        sizes = {
            size: Subject(title=f"{size} services", stack=stacks[0].stack, services=size) for size in _sizes(options)
        }
        with Sandbox(state=folder / "providers", say=_tell) as sandbox:
            bench = Bench(programs=programs, engine=path, ports=sandbox.ports, folder=folder)
            samples = _measure(bench, _plan(stacks, sizes, options))
    _require_equal(samples)
    facts = report.machine(text(version_of(path, {}) or engine.MINIMUM))
    judged = targets(stacks, sizes, samples)
    _print(facts, stacks, list(sizes.values()), samples, judged)
    if options.json:
        options.json.write_text(json.dumps(report.as_json(facts, samples, judged), indent=1) + "\n")
    _say(f"{time.monotonic() - begun:.0f} s in all")
    return all(target.met for target in judged)


def _names(options: argparse.Namespace) -> list[str]:
    names: list[str] = options.stack or (["staging"] if options.quick else workspace.stack_names(PROJECT))
    for name in names:
        workspace.require_stack(PROJECT, name)
    return names


def _sizes(options: argparse.Namespace) -> Sequence[int]:
    if options.no_growth:
        return ()
    return cli.QUICK_SIZES if options.quick else cli.SIZES


def _plan(stacks: Sequence[Subject], sizes: dict[int, Subject], options: argparse.Namespace) -> list[Step]:
    """Every preview in its order. Programs that are compared run next to each other, each first in turn."""
    rounds = options.rounds or (1 if options.quick else cli.ROUNDS)
    kinds = list(Kind)
    plan = [
        (stack, kinds[(number + place) % len(kinds)])
        for stack in stacks
        for number in range(rounds)
        for place in range(len(kinds))
    ]
    growth_rounds = min(rounds, cli.GROWTH_ROUNDS)
    plan += [(subject, Kind.OURS) for _ in range(growth_rounds) for subject in sizes.values()]
    # The others once, for contrast: the flat program takes long at such sizes, and nobody is in doubt about it.
    contrasts = [sizes[size] for size in (GROWTH_FROM, GROWTH_TO) if size in sizes]
    return plan + [(subject, kind) for subject in contrasts for kind in (Kind.BARE, Kind.FLAT)]


def _measure(bench: Bench, plan: Sequence[Step]) -> Taken:
    _tell(f"{len(plan)} previews, and one before them that does not count: it fills the caches")
    bench.preview(*plan[0])
    taken: Taken = {}
    for number, (subject, kind) in enumerate(plan, start=1):
        sample = bench.preview(subject, kind)
        taken.setdefault((subject, kind), []).append(sample)
        _tell(f"[{number}/{len(plan)}] {subject.title}, {kind.value}: {sample.wall:.2f} s")
    return taken


def _require_equal(samples: Taken) -> None:
    """Programs are only comparable if they registered the same number of resources."""
    counts: dict[Subject, dict[str, int]] = {}
    for (subject, kind), taken in samples.items():
        counts.setdefault(subject, {})[kind.value] = taken[0].resources
    for subject, found in counts.items():
        if len(set(found.values())) > 1:
            raise SandboxError(
                f"{subject.title}: the programs did not register the same number of resources: {found}.",
                "keep them with --programs DIR and compare them",
            )


def _print(
    facts: dict[str, object], stacks: Sequence[Subject], sizes: Sequence[Subject], samples: Taken, judged: list[Target]
) -> None:
    for block in _blocks(facts, stacks, sizes, samples):
        _say(f"{block}\n")
    for target in judged:
        _say(report.verdict(target))


def _blocks(
    facts: dict[str, object], stacks: Sequence[Subject], sizes: Sequence[Subject], samples: Taken
) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in facts.items())
    for stack in stacks:
        yield report.stack_table(stack, samples)
    if sizes:
        yield report.growth_table(sizes, samples)


def _say(line: str) -> None:
    print(line, flush=True)


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)
