"""How rules between values are written and run.

A rule names the keys it reads, and runs only when all of them are right so far: one mistake, one problem. Where keys
have a ``*``, it runs for each name that stands there and gets that first; for a ``**``, it gets all values by name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from dhakacart_infra.config.problem import Problem

Rule = Callable[..., Iterable[Problem]]
Keys = tuple[str, ...]
Texts = tuple[str | None, ...]
"""A list's elements; one that is wrong by itself is ``None``."""

STACK = "(stack)"
"""The stack's name among the values: no key is called that."""
PRODUCTION = "prod"
MIN_PRODUCTION_RETENTION_DAYS = 30  # an intrusion is rarely found in the week it happens


class Rulebook(list[tuple[Keys, Rule]]):
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
        for names, read in _for_each(keys, values):
            wanted = [(one, _all(one, values)) for one in read]
            if any(key not in values or key in blamed for _, found in wanted for key in found.values()):
                continue
            for problem in rule(*names, *(_value(one, found, values) for one, found in wanted)):
                blamed.add(problem.key.partition("[")[0])
                yield problem


def _for_each(keys: Keys, values: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], Keys]]:
    """The keys with each name in place of ``*``, or as they are."""
    section = next((key.partition(".*.")[0] for key in keys if ".*." in key), None)
    if section is None:
        yield (), keys
        return
    for name in _names(section, values):
        yield (name,), tuple(key.replace("*", name) for key in keys)


def _all(key: str, values: Mapping[str, object]) -> dict[str, str]:
    """The keys that one with ``**`` stands for, by name; one without it stands for itself."""
    section, every, rest = key.partition(".**")
    if not every or section not in values:
        return {"": section}
    return {name: f"{section}.{name}{rest}" for name in _names(section, values)}


def _value(key: str, keys: Mapping[str, str], values: Mapping[str, object]) -> object:
    """What stands at a key, or at all that one with ``**`` stands for, by name."""
    return {name: values[one] for name, one in keys.items()} if ".**" in key else values[key]


def _names(section: str, values: Mapping[str, object]) -> Iterable[str]:
    return cast("Iterable[str]", values.get(section, ()))


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


def without_repository(image: str, named_by: str, repositories: Texts) -> Iterator[Problem]:
    """An image of our own, which some key names, and nowhere to pull it from."""
    if image not in repositories:
        yield Problem(
            key="registry.repositories",
            reason=f"lacks {image}, whose image {named_by} names",
            allowed=f"services with images of our own, {image} among them",
            remedy=f"[{', '.join([*map(str, repositories), image])}]",
        )


def in_production(key: str, reason: str, allowed: str, remedy: str) -> Problem:
    return Problem(key=key, reason=reason, allowed=f"{allowed}, in {PRODUCTION}", remedy=remedy)


def kept_too_short(key: str, environment: str, days: int) -> Iterator[Problem]:
    """Logs that production does not keep for long enough."""
    if environment == PRODUCTION and days < MIN_PRODUCTION_RETENTION_DAYS:
        allowed = f"{MIN_PRODUCTION_RETENTION_DAYS} or more of the numbers CloudWatch Logs offers"
        yield in_production(key, "is over before an intrusion is usually found", allowed, "90")
