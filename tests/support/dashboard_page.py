"""docs/dashboards.md: what each dashboard shows, as a table, from what Grafana is given."""

from collections.abc import Iterator
from typing import Any

from tests.support.dashboards import dashboards, panels
from tests.support.stacks import PROJECT
from tests.support.whole_program import registered

PAGE = PROJECT / "docs" / "dashboards.md"
BEGIN = "<!-- From here on by `make dashboards`. -->\n"
UNITS = {
    "Bps": "bytes a second",
    "bytes": "bytes",
    "iops": "a second",
    "ms": "milliseconds",
    "none": "times",
    "opm": "a minute",
    "percent": "%",
    "percentunit": "share",
    "reqps": "a second",
    "s": "seconds",
    "short": "number",
    "µs": "microseconds",
}


def table() -> str:
    """Those of production, which has everything."""
    return "\n".join(line for dashboard in dashboards(registered("prod")) for line in _section(dashboard))


def _section(dashboard: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {dashboard['title']}", "", f"{dashboard['description']} At `/d/{dashboard['uid']}`.", "")
    if chosen := [variable["label"] for variable in dashboard["templating"]["list"]]:
        yield from (f"To choose: {', '.join(chosen)}.", "")
    yield from ("| panel | shows | in | turns orange, red | asks |", "| --- | --- | --- | --- | --- |")
    for panel in panels(dashboard):
        defaults = panel["fieldConfig"]["defaults"]
        asks = "<br>".join(_asked(target) for target in panel["targets"])
        cells = [panel["title"], panel["description"], UNITS[defaults["unit"]], _limits(defaults), asks]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _limits(defaults: dict[str, Any]) -> str:
    """At which values, of those that are given."""
    base, *steps = defaults["thresholds"]["steps"]
    if not steps:
        return ""
    if base["color"] == "red":
        return " ".join(["below", ", ".join(f"{step['value']:,.4g}" for step in reversed(steps))])
    return ", ".join(f"{step['value']:,.4g}" for step in steps if step["color"] in ("orange", "red"))


def _asked(target: dict[str, Any]) -> str:
    if "expr" in target:
        return f"`{target['expr']}`".replace("|", r"\|")
    by = ", ".join(target.get("dimensions", {})) or "search"
    return f"{target['namespace']} {target['metricName']}, {target['statistic']} by {by}"


def page(text: str) -> str:
    """The page with the tables as they are now."""
    return text[: text.index(BEGIN) + len(BEGIN)] + "\n" + table()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
