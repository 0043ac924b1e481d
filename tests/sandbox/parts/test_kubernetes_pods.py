"""What the simulated Kubernetes refuses of the pods that an object describes: containers, quantities, priorities."""

import pytest

from sandbox.providers.properties import UNKNOWN
from tests.support.kubernetes import DEPLOYMENT, Kubernetes, container, deployment, thing

PLACE = "spec.template.spec.containers[0]."


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"image": None}, "image: Required value"),
        ({"image": ""}, "image: Required value"),
        ({"imagePullPolicy": "always"}, 'imagePullPolicy: Unsupported value: "always": supported values: "Always"'),
        ({"ports": [{"containerPort": 0}]}, "ports[0].containerPort: Invalid value: 0: must be between 1 and 65535"),
        ({"ports": [{"containerPort": 65536}]}, "ports[0].containerPort: Invalid value: 65536: must be between"),
        ({"ports": [{"containerPort": 80, "hostPort": -1}]}, "ports[0].hostPort: Invalid value: -1: must be between"),
        ({"ports": [{"containerPort": n, "name": "http"} for n in (80, 81)]}, 'ports[1].name: Duplicate value: "http"'),
    ],
)
def test_a_container_that_could_not_run_is_refused_with_the_place_of_the_mistake(kubernetes, fields, said):
    assert kubernetes.refusal(DEPLOYMENT, deployment(template=container(**fields))).startswith(PLACE + said)


def test_containers_are_checked_wherever_a_kind_describes_pods(kubernetes):
    pods = {"spec": {"containers": [{"name": "web", "image": "web"}], "initContainers": [{"name": "first"}]}}
    task = {"spec": {"template": {"spec": {**pods["spec"], "restartPolicy": "Never"}}}}
    pod, job = thing("v1", "Pod", "web", **pods), thing("batch/v1", "Job", "web", **task)
    cron = thing("batch/v1", "CronJob", "web", spec={"schedule": "0 3 * * *", "jobTemplate": task})
    for type_, value in (("core/v1:Pod", pod), ("batch/v1:Job", job), ("batch/v1:CronJob", cron)):
        refused = kubernetes.refusal(f"kubernetes:{type_}", value)
        assert refused.endswith("spec.initContainers[0].image: Required value"), type_


@pytest.mark.parametrize("quantity", ["512MB", "1 Gi", "lots", "", "1.2.3", "1mi", "10Mii", "-"])
def test_a_quantity_that_is_none_is_refused(kubernetes, quantity):
    asked = container(resources={"requests": {"memory": quantity}})
    said = (
        f'{PLACE}resources.requests.memory: Invalid value: "{quantity}": quantities must match the regular expression'
    )
    assert said in kubernetes.refusal(DEPLOYMENT, deployment(template=asked))
    hard = thing("v1", "ResourceQuota", "shop", spec={"hard": {"requests.memory": quantity}})
    assert "quantities must match" in kubernetes.refusal("kubernetes:core/v1:ResourceQuota", hard)


@pytest.mark.parametrize(
    ("request_", "limit", "fits"),
    [
        ("500m", "1", True),
        ("1000m", 1, True),
        (0.5, "500m", True),
        ("1Gi", "1024Mi", True),
        ("1G", "1Gi", True),
        ("1e3", "1k", True),
        ("1E", ".5E", False),
        ("2", "1500m", False),
        ("1Gi", "1G", False),
        (UNKNOWN, "1", True),
        ("2", UNKNOWN, True),
    ],
)
def test_a_container_asks_for_no_more_than_its_limit(kubernetes, request_, limit, fits):
    asked = container(resources={"requests": {"cpu": request_}, "limits": {"cpu": limit}})
    refused = kubernetes.refusal(DEPLOYMENT, deployment(template=asked))
    said = f'{PLACE}resources.requests: Invalid value: "{request_}": must be less than or equal to cpu limit of {limit}'
    assert refused == ("" if fits else said)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("checkout", 1_000_000_000, True),
        ("checkout", 1_000_000_001, False),
        ("system-node-critical", 2_000_001_000, True),
    ],
)
def test_the_highest_priorities_are_the_system_s(kubernetes, name, value, allowed):
    given = thing("scheduling.k8s.io/v1", "PriorityClass", name, value=value)
    refused = kubernetes.refusal("kubernetes:scheduling.k8s.io/v1:PriorityClass", given)
    said = "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"
    assert refused == ("" if allowed else said)
