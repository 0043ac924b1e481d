"""Our program with more services than its stack file has: what a shop that grows costs to preview."""

from itertools import cycle, islice

import pulumi

from dhakacart_infra.config import load
from dhakacart_infra.environment import Environment
from dhakacart_infra.foundation import program
from dhakacart_infra.foundation.program import Outputs


def build(services: int) -> Outputs:
    """The stack with so many services, each like one of its own. What they would need is not added up."""
    config = load()
    models = islice(cycle(config.services.values()), services)
    # They reach the data alone: whom else, the names of the originals would say.
    grown = {
        f"service-{number}": model.model_copy(update={"reaches": ("database", "redis")})
        for number, model in enumerate(models, start=1)
    }
    return Environment.of(config.model_copy(update={"services": grown}), pulumi.get_project()).outputs


def run(services: int) -> None:
    program.run(lambda: build(services))
