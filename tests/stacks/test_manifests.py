"""Every Kubernetes object that the program makes itself is one that the cluster's version takes."""

import pytest

from tests.support.manifests import is_built_in, manifests, problems
from tests.support.stacks import STACKS
from tests.support.whole_program import registered


@pytest.mark.parametrize("stack", STACKS)
def test_every_object_is_valid_in_the_clusters_version(stack):
    found = {name: made for name, made in manifests(registered(stack)) if is_built_in(made)}
    assert {"Namespace", "StorageClass"} <= {made["kind"] for made in found.values()}
    wrong = {name: problems(made) for name, made in found.items()}
    assert {name: faults for name, faults in wrong.items() if faults} == {}


def test_a_misspelt_field_is_found():
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "label": {}}}
    assert "label" in str(problems(namespace))
