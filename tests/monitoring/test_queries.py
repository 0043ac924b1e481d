"""Every rule and every panel is evaluated by a real Prometheus, and names only what somebody exports."""

import re

import pytest

from tests.monitoring.conftest import Watched, groups, monitors
from tests.support.dashboards import asked, dashboards, legend, substituted
from tests.support.exports import exporters
from tests.support.prometheus_server import QueryError
from tests.support.promql import UnknownNameError, labels

CHOSEN = {"service": "dhakacart-backend|dhakacart-frontend"}
VALUES_OF = re.compile(r"label_values\((.+), (\w+)\)")


def wrong(watched: Watched, expression: str, shown: set[str]) -> str | None:
    """What fails in a query, or is not there; or is to be shown of its answer, and is not in it."""
    try:
        watched.server.evaluated(expression)
        answered = labels(watched.server.parsed(expression), watched.exported)
    except (QueryError, UnknownNameError) as error:
        return f"{error}: {expression}"
    missing = shown - answered
    return (
        f"no {', '.join(sorted(missing))} in the answer ({', '.join(sorted(answered))}): {expression}"
        if missing
        else None
    )


def test_every_panel_asks_for_what_is_exported_and_names_its_lines_by_labels_of_the_answer(watched):
    queries = {str(one): one.target for one in asked(watched.stack) if one.is_prometheus}
    assert queries
    found = {
        where: problem
        for where, target in queries.items()
        if (problem := wrong(watched, substituted(target["expr"], CHOSEN), legend(target)))
    }
    assert found == {}


def test_every_variable_is_chosen_from_values_that_there_are(watched):
    variables = [(board["title"], one) for board in dashboards(watched.stack) for one in board["templating"]["list"]]
    assert variables
    for title, variable in variables:
        found = VALUES_OF.fullmatch(variable["definition"])
        assert found, f"{title}: {variable['definition']}"
        assert found[2] in watched.exported(found[1]), f"{title}: no {found[2]} in {found[1]}"


def test_every_rule_asks_for_what_is_exported_and_tells_of_labels_of_the_answer(watched):
    rules = [rule for group in groups(watched.stack) for rule in group["rules"]]
    found = {
        rule.get("alert") or rule["record"]: problem
        for rule in rules
        if (problem := wrong(watched, rule["expr"], told(rule) - rule.get("labels", {}).keys()))
    }
    assert found == {}


def told(rule) -> set[str]:
    """The labels that an alert's texts name."""
    return set(re.findall(r"\$labels\.(\w+)", " ".join(rule.get("annotations", {}).values())))


def test_every_rule_runs(watched):
    rules = watched.server.rules()
    assert len(rules) == sum(len(group["rules"]) for group in groups(watched.stack))
    failed = {rule["name"]: rule["lastError"] for rule in rules if rule["health"] != "ok"}
    assert failed == {}


def test_no_exporters_label_is_pushed_aside_by_the_targets(watched):
    """Rules and panels would take one for the other: the secret's namespace for that of who copies it."""
    aside = {
        f"{series['__name__']}: {name}"
        for series in watched.server.series('{__name__=~".+"}')
        for name in series
        if name.startswith("exported_")
    }
    assert aside == set()


def test_whoever_is_found_by_an_object_of_ours_has_it(watched):
    for exporter in exporters().values():
        assert exporter.monitor is None or monitors(watched.stack, *exporter.monitor), f"nobody scrapes {exporter.name}"


def test_what_is_catalogued_arrives(watched):
    """And each family's type is what Prometheus takes it for."""
    known = watched.server.get("/api/v1/metadata")
    for exporter in exporters().values():
        for series in exporter.series:
            assert known[series.family][0]["type"] == series.type, f"{exporter.name}: {series.family}"


@pytest.mark.parametrize(
    "expression",
    [
        "kube_pod_status_fase",
        'kube_pod_status_phase{phase="Sleeping"}',
        "sum by (pods) (kube_pod_info)",
        "kube_pod_info * on (host) kube_node_info",
        "histogram_quantile(0.9, sum by (job) (rate(http_request_duration_seconds_bucket[1m])))",
        'http_request_duration_seconds_bucket{le="2"}',  # Prometheus 3 makes it 2.0
    ],
)
def test_a_query_for_what_nobody_exports_would_be_found(watched, expression):
    assert wrong(watched, expression, set())


def test_a_line_named_by_a_label_that_is_gone_would_be_found(watched):
    assert "no pod in the answer" in (wrong(watched, "sum by (namespace) (kube_pod_info)", {"pod"}) or "")
