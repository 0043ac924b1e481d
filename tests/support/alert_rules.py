"""The alert rules of a shop in which one service is measured."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from dhakacart_infra.observability.alerting.model import Alert, Group, Recording
from dhakacart_infra.observability.alerting.rules import all_groups
from tests.support.alert_cases import POD_ADDRESSES, SERVICES


@cache
def groups() -> tuple[Group, ...]:
    return tuple(all_groups(SERVICES, project="dhakacart", pod_addresses=POD_ADDRESSES))


def alerts() -> list[Alert]:
    return [alert for group in groups() for alert in group.alerts]


def behind(names: Collection[str]) -> list[Group]:
    """Those alerts, with what they go by: a week of all recordings, at every minute, takes Prometheus minutes."""
    left: list[Group] = []
    for group in groups():
        kept: list[Alert | Recording] = []
        for rule in reversed(group.rules):
            used = any(rule.name in later.expr for later in kept)
            if rule.name in names or (isinstance(rule, Recording) and used):
                kept.insert(0, rule)
        left += [replace(group, rules=kept)] if kept else []
    return left


def write(folder: Path, wanted: Sequence[Group]) -> list[Path]:
    """A file of each group, as Prometheus reads them."""
    files: list[Path] = []
    for group in wanted:
        files.append(folder / f"{group.name}.rules.yaml")
        files[-1].write_text(yaml.safe_dump(group.rendered(), sort_keys=False))
    return files
