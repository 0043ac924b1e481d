"""A further service: an entry in the stack file, and all that a service has, beside those that are there."""

from typing import Any

import pytest

from tests.support.recorder import Recorder
from tests.support.stacks import STACKS
from tests.support.whole_program import registered

KINDS = {
    "ConfigMap",
    "Deployment",
    "HorizontalPodAutoscaler",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
    "ServiceAccount",
}


def with_search(values: dict[str, Any]) -> None:
    values["services"]["search"] = {
        "port": 8080,
        "routes": ["/search"],
        "reaches": ["redis"],
        "scaling": {"max_pods": 4},
    }
    values["services"]["backend"]["reaches"].append("search")


def by_name(recorder: Recorder) -> dict[str, tuple[str, dict[str, Any]]]:
    return {one.name: (one.type, one.inputs) for one in recorder.resources}


@pytest.mark.parametrize("stack", STACKS)
def test_a_third_service_is_an_entry_and_touches_no_other(stack):
    before, after = by_name(registered(stack)), by_name(registered(stack, with_search))
    new = {name: type_ for name, (type_, _) in after.items() if name not in before}
    kinds = {type_.rpartition(":")[2] for type_ in new.values() if type_.startswith("kubernetes:")}
    assert kinds == KINDS
    assert all(name.startswith(("services-search", "addresses-search", "outside-checks-search")) for name in new)
    assert before.keys() <= after.keys()
    touched = {name for name in before if before[name] != after[name]}
    routed = {"way-in-ingress", "cdn-distribution", "outside-checks-ShopDown"} & before.keys()
    assert touched == {"shop-quota", "services-backend-flows"} | routed, "its bounds, its caller and the way to it"


@pytest.mark.parametrize("stack", STACKS)
def test_room_is_kept_in_pods_of_the_largest_service(stack):
    def larger(values: dict[str, Any]) -> None:
        values["spare_pods"] = 3
        values["services"]["backend"]["resources"] |= {"memory_request_mib": 1024, "memory_limit_mib": 1024}

    spare = registered(stack, larger).of("kubernetes:apps/v1:Deployment")["services-spare-deployment"]["spec"]
    (pause,) = spare["template"]["spec"]["containers"]
    assert (spare["replicas"], pause["resources"]["requests"]) == (3, {"cpu": "500m", "memory": "1024Mi"})


def test_the_room_makes_way_for_whatever_has_to_run():
    classes = registered("prod").of("kubernetes:scheduling.k8s.io/v1:PriorityClass")
    values = {one["metadata"]["name"]: one["value"] for one in classes.values()}
    assert values["spare-room"] < 0 < values["dhakacart"]


@pytest.mark.parametrize("stack", STACKS)
def test_the_quota_lets_the_largest_shop_roll(stack):
    recorder = registered(stack)
    (quota,) = recorder.of("kubernetes:core/v1:ResourceQuota").values()
    scalers = recorder.of("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").values()
    most = sum(one["spec"]["maxReplicas"] for one in scalers)
    assert int(quota["spec"]["hard"]["pods"]) >= 2 * most, "pods that end count until they are gone"


def test_images_come_by_tag_or_digest_from_the_repository_of_the_services_name():
    def released(values: dict[str, Any]) -> None:
        values["services"]["frontend"]["release"] = "v7"
        values["services"]["backend"]["release"] = "sha256:" + "ab" * 32

    deployments = registered("prod", released).of("kubernetes:apps/v1:Deployment")
    images = {name: one["spec"]["template"]["spec"]["containers"][0]["image"] for name, one in deployments.items()}
    assert images["services-frontend-deployment"] == "registry.example/dhakacart/prod/frontend:v7"
    assert images["services-backend-deployment"] == "registry.example/dhakacart/prod/backend@sha256:" + "ab" * 32
