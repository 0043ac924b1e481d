"""Releases and drained nodes, on real controllers: what customers notice of them."""

from collections import Counter

import pytest
from pulumi import automation

from tests.support.real_cluster import Cluster, is_ready, watching

FEW, MANY = 3, 50
SURGE = 13  # a quarter of fifty
ABSENT = "never-pushed"  # of sandbox/control_plane/stages.yaml


def ready(cluster: Cluster) -> int:
    """Pods of the frontend that are ready, and that the load balancer sends requests to."""
    targets = cluster.targets("frontend")
    return sum(is_ready(pod) and pod["status"]["podIP"] in targets for pod in cluster.pods("frontend"))


def scaled(cluster: Cluster, pods: int, release: str, surge: int = 1) -> None:
    scaling = {"min_pods": pods, "max_pods": pods, "max_surge": surge}
    cluster.release("frontend", release=release, scaling=scaling)
    cluster.wait(lambda: ready(cluster) == pods)


def images(cluster: Cluster) -> Counter[str]:
    return Counter(pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in cluster.pods("frontend"))


@pytest.mark.parametrize(("pods", "surge"), [(FEW, 1), (MANY, SURGE)])
def test_a_release_never_leaves_fewer_pods_serving_than_the_minimum(cluster, capsys, pods, surge):
    scaled(cluster, pods, "v1", surge)
    with watching(lambda: ready(cluster)) as seen:
        cluster.release("frontend", release="v2")
    with capsys.disabled():
        print(f"\n  {pods} pods, {surge} at a time: {seen.seconds:.0f} s, never fewer than {seen.least} serving")
    assert seen.least >= pods
    assert set(images(cluster)) == {"v2"}


def test_a_release_without_an_image_leaves_the_old_pods_serving_and_says_why(cluster):
    scaled(cluster, FEW, "v1")
    cluster.sandbox.kubernetes.patience = 8
    try:
        with watching(lambda: ready(cluster)) as seen, pytest.raises(automation.CommandError) as failed:
            cluster.release("frontend", release=ABSENT)
    finally:
        cluster.sandbox.kubernetes.patience = None
    told = str(failed.value)
    assert "dhakacart-frontend failed to become live" in told
    assert "ImagePullBackOff" in told
    assert ABSENT in told
    assert seen.least >= FEW
    assert images(cluster)["v1"] == FEW
    cluster.release("frontend", release="v1")
    cluster.wait(lambda: set(images(cluster)) == {"v1"})


def test_draining_a_node_leaves_as_many_pods_as_the_budget_promises(cluster):
    scaled(cluster, FEW, "v1")
    budget = cluster.get("policy/v1", "PodDisruptionBudget", "dhakacart-frontend")["status"]
    (node, _), *_ = Counter(pod["spec"]["nodeName"] for pod in cluster.pods("frontend")).most_common()
    with watching(lambda: ready(cluster)) as seen:
        cluster.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s")
    cluster.kubectl("uncordon", node)
    assert budget["desiredHealthy"] >= 1
    assert seen.least >= budget["desiredHealthy"], "the drain took more than the budget allows"
