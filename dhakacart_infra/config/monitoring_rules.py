"""What must hold of monitoring: production's outlives a node."""

from collections.abc import Iterator

from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, Rulebook, in_production

REPLICATED = "monitoring.replicated"

RULES = Rulebook()


@RULES.reads("environment", REPLICATED)
def production_sees_through_the_loss_of_a_node(environment: str, replicated: bool) -> Iterator[Problem]:
    if environment == PRODUCTION and not replicated:
        yield in_production(REPLICATED, "lets a node's end be the end of alerts", "true", "true")
