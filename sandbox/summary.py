"""What a preview changes, for people who review it: Markdown for a pull request, plain text for the record.

Names of properties are shown and never their values, which may be secret.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Op = Literal["create", "update", "replace", "delete", "same"]

# Most dangerous first: a reader who stops early has seen what cannot be undone.
HEADINGS: dict[Op, str] = {
    "replace": "Replacements",
    "delete": "Deletions",
    "update": "Updates",
    "create": "Creations",
}
COUNTED: dict[Op, str] = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "same": "unchanged",
}
# Types whose deletion loses what people entrusted to them.
STATEFUL = (
    "aws:dynamodb/table:",
    "aws:elasticache/cluster:",
    "aws:elasticache/replicationGroup:",
    "aws:kms/key:",
    "aws:rds/cluster:",
    "aws:rds/instance:",
    "aws:s3/bucket:",
    "aws:secretsmanager/secret:",
)
TRUNCATED = "\n**Cut short here.** The full text is in this run's artifact.\n"


@dataclass(frozen=True)
class Change:
    """What the engine means to do to one resource; ``replaces`` are the properties that force a replace."""

    op: Op
    type: str
    name: str
    urn: str
    replaces: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def loses_data(self) -> bool:
        return self.op in ("replace", "delete") and self.type.startswith(STATEFUL)


def summarise(stack: str, changes: Sequence[Change], limit: int = 60_000) -> str:
    """Markdown of at most ``limit`` characters; GitHub takes 65,536 in a comment, 1 MiB in a step summary."""
    lines = [f"### {_code(stack)}: {_verdict(changes)}", "", _counts(changes)]
    losses = sum(change.loses_data for change in changes)
    if losses:
        lines += ["", f"> [!CAUTION]\n> {losses} of the replacements and deletions lose data (marked ⚠)."]
    for op, heading in HEADINGS.items():
        chosen = _of(op, changes)
        if chosen:
            lines += ["", f"#### {heading} ({len(chosen)})", "", *map(_item, chosen)]
    return _truncated("\n".join(lines) + "\n", limit)


def full(stack: str, changes: Sequence[Change]) -> str:
    """Plain text with every change and its URN, unchanged resources included."""
    lines = [f"{stack}: {_counts(changes)}", ""]
    for op in (*HEADINGS, "same"):
        for change in _of(op, changes):
            lines += [f"{op:8}{change.type} {change.name}", f"{'':8}{change.urn}"]
            lines += [f"{'':8}{words}" for words in _reasons(change, str)]
    return "\n".join(lines) + "\n"


def _verdict(changes: Sequence[Change]) -> str:
    differing = sum(change.op != "same" for change in changes)
    return f"{differing} change{'s' if differing > 1 else ''}" if differing else "nothing changes"


def _counts(changes: Sequence[Change]) -> str:
    count = Counter(change.op for change in changes)
    return ", ".join(f"{count[op]} {words}" for op, words in COUNTED.items())


def _of(op: str, changes: Iterable[Change]) -> list[Change]:
    return sorted((change for change in changes if change.op == op), key=lambda c: (not c.loses_data, c.type, c.urn))


def _item(change: Change) -> str:
    mark = "⚠ " if change.loses_data else ""
    reasons = "; ".join(_reasons(change, _code))
    return f"- {mark}{_code(change.type)} {_code(change.name)}{': ' + reasons if reasons else ''}"


def _reasons(change: Change, shown: Callable[[str], str]) -> list[str]:
    """Why it is replaced, and what else of it changes, by property."""
    others = tuple(name for name in change.changed if name not in change.replaces)
    return [
        f"{words} {', '.join(map(shown, names))}"
        for words, names in (("forced by", change.replaces), ("changes", others))
        if names
    ]


def _code(text: str) -> str:
    """A code span: whatever a name holds, it is neither markup nor a mention."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def _truncated(markdown: str, limit: int) -> str:
    if len(markdown) <= limit:
        return markdown
    kept = markdown[: max(0, limit - len(TRUNCATED))]
    return kept[: kept.rfind("\n") + 1] + TRUNCATED
