"""What the engine prints, on its way to the terminal."""

import sys
from collections.abc import Callable
from typing import TypedDict

UNHANDLED = "error: an unhandled error occurred: "
NOT_OURS = (
    "The resources in the stack have been deleted, but the history",
    "If you want to remove the stack completely, run `pulumi stack rm",
)
"""What the engine says after a destroy. Its advice would delete the stack's file, and helps nobody here."""


class Callbacks(TypedDict):
    """What the Automation API takes to show the engine's output."""

    on_output: Callable[[str], None]
    on_error: Callable[[str], None]
    color: str


class Once:
    """Drops the second telling of an error: an inline program's RunError is reported by the SDK and by the engine."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown: list[str] = []
        self._told: list[str] = []

    def __call__(self, line: str) -> None:
        if self._told and line == self._told[0]:
            self._told.pop(0)
            return
        self._told = []
        head, repeated, message = line.partition(UNHANDLED)
        first = f"{head}error: {message}"
        if repeated and first in self._shown:
            self._told = self._shown[self._shown.index(first) + 1 :]
            return
        self._shown.append(line)
        if not line.startswith(NOT_OURS):
            self._say(line)


class Terminal:
    """Standard output and standard error, written line by line."""

    def say(self, text: str) -> None:
        print(text, flush=True)

    def complain(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def callbacks(self) -> Callbacks:
        color = "always" if sys.stdout.isatty() else "never"
        return {"on_output": Once(self.say), "on_error": self.complain, "color": color}
