"""Pinned versions fit each other and the tools that run them."""

import re
from dataclasses import is_dataclass

import kubernetes_validate
import pytest

from dhakacart_infra.config import versions
from dhakacart_infra.config.versions import AddOn, Chart

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
