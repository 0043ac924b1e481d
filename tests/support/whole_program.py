"""What each stack registers as a whole, on mocked providers: recorded once for all tests that only look."""

from collections.abc import Callable
from functools import cache
from typing import Any

from dhakacart_infra.environment import Environment
from tests.support.recorder import Recorder, record
from tests.support.stacks import config

Change = Callable[[dict[str, Any]], None]
MIRROR = "registry.example.com/mirror"


def unchanged(values: dict[str, Any]) -> None:
    """The stack as its file has it."""


def mirrored(values: dict[str, Any]) -> None:
    """Everything of others comes from a private mirror."""
    values["mirrors"] = {"charts": f"oci://{MIRROR}/charts", "images": MIRROR}


def copying(values: dict[str, Any]) -> None:
    """What is new in the buckets is copied to the peer, which stands."""
    values["peer"]["copy_buckets"] = True


@cache
def registered(stack: str, change: Change = unchanged) -> Recorder:
    settings = config(stack, change)
    return record(lambda: Environment.of(settings, "dhakacart"), stack=stack)
