"""Dashboards as this project thinks of them: rows of panels, each with what it shows, in which unit, and its limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dhakacart_infra.observability.dashboards.queries import Query

GREEN, ORANGE, RED = "green", "orange", "red"
COUNT, PER_MINUTE, PER_SECOND, SHARE, PERCENT = "short", "opm", "reqps", "percentunit", "percent"
SECONDS, MILLISECONDS, MICROSECONDS, BYTES, BYTES_PER_SECOND, CORES = "s", "ms", "µs", "bytes", "Bps", "short"

Kind = Literal["graph", "number", "table"]
Step = tuple[float | None, str]


@dataclass(frozen=True, kw_only=True)
class Panel:
    kind: Kind
    title: str
    shows: str
    """For whoever has not made it: what is seen, and what to think of it."""
    unit: str
    queries: Sequence[Query]
    limits: Sequence[Step] = ()
    stacked: bool = False
    most: float | None = None
    """Where the axis ends, if what is shown has an end."""


@dataclass(frozen=True, kw_only=True)
class Row:
    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """Chosen above the panels, from the values that a label has."""

    name: str
    title: str
    of: str
    """A selector of series that have the label."""
    label: str


@dataclass(frozen=True, kw_only=True)
class Board:
    name: str
    """Part of its address: fixed for good, people keep links."""
    title: str
    answers: str
    """The questions it is there for."""
    rows: Sequence[Row]
    variables: Sequence[Variable] = ()
    hours: int = 6

    @property
    def panels(self) -> list[Panel]:
        return [panel for row in self.rows for panel in row.panels]


def graph(
    title: str,
    shows: str,
    unit: str,
    *queries: Query,
    limits: Sequence[Step] = (),
    stacked: bool = False,
    most: float | None = None,
) -> Panel:
    """Lines over time."""
    return Panel(
        kind="graph",
        title=title,
        shows=shows,
        unit=unit,
        queries=queries,
        limits=limits,
        stacked=stacked,
        most=most,
    )


def number(title: str, shows: str, unit: str, query: Query, *, limits: Sequence[Step] = ()) -> Panel:
    """The latest value, large, before its course."""
    return Panel(kind="number", title=title, shows=shows, unit=unit, queries=[query], limits=limits)


def table(title: str, shows: str, unit: str, query: Query) -> Panel:
    """A line for each series."""
    return Panel(kind="table", title=title, shows=shows, unit=unit, queries=[query])


def above(warning: float, critical: float) -> tuple[Step, ...]:
    """The more, the worse."""
    return ((None, GREEN), (warning, ORANGE), (critical, RED))


def below(critical: float, warning: float) -> tuple[Step, ...]:
    """The less, the worse."""
    return ((None, RED), (critical, ORANGE), (warning, GREEN))
