"""The project's own stacks, and variations of them."""

import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dhakacart_infra.config import StackConfig, parse

PROJECT = Path(__file__).parent.parent.parent
STACKS = ("staging", "prod", "prod-dr")
NAMESPACE = "dhakacart:"


def raw(stack: str) -> dict[str, Any]:
    """A stack file's own keys, without their namespace."""
    return copied(_read(stack))


@cache
def _read(stack: str) -> dict[str, Any]:
    config = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix(NAMESPACE): value for key, value in config.items() if key.startswith(NAMESPACE)}


def copied(values: dict[str, Any]) -> dict[str, Any]:
    """As deepcopy, in a fifth of its time: a tier does it ten thousand times."""
    return pickle.loads(pickle.dumps(values))  # noqa: S301 - our own, of this moment


def config(stack: str, change: Callable[[dict[str, Any]], None] = lambda _: None) -> StackConfig:
    """A stack's configuration, after ``change`` has had its way with it."""
    values = raw(stack)
    change(values)
    return parse(values, stack=stack)
