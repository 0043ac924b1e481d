"""What the user sees when a configuration is wrong: every mistake at once, each with its remedy."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

NAMESPACE = "dhakacart"
SECRET = "[secret]"  # noqa: S105  what stands in place of one
NOTHING = "nothing"
SHOWN_CHARACTERS = 80


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake. The texts are clauses without a full stop: ``key: value reason. Allowed: … Try: …``"""

    key: str
    """Dotted, without the namespace: ``network.app_subnets[1]``."""
    reason: str
    allowed: str
    remedy: str = ""
    value: str = NOTHING
    """As the stack file has it."""

    def __str__(self) -> str:
        return f"{NAMESPACE}:{self.key}: {self.value} {self.reason}.\n  Allowed: {self.allowed}.\n  Try: {self.remedy}."


class ConfigurationError(Exception):
    """All that is wrong with one stack's configuration; its text is complete and meant for the user."""

    def __init__(self, stack: str, problems: Iterable[Problem]) -> None:
        self.stack = stack
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        head = f"Pulumi.{stack}.yaml: {count}; nothing was registered."
        super().__init__("\n\n".join([head, *map(str, self.problems)]))


def show(value: object) -> str:
    """The value as one would write it in a stack file, cut where it would fill the screen."""
    text = _written(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def _written(value: object) -> str:
    if isinstance(value, list):
        elements = cast("list[object]", value)
        return f"[{', '.join(map(_written, elements))}]"
    if isinstance(value, str) and not _needs_quotes(value):
        return value
    return json.dumps(value, default=str)


def kind(value: object) -> str:
    """What sort of thing a value is, in words for a stack file's reader."""
    words: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
    return words.get(type(value), "a section")


def _needs_quotes(text: str) -> bool:
    """Without them it would be a number, a list, … or could not be read."""
    try:
        json.loads(text)
    except ValueError:
        return not text.isprintable() or text != text.strip()
    return True
