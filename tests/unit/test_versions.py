"""Pinned versions fit each other and the tools that run them."""

import re
from dataclasses import is_dataclass
from datetime import timedelta

import kubernetes_validate
import pytest

from dhakacart_infra.config import version_age, versions
from dhakacart_infra.config.versions import AddOn, Chart
from tests.support.stacks import PROJECT

PINNED = {name: value for name, value in vars(versions).items() if name.isupper()}
ADD_ONS = {name: value for name, value in PINNED.items() if isinstance(value, AddOn)}
CHARTS = {name: value for name, value in PINNED.items() if isinstance(value, Chart)}


@pytest.mark.parametrize("add_on", ADD_ONS.values(), ids=ADD_ONS)
def test_an_add_on_is_pinned_to_one_build_of_eks(add_on):
    assert re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", add_on.version)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_pinned_to_one_release(chart):
    assert re.fullmatch(r"\d+\.\d+\.\d+", chart.version)


def test_kube_proxy_is_of_the_clusters_version():
    assert versions.KUBE_PROXY.version.startswith(f"v{versions.KUBERNETES}.")


@pytest.mark.parametrize("name", ["BOTTLEROCKET", "KARPENTER"])
def test_what_makes_nodes_knows_the_clusters_version(name):
    pinned = PINNED[name].version if name in CHARTS else PINNED[name]
    assert versions.KUBERNETES in versions.OLDEST_FOR, "look up what it wants, before the control plane goes there"
    assert number(pinned) >= number(versions.OLDEST_FOR[versions.KUBERNETES][name])


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_upgrading_names_every_constant_there_is():
    told = (PROJECT / "docs" / "runbooks" / "cluster.md").read_text()
    about = {"LOOKED_UP", "OLDEST_FOR"}
    assert [name for name in PINNED if f"`{name}`" not in told and name not in about] == []


@pytest.mark.parametrize(("days", "code"), [(60, 0), (61, 1)])
def test_versions_that_nobody_has_looked_up_for_two_months_are_complained_of(days, code, capsys):
    assert version_age.main(versions.LOOKED_UP + timedelta(days=days)) == code
    said = capsys.readouterr()
    assert str(days) in said.out + said.err


def test_karpenter_and_its_definitions_are_of_one_release():
    assert versions.KARPENTER.version == versions.KARPENTER_CRDS.version


def test_the_clusters_version_has_schemas_of_its_own_to_check_objects_against():
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    assert kubernetes_validate.validate(namespace, versions.KUBERNETES) == versions.KUBERNETES


def test_helm_finds_an_indexed_chart_by_name_and_one_in_a_registry_by_address():
    indexed = Chart(name="shop", version="1.0.0", repository="https://charts.example")
    in_registry = Chart(name="shop", version="1.0.0", repository="oci://registry.example/charts")
    assert (indexed.source, in_registry.source) == ("shop", "oci://registry.example/charts/shop")


def test_nothing_is_pinned_twice():
    names = [value.name for value in PINNED.values() if is_dataclass(value)]
    assert len(names) == len(set(names))
