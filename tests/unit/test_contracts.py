"""The contracts of the pinned charts: derived from charts as their publishers write them, and the difference shown."""

import json
import shutil

import pytest

from sandbox.kubernetes.contracts import __main__ as command
from sandbox.kubernetes.contracts import contract, derive
from tests.support.charts import PINNED

VALUES = """
# how many
replicas: 2
image:
  tag: ""
labels: {}
gates:
  featureGates: {}
  # NewThing: true
  # OldThing: false

region:
share: 1
"""
SCHEMA = {"properties": {"share": {"type": ["string", "integer"]}, "extra": {"type": "object"}, "region": {}}}
DEFINITION = """
kind: CustomResourceDefinition
spec:
  group: shop.example
  names: {kind: NodePool, plural: nodepools}
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: prose
        properties:
          status: {type: object}
          spec:
            type: object
            properties:
              description: {type: string, description: prose}
              match: {enum: [=, '!='], default: =}
  - {name: v0, served: false, storage: false, schema: {}}
"""


@pytest.fixture
def charts(tmp_path):
    """A folder of every pinned chart, each of which has the same few values."""
    for chart in PINNED:
        folder = tmp_path / f"{chart.name}-{chart.version}"
        (folder / "crds").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(f"name: {chart.name}")
        (folder / "values.yaml").write_text(VALUES)
        (folder / "values.schema.json").write_text(json.dumps(SCHEMA))
        (folder / "crds" / "pools.yaml").write_text(DEFINITION)
    return tmp_path


@pytest.fixture
def committed(tmp_path, monkeypatch):
    """A place of its own for contracts, empty."""
    folder = tmp_path / "contracts"
    folder.mkdir()
    monkeypatch.setattr(command, "path", lambda chart: folder / f"{chart}.json")
    return folder


def run(*arguments):
    return command.main([str(argument) for argument in arguments])


@pytest.mark.parametrize("chart", PINNED, ids=lambda chart: chart.name)
def test_every_pinned_chart_has_the_contract_of_its_version(chart):
    assert (contract(chart.name).chart, contract(chart.name).version) == (chart.name, chart.version)
    assert contract(chart.name).values


def derived(charts):
    chart = PINNED[-1]
    definitions = derive.documents(DEFINITION)
    return derive.derive(chart.name, chart.version, charts / f"{chart.name}-{chart.version}", definitions)


def test_values_have_the_type_of_their_default_or_of_the_charts_schema(charts):
    assert derived(charts)["values"] == {
        "replicas": "integer",
        "image": {"tag": "string"},
        "labels": "object",
        "gates": {"featureGates": {"NewThing": "boolean", "OldThing": "boolean"}},
        "region": "any",
        "share": "integer|string",
        "extra": "object",
    }


def test_a_kind_has_its_served_versions_and_its_fields_without_prose_or_status(charts):
    (kind,) = derived(charts)["kinds"]
    assert (kind["group"], kind["kind"], kind["plural"], kind["namespaced"]) == (
        "shop.example",
        "NodePool",
        "nodepools",
        False,
    )
    (version,) = kind["versions"]
    fields = {"description": {"type": "string"}, "match": {"enum": ["=", "!="]}}
    assert version["schema"] == {"properties": {"spec": {"type": "object", "properties": fields}}}


def brought(charts, place):
    """A chart that brings another along, which is in ``place``."""
    folder = charts / "shop-1.0.0"
    folder.mkdir()
    (folder / "Chart.yaml").write_text("name: shop\ndependencies: [{name: cart, alias: basket, version: 2.0.0}]")
    (folder / "values.yaml").write_text("basket:\n  image: {tag: ''}\n  size: 3\n# priorityClassName: ''\n")
    (charts / place).mkdir(parents=True)
    (charts / place / "Chart.yaml").write_text("name: cart")
    own = "image: {tag: null, registry: a}\nsize:\ncolours: {}\n# priorityClassName:\n"
    (charts / place / "values.yaml").write_text(own)
    return derive.derive("shop", "1.0.0", folder, [])["values"]


@pytest.mark.parametrize("place", ["shop-1.0.0/charts/cart", "cart-2.0.0"])
def test_a_chart_that_is_brought_along_takes_its_values_below_its_name(charts, place):
    """The other chart has the last word on what it says itself, and each takes what it shows in a comment."""
    assert brought(charts, place)["basket"] == {
        "image": {"tag": "string", "registry": "string"},
        "size": "integer",
        "colours": "object",
        "priorityClassName": "any",
    }


def test_a_chart_that_could_be_brought_along_and_is_not_there_has_the_keys_that_the_other_says(charts):
    assert brought(charts, "elsewhere/cart")["basket"] == {"image": {"tag": "string"}, "size": "integer"}


def test_deriving_again_changes_nothing(charts, committed, capsys):
    assert run("--charts", charts, "--check") == 1
    assert run("--charts", charts) == 0
    capsys.readouterr()
    assert run("--charts", charts, "--check") == 0
    assert capsys.readouterr().out.count("as committed") == len(PINNED)


def test_the_difference_of_another_release_is_shown_and_only_then_written(charts, committed, capsys):
    run("--charts", charts)
    chart = PINNED[0]
    file = charts / f"{chart.name}-{chart.version}" / "values.yaml"
    file.write_text(VALUES.replace("replicas: 2", "replicaCount: 2"))
    before = (committed / f"{chart.name}.json").read_text()
    capsys.readouterr()
    assert run("--charts", charts, "--check") == 1
    shown = capsys.readouterr().out
    assert f"{chart.name} {chart.version}: 1 lines added, 1 removed" in shown
    assert '+  "replicaCount": "integer"' in shown
    assert (committed / f"{chart.name}.json").read_text() == before
    run("--charts", charts)
    assert "replicaCount" in (committed / f"{chart.name}.json").read_text()


def test_a_folder_without_the_pinned_release_is_named(charts, committed, capsys):
    chart = PINNED[0]
    shutil.rmtree(charts / f"{chart.name}-{chart.version}")
    assert run("--charts", charts) == 2
    said = capsys.readouterr().err
    assert f"{chart.name}-{chart.version} has no values.yaml" in said
    assert "--pull" in said
    assert not list(committed.iterdir())


def test_another_chart_than_the_folders_name_says_is_refused(charts, committed, capsys):
    chart = PINNED[0]
    (charts / f"{chart.name}-{chart.version}" / "Chart.yaml").write_text("name: other")
    assert run("--charts", charts) == 2
    assert "holds the chart other, not" in capsys.readouterr().err


def test_pulling_without_helm_says_what_to_do(committed, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    assert run() == 2
    assert "install it (https://helm.sh" in capsys.readouterr().err
