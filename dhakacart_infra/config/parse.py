"""From a stack file's keys to a checked configuration, or to every mistake in it at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from dhakacart_infra.config import (
    alerts_rules,
    cache_rules,
    cdn_rules,
    cluster_rules,
    database_rules,
    domain_rules,
    logging_rules,
    monitoring_rules,
    rules,
    service_rules,
)
from dhakacart_infra.config.address_remedies import with_remedies
from dhakacart_infra.config.address_rules import Addresses, misplaced
from dhakacart_infra.config.model import StackConfig
from dhakacart_infra.config.problem import NOTHING, SECRET, ConfigurationError, Problem, show
from dhakacart_infra.config.read import EMPTY, Reading, decoded, is_section, is_under
from dhakacart_infra.config.rulebook import STACK, broken

BOOKS = (
    rules.RULES,
    cluster_rules.RULES,
    service_rules.RULES,
    domain_rules.RULES,
    cdn_rules.RULES,
    database_rules.RULES,
    cache_rules.RULES,
    monitoring_rules.RULES,
    alerts_rules.RULES,
    logging_rules.RULES,
)


def parse(raw: Mapping[str, object], *, stack: str, secret_keys: Collection[str] = ()) -> StackConfig:
    """The configuration in ``raw``, whose keys have no namespace and whose values are as the engine or YAML gives them.

    ``secret_keys`` names the top-level keys of which no value may be shown.
    """
    given = decoded(StackConfig, raw)
    reading = Reading(decrypted=secret_keys)
    reading.section(StackConfig, given)
    addresses = Addresses.of(reading.values)
    problems = [
        *reading.problems,
        *broken({**reading.values, STACK: stack}, *BOOKS),
        *misplaced(addresses),
    ]
    if problems:
        shown = [replace(one, value=_shown(one.key, reading.written)) for one in problems]
        problems = with_remedies(shown, addresses)
        raise ConfigurationError(stack, _discreet(problems, reading.written, secret_keys))
    return StackConfig.model_validate(_without_empty(given))


def _shown(key: str, written: Mapping[str, object]) -> str:
    if written.get(key) == SECRET:
        return SECRET
    return show(written[key]) if key in written else NOTHING


def _without_empty(section: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _without_empty(value) if is_section(value) else value
        for key, value in section.items()
        if value not in EMPTY
    }


def _discreet(
    problems: list[Problem], written: Mapping[str, object], secret_keys: Collection[str]
) -> Iterator[Problem]:
    """The same problems without any secret: not the value itself, nor where another problem mentions it."""
    secrets = {show(value) for key, value in written.items() if is_under(key, secret_keys)}
    longest_first = sorted(map(re.escape, secrets), key=len, reverse=True)
    mention = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])") if secrets else None

    def veil(text: str) -> str:
        return mention.sub(SECRET, text) if mention else text

    for problem in problems:
        if is_under(problem.key, secret_keys) and problem.value != NOTHING:
            reason, remedy = "is not right", f"`pulumi config get --path {problem.key}` to see it"
            yield replace(problem, value=SECRET, reason=reason, allowed=veil(problem.allowed), remedy=remedy)
        else:
            parts = (problem.value, problem.reason, problem.allowed, problem.remedy)
            value, reason, allowed, remedy = map(veil, parts)
            yield replace(problem, value=value, reason=reason, allowed=allowed, remedy=remedy)
