"""The project's own stacks, and variations of them."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from dhakacart_infra.config import StackConfig, parse

PROJECT = Path(__file__).parent.parent.parent
STACKS = ("staging", "prod", "prod-dr")
NAMESPACE = "dhakacart:"


def raw(stack: str) -> dict[str, Any]:
    """A stack file's own keys, without their namespace."""
    config = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix(NAMESPACE): value for key, value in config.items() if key.startswith(NAMESPACE)}


def config(stack: str, change: Callable[[dict[str, Any]], None] = lambda _: None) -> StackConfig:
    """A stack's configuration, after ``change`` has had its way with it."""
    values = copy.deepcopy(raw(stack))
    change(values)
    return parse(values, stack=stack)
