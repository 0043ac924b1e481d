"""Long tests take some of their cases in a run, others in the next; with EVERY in the environment, all of them."""

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

import pytest

T = TypeVar("T")
EVERY = bool(os.environ.get("EVERY"))
SHARE = 16  # one case in so many


def turns(count: int, share: int = SHARE) -> range:
    """How many of so many cases are tried: what a test is parametrized with."""
    return range(count if EVERY else -(-count // share))


def case(request: pytest.FixtureRequest, turn: int, cases: Sequence[T]) -> T:
    """The one whose turn it is. The order comes from the run's seed, which is printed at its head and end."""
    order = list(cases)
    Random(request.config.getoption("randomly_seed", 0)).shuffle(order)  # noqa: S311 - nothing secret
    return order[turn]
