"""Changes that the simulated Kubernetes refuses: neither an update nor, as the provider does it, a replacement."""

import re

import pytest

from sandbox.providers.properties import UNKNOWN
from sandbox.providers.provider import ResourceError
from tests.support.kubernetes import Kubernetes, thing

STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
PRIORITY_CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass"


def storage(**fields):
    fields = {"provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer", **fields}
    return thing("storage.k8s.io/v1", "StorageClass", "gp3", **fields)


def priority(**fields):
    return thing("scheduling.k8s.io/v1", "PriorityClass", "checkout", **fields)


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


@pytest.mark.parametrize(
    ("type_", "old", "change", "said"),
    [
        (
            STORAGE_CLASS,
            storage(),
            {"volumeBindingMode": "Immediate"},
            'Invalid value: "Immediate": field is immutable',
        ),
        (STORAGE_CLASS, storage(), {"reclaimPolicy": "Retain"}, "Forbidden: updates to reclaimPolicy are forbidden."),
        (PRIORITY_CLASS, priority(value=5), {"value": 6}, "Forbidden: may not be changed in an update."),
        (PRIORITY_CLASS, priority(value=5), {"preemptionPolicy": "Never"}, '"Never": field is immutable'),
    ],
)
def test_what_neither_changes_nor_replaces_is_refused_already_in_a_preview(kubernetes, type_, old, change, said):
    made = kubernetes.make(type_, old)
    field = next(iter(change))
    for attempt in (kubernetes.preview, kubernetes.change):
        with pytest.raises(ResourceError, match=rf"is invalid: {field}: .*{re.escape(said)}"):
            attempt(made, old | change)


def test_a_refresh_shows_what_somebody_else_changed_though_nobody_could_change_it_back(kubernetes):
    made = kubernetes.make(PRIORITY_CLASS, priority(value=5))
    assert set(kubernetes.diff(made, priority(value=6)).changed) == {"value"}


def test_to_say_what_the_api_server_fills_in_anyway_is_no_forbidden_change(kubernetes):
    made = kubernetes.make(PRIORITY_CLASS, priority(value=5))
    said = kubernetes.diff(made, priority(value=5, preemptionPolicy="PreemptLowerPriority"))
    assert set(said.changed) == {"preemptionPolicy"}


def test_a_forbidden_change_that_is_not_known_yet_does_not_stop_a_preview(kubernetes):
    made = kubernetes.make(PRIORITY_CLASS, priority(value=5))
    assert kubernetes.preview(made, priority(value=UNKNOWN))["value"] == UNKNOWN


def test_a_replacement_may_change_what_an_update_may_not(kubernetes):
    made = kubernetes.make(STORAGE_CLASS, storage())
    other = storage(provisioner="efs.csi.aws.com", volumeBindingMode="Immediate")
    assert kubernetes.diff(made, other).replaces == ("provisioner",)
