"""A row for a resource type of the simulated AWS: inputs, what may change, what others may do to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.world import World

Make = Callable[[World], Any]
Inputs = dict[str, Any]
TAGS = {"Name": "dhaka", "owner": "shop"}


@dataclass(frozen=True, kw_only=True)
class Case:
    type: str
    inputs: Callable[[World], Inputs]
    changes: dict[str, Make] = field(default_factory=dict[str, Make])
    """A later value of an input; None takes the input away."""
    outside: Callable[[World, str], object] | None = None
    """What somebody else does to it."""
    shows: str = ""
    """The input in which that shows; nothing if it is gone then."""
    region: str = "ap-south-1"
    """Where it stands, for what AWS takes in one region only."""
    also: str = ""
    """Tells several cases of one type apart."""

    @property
    def name(self) -> str:
        return f"{self.type.split(':')[-1]}{self.also and '-'}{self.also}"


def policy(statement: Inputs) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
