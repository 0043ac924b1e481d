"""What the engine does of each change, recorded in tests/sandbox/changes.txt, and the table that tells it to people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pulumi import automation

from tests.support.change_rows import ROWS, Row
from tests.support.graph import name_of
from tests.support.stacks import PROJECT

RECORD = PROJECT / "tests" / "sandbox" / "changes.txt"
PAGE = PROJECT / "docs" / "configuration-changes.md"
REFUSED = "refused"
Steps = Mapping[str, str]
"""What is done, by resource name: ``create``, ``update``, ``replace`` or ``delete``."""


def noted(events: Iterable[automation.EngineEvent]) -> dict[str, str]:
    """The steps of a preview or an update; a replacement is one, whatever the engine makes of it."""
    steps: dict[str, str] = {}
    for event in events:
        if event.resource_pre_event and (step := event.resource_pre_event.metadata).op.value != "same":
            op = "replace" if "replace" in step.op.value else step.op.value
            steps.setdefault(name_of(step.urn), op)
    return steps


def render(changes: Mapping[str, Steps | str]) -> str:
    """A block a change: its name, then a line a resource, or the key that is blamed."""
    blocks: list[str] = []
    for name, steps in changes.items():
        lines = [f"  {REFUSED}: {steps}"] if isinstance(steps, str) else _lines(steps)
        blocks.append("\n".join([name, *lines]))
    return "\n\n".join(blocks) + "\n"


def _lines(steps: Steps) -> list[str]:
    return [f"  {op} {resource}" for resource, op in sorted(steps.items())]


def recorded(path: Path = RECORD) -> dict[str, Steps | str]:
    """The reviewed record: steps by change, or the key that is blamed where it is refused."""
    found: dict[str, Steps | str] = {}
    for block in path.read_text().strip().split("\n\n"):
        name, *lines = block.splitlines()
        words = [line.strip().split(" ") for line in lines]
        refused = [key for op, key in words if op == f"{REFUSED}:"]
        found[name] = refused[0] if refused else {resource: op for op, resource in words}
    return found


def table() -> str:
    """In Markdown, from the rows and the record."""
    record = recorded()
    lines = ["| key | change | a stack that stands | besides |", "| --- | --- | --- | --- |"]
    lines += [f"| `{row.key}` | {row.change} | {_effect(record[row.name])} | {row.note} |" for row in ROWS]
    return "\n".join(lines).replace("|  |", "| |") + "\n"


def _effect(steps: Steps | str) -> str:
    if isinstance(steps, str):
        return "**refused**"
    if not steps:
        return "free: nothing changes"
    counts = Counter(steps.values())
    replaced = [f"`{name}`" for name, op in sorted(steps.items()) if op == "replace"]
    parts = [f"**replaces** {', '.join(replaced)}"] if replaced else []
    words = {"create": "creates", "update": "updates", "delete": "deletes"}
    parts += [f"{word} {counts[op]}" for op, word in words.items() if counts[op]]
    return "; ".join(parts) if replaced else f"in place: {', '.join(parts)}"


def page(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition("| key |")
    after = rest[rest.index("\n\n") :] if "\n\n" in rest else "\n"
    return f"{before}{table().rstrip()}{after}"


def batches(record: Mapping[str, Steps | str]) -> list[list[Row]]:
    """The changes that are possible, as many at a time as touch no resource and no key together."""
    found: list[list[Row]] = []
    for row in ROWS:
        steps = record[row.name]
        if isinstance(steps, str):
            continue
        for batch in found:
            if all(_apart(row, other, record) for other in batch):
                batch.append(row)
                break
        else:
            found.append([row])
    return found


def _apart(row: Row, other: Row, record: Mapping[str, Steps | str]) -> bool:
    of_the_network = all(one.key.startswith("network.") or one.key.endswith("_zones") for one in (row, other))
    return not (of_the_network or row.key == other.key or set(record[row.name]) & set(record[other.name]))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
