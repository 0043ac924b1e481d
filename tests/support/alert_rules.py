"""The alert rules of a shop with one service that is measured, and of the three stacks."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from dhakacart_infra.observability.alerting.model import Alert, Group
from dhakacart_infra.observability.alerting.rules import all_groups
from tests.support.alert_cases import POD_ADDRESSES, SERVICES


@cache
def groups() -> tuple[Group, ...]:
    return tuple(all_groups(SERVICES, project="dhakacart", pod_addresses=POD_ADDRESSES))


def alerts() -> list[Alert]:
    return [alert for group in groups() for alert in group.alerts]


def write(folder: Path, wanted: Sequence[Group] | None = None) -> list[Path]:
    """A file of each group, as Prometheus reads them."""
    files: list[Path] = []
    for group in wanted or groups():
        files.append(folder / f"{group.name}.rules.yaml")
        files[-1].write_text(yaml.safe_dump(group.rendered(), sort_keys=False))
    return files
