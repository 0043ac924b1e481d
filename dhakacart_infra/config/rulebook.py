"""How rules between values are written and run.

A rule names the keys it reads, and runs only when all of them are right so far: one mistake, one problem.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from dhakacart_infra.config.problem import Problem

Rule = Callable[..., Iterable[Problem]]

STACK = "(stack)"
"""The stack's name among the values: no key is called that."""
PRODUCTION = "prod"
MIN_PRODUCTION_RETENTION_DAYS = 30  # an intrusion is rarely found in the week it happens


class Rulebook(list[tuple[tuple[str, ...], Rule]]):
    """Rules, each with the keys it reads, in the order in which they run."""

    def reads(self, *keys: str) -> Callable[[Rule], Rule]:
        """Add a rule, which is called with the values of ``keys``."""

        def add(rule: Rule) -> Rule:
            self.append((keys, rule))
            return rule

        return add


def broken(values: Mapping[str, object], *books: Rulebook) -> Iterator[Problem]:
    """Every problem between the ``values``, of which some may be missing. What one rule blames the next do not read."""
    blamed: set[str] = set()
    for keys, rule in (entry for book in books for entry in book):
        if all(key in values and key not in blamed for key in keys):
            for problem in rule(*(values[key] for key in keys)):
                blamed.add(problem.key.partition("[")[0])
                yield problem


def repeated(key: str, elements: tuple[object, ...]) -> Iterator[Problem]:
    """The elements of a list that stand in it before."""
    for index, element in enumerate(elements):
        if element is not None and (first := elements.index(element)) < index:
            yield Problem(
                key=f"{key}[{index}]",
                reason=f"is {key.rpartition('.')[2]}[{first}] already",
                allowed="each once",
                remedy="removing it here",
            )


def in_production(key: str, reason: str, allowed: str, remedy: str) -> Problem:
    return Problem(key=key, reason=reason, allowed=f"{allowed}, in {PRODUCTION}", remedy=remedy)


def kept_too_short(key: str, environment: str, days: int) -> Iterator[Problem]:
    """Logs that production does not keep for long enough."""
    if environment == PRODUCTION and days < MIN_PRODUCTION_RETENTION_DAYS:
        allowed = f"{MIN_PRODUCTION_RETENTION_DAYS} or more of the numbers CloudWatch Logs offers"
        yield in_production(key, "is over before an intrusion is usually found", allowed, "90")
