"""What the API server says of the shop's objects: standards, quota and limit ranges included."""

from typing import Any

import pytest

from sandbox.control_plane.api import ApiError
from sandbox.kubernetes.objects import Kind, metadata
from tests.support.real_cluster import NAMESPACE, Cluster


def registered(cluster: Cluster) -> list[dict[str, Any]]:
    return [
        value for value in cluster.sandbox.kubernetes.objects(cluster.real.plane.endpoint) if "uid" in metadata(value)
    ]


def test_every_object_of_the_stack_stands_as_the_engine_sent_it(cluster):
    kinds = [value["kind"] for value in registered(cluster)]
    assert {"Deployment", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"} <= set(kinds)
    assert kinds.count("Deployment") == 2


def test_the_api_server_warns_of_nothing(cluster):
    assert cluster.api.warnings == []


def test_the_namespace_enforces_the_strictest_standard_and_its_pods_run_all_the_same(cluster):
    namespace = cluster.api.get(Kind(api_version="v1", kind="Namespace"), None, NAMESPACE)
    assert metadata(namespace)["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for service in ("frontend", "backend"):
        assert len(cluster.pods(service)) >= 2, f"{service} has too few pods"


def test_the_quota_counts_the_pods_and_leaves_room_for_as_many_again(cluster):
    quota = cluster.get("v1", "ResourceQuota", "quota")["status"]
    assert 4 <= int(quota["used"]["pods"]) <= int(quota["hard"]["pods"]) / 2


def test_no_controller_reports_a_refused_pod(cluster):
    events = cluster.api.list(Kind(api_version="v1", kind="Event"), NAMESPACE)
    refused = [one["message"] for one in events if one["reason"] in ("FailedCreate", "FailedScheduling")]
    assert refused == []


def test_a_second_up_changes_nothing(cluster):
    assert set(cluster.release("frontend")) == {"same"}


def test_a_pod_that_is_not_hardened_is_refused(cluster):
    bare = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "bare", "namespace": NAMESPACE},
        "spec": {"containers": [{"name": "bare", "image": "nginx"}]},
    }
    with pytest.raises(ApiError, match='violates PodSecurity "restricted'):
        cluster.api.apply(bare)
