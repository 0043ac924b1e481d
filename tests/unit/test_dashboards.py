"""Dashboards: what each panel says of itself, where it is put, and what is asked of CloudWatch."""

import json
import re
from itertools import combinations

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from dhakacart_infra.observability.dashboards.component import boards
from dhakacart_infra.observability.dashboards.places import Places
from dhakacart_infra.observability.dashboards.rendering import rendered
from tests.support.cloudwatch_metrics import PUBLISHED, STATISTICS
from tests.support.dashboards import panels

EVERYTHING = Places(
    instances=("shop", "shop-replica-1"),
    proxy="shop-proxy",
    cache_nodes=("shop-redis-0001-001", "shop-redis-0001-002"),
    balancer="shop",
    web_acl="all",
)
ONLY_DATA = Places(instances=("shop",), proxy=None, cache_nodes=("shop-redis-0001-001",), balancer=None, web_acl=None)
CONFIG_MAP_BYTES = 2**20


def made(places: Places = EVERYTHING) -> dict[str, str]:
    return {board.name: rendered(board, project="dhakacart") for board in boards("dhakacart", places)}


BOARDS = {name: json.loads(text) for name, text in made().items()}
each = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)


def test_their_addresses_stay():
    """People keep links to them."""
    assert [(board["uid"], board["title"]) for board in BOARDS.values()] == [
        ("dhakacart-business", "Business"),
        ("dhakacart-slo", "Service levels"),
        ("dhakacart-service", "Service"),
        ("dhakacart-edge", "Edge"),
        ("dhakacart-data", "Data"),
        ("dhakacart-platform", "Platform"),
    ]


def test_the_same_environment_gives_the_same_text():
    assert made() == made()


@pytest.mark.parametrize("text", made().values(), ids=BOARDS)
def test_a_dashboard_fits_into_a_config_map(text):
    assert len(text.encode()) < CONFIG_MAP_BYTES // 4


@each
def test_grafanas_own_library_reads_back_all_of_it(board):
    register_default_plugins()
    read = json.dumps(Dashboard.from_json(board), cls=JSONEncoder)
    assert json.loads(read) == board


@each
def test_every_panel_says_what_it_shows_and_in_which_unit(board):
    for panel in panels(board):
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert defaults["unit"], panel["title"]
        assert defaults["thresholds"]["steps"][0]["value"] is None, (
            f"{panel['title']}: below the first limit is no color"
        )
    titles = [(row_of(board, panel), panel["title"]) for panel in panels(board)]
    assert len(set(titles)) == len(titles), "two panels of a row are told apart by nothing"


def row_of(board, panel) -> str:
    return [one["title"] for one in board["panels"] if one["type"] == "row" and one["id"] < panel["id"]][-1]


@each
def test_limits_rise_and_are_in_reach(board):
    for panel in panels(board):
        defaults = panel["fieldConfig"]["defaults"]
        values = [step["value"] for step in defaults["thresholds"]["steps"][1:]]
        assert values == sorted(set(values)), panel["title"]
        assert all(value <= defaults.get("max", value) for value in values), f"{panel['title']}: never reached"


@each
def test_every_line_of_a_graph_has_a_name(board):
    for panel in panels(board):
        for target in panel["targets"]:
            named = target.get("legendFormat") or target.get("label")
            assert panel["type"] != "timeseries" or named not in (None, "", "__auto"), panel["title"]


@each
def test_nothing_covers_anything_else_or_leaves_the_page(board):
    fields = {panel["id"]: cells(panel["gridPos"]) for panel in board["panels"]}
    assert len(fields) == len(board["panels"]), "two panels have one number"
    for (one, here), (other, there) in combinations(fields.items(), 2):
        assert not here & there, f"{one} and {other} overlap"
    assert all(0 <= x < 24 for field in fields.values() for x, _ in field)


def cells(place) -> set[tuple[int, int]]:
    return {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}


@each
def test_only_the_two_sources_are_asked_that_grafana_has(board):
    asked = {target["datasource"]["uid"] for panel in panels(board) for target in panel["targets"]}
    assert asked <= {"prometheus", "cloudwatch"}
    for panel in panels(board):
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {panel["datasource"]["uid"]}


@each
def test_cloudwatch_is_asked_for_what_aws_publishes(board):
    for panel in panels(board):
        for target in panel["targets"]:
            if target["datasource"]["uid"] == "cloudwatch":
                published = PUBLISHED[target["namespace"]]
                assert target["metricName"] in published, f"{target['namespace']} has no {target['metricName']}"
                assert dimensions(target) in published[target["metricName"]], f"{panel['title']}: {dimensions(target)}"
                assert target["statistic"] in STATISTICS or re.fullmatch(r"p\d\d", target["statistic"])


def dimensions(target) -> frozenset[str]:
    """By which it is asked; in a search they stand in front."""
    if not target["expression"]:
        return frozenset(target["dimensions"])
    terms = r"SEARCH\('\{([^}]+)\} MetricName=\"(\w+)\"(?: (\w+)=\w+)?', '(\w+)', \d+\)"
    found = re.fullmatch(terms, target["expression"])
    assert found, target["expression"]
    namespace, *names = found[1].split(",")
    assert (namespace, found[2], found[4]) == (target["namespace"], target["metricName"], target["statistic"])
    assert found[3] is None or found[3] in names
    return frozenset(names)


@each
def test_what_is_global_is_asked_of_the_region_that_has_its_figures(board):
    for panel in panels(board):
        for target in panel["targets"]:
            if target["datasource"]["uid"] == "cloudwatch":
                is_global = target["namespace"] in ("AWS/CloudFront", "AWS/WAFV2")
                assert target["region"] == ("us-east-1" if is_global else "default"), panel["title"]


def test_what_an_environment_has_not_is_not_asked_for():
    there = {name: json.loads(text) for name, text in made(ONLY_DATA).items()}
    asked = {target.get("namespace") for panel in panels(there["edge"]) for target in panel["targets"]}
    assert asked == {"AWS/NATGateway"}
    assert "ProxyName" not in json.dumps(there["data"])
