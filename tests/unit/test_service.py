"""One service on mocks: what runs, how it is known to serve, how it grows, rolls and goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.config.services import ScalingConfig
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.workloads.flows import Flows
from dhakacart_infra.workloads.service import Service, ServiceArgs, release_seconds
from tests.support.recorder import Recorder, record
from tests.support.stacks import raw

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
DEPLOYMENT, CONFIG_MAP = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
IMAGE = "registry.example/shop/prod/backend:v1"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    service: str
    config: ServiceConfig
    stands_in: bool


class Shell(Component, token="test:index:Shell"):
    service: Service

    def build(self, args: ShellArgs) -> None:
        flows = Flows(
            project="shop", services={args.service: args.config}, load_balancers=[], data=[], data_ports={"database": 1}
        )
        asked = ServiceArgs(
            service=args.service,
            config=args.config,
            namespace=pulumi.Output.from_input("shop"),
            image=pulumi.Output.from_input(IMAGE),
            stands_in=args.stands_in,
            data_secret="data",
            flows=flows,
            priority_class=pulumi.Output.from_input("shop"),
            ready=[],
        )
        self.service = Service("backend", asked, self.child())


def made(config: Mapping[str, Any], service: str = "backend", *, stands_in: bool = False) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=True)
    args = ShellArgs(scope=scope, service=service, config=ServiceConfig.model_validate(config), stands_in=stands_in)
    return record(lambda: Shell("shell", args))


@cache
def of_production(service: str, *, stands_in: bool = False) -> Recorder:
    """As the stack file has it, but for the services that it reaches."""
    config = raw("prod")["services"][service] | {"reaches": ["database"]}
    return made(config, service, stands_in=stands_in)


def spec(recorder: Recorder, type_: str) -> dict[str, Any]:
    (found,) = recorder.of(type_).values()
    return found["spec"]


def pod(recorder: Recorder) -> dict[str, Any]:
    return spec(recorder, DEPLOYMENT)["template"]["spec"]


def container(recorder: Recorder) -> dict[str, Any]:
    (found,) = pod(recorder)["containers"]
    return found


services = pytest.mark.parametrize("service", ["frontend", "backend"])


@services
def test_a_release_takes_no_pod_away_before_another_serves(service):
    rolling = spec(of_production(service), DEPLOYMENT)["strategy"]["rollingUpdate"]
    assert rolling == {"maxSurge": 1, "maxUnavailable": 0}


@services
def test_how_many_there_are_is_the_autoscalers_alone(service):
    recorder = of_production(service)
    assert "replicas" not in spec(recorder, DEPLOYMENT)
    scaler = spec(recorder, SCALER)
    assert scaler["scaleTargetRef"]["name"] == f"shop-{service}"
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 50)
    used = {one["resource"]["name"]: one["resource"]["target"]["averageUtilization"] for one in scaler["metrics"]}
    assert used == {"cpu": 70, "memory": 80}
    assert used.keys() <= container(recorder)["resources"]["requests"].keys(), "a share of what is not requested"


def test_it_grows_faster_than_it_shrinks():
    behaviour = spec(of_production("backend"), SCALER)["behavior"]
    assert behaviour["scaleUp"]["stabilizationWindowSeconds"] < behaviour["scaleDown"]["stabilizationWindowSeconds"]


def test_the_services_have_the_resources_of_the_design():
    assert container(of_production("frontend"))["resources"] == {
        "requests": {"memory": "128Mi", "cpu": "100m"},
        "limits": {"memory": "256Mi", "cpu": "200m"},
    }
    assert container(of_production("backend"))["resources"]["limits"] == {"memory": "512Mi", "cpu": "500m"}


@services
def test_it_is_ready_once_its_health_page_answers(service):
    probe = container(of_production(service))["readinessProbe"]
    assert probe["httpGet"] == {"path": "/health", "port": "http"}
    assert (probe["initialDelaySeconds"], probe["periodSeconds"]) == (5, 5)


def test_a_database_that_fails_over_is_no_reason_to_start_the_backend_anew():
    backend, frontend = (container(of_production(service)) for service in ("backend", "frontend"))
    assert backend["livenessProbe"]["tcpSocket"] == {"port": "http"}
    assert "httpGet" not in backend["livenessProbe"]
    assert frontend["livenessProbe"]["httpGet"]["path"] == "/health"
    for probe in (backend["livenessProbe"], frontend["livenessProbe"]):
        assert (probe["initialDelaySeconds"], probe["periodSeconds"]) == (30, 10)


def test_a_slow_starter_is_given_its_time_before_anybody_asks_whether_it_lives():
    probe = container(of_production("backend"))["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] == 60
    assert "startupProbe" not in container(of_production("frontend"))


@services
def test_a_pod_that_goes_serves_on_until_everybody_has_heard(service):
    drain = container(of_production(service))["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert 10 <= drain <= 15
    assert pod(of_production(service))["terminationGracePeriodSeconds"] >= drain + 30, "the longest request"


@services
@pytest.mark.parametrize("stands_in", [False, True], ids=["released", "stand-in"])
def test_its_pods_meet_the_strictest_standard(service, stands_in):
    recorder = of_production(service, stands_in=stands_in)
    security, own = pod(recorder)["securityContext"], container(recorder)["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["runAsUser"] > 0
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(recorder)["automountServiceAccountToken"] is False


def test_a_port_below_1024_needs_no_root():
    recorder = of_production("frontend")
    assert container(recorder)["ports"] == [{"name": "http", "containerPort": 80}]
    assert pod(recorder)["securityContext"]["sysctls"] == [
        {"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}
    ]


def test_the_folders_it_writes_are_its_own_and_empty():
    recorder = of_production("frontend")
    kinds = {volume["name"]: volume.keys() - {"name"} for volume in pod(recorder)["volumes"]}
    written = {mount["mountPath"]: kinds[mount["name"]] for mount in container(recorder)["volumeMounts"]}
    assert written == {path: {"emptyDir"} for path in ("/tmp", "/run", "/var/cache/nginx")}


def test_each_release_is_spread_over_zones_and_nodes_by_itself():
    constraints = pod(of_production("backend"))["topologySpreadConstraints"]
    assert {one["topologyKey"] for one in constraints} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    for one in constraints:
        assert one["matchLabelKeys"] == ["pod-template-hash"]
        assert one["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": "shop-backend"}


def test_pods_run_on_spot_nodes_only_where_the_configuration_says_so():
    assert "tolerations" not in pod(made({"port": 80}))
    (toleration,) = pod(made({"port": 80, "spot": True}))["tolerations"]
    assert toleration["key"] == "spot"


def test_another_variable_rolls_the_pods_and_leaves_those_that_run_theirs():
    first, second = (made({"port": 80, "variables": {"LEVEL": level}}) for level in ("info", "debug"))
    names = [next(iter(one.of(CONFIG_MAP).values()))["metadata"]["name"] for one in (first, second)]
    assert len(set(names)) == 2
    assert spec(first, DEPLOYMENT)["template"] != spec(second, DEPLOYMENT)["template"]


def test_passwords_come_from_the_secret_and_nowhere_else():
    recorder = of_production("backend")
    assert "env" not in container(recorder)
    sources = [next(iter(one)) for one in container(recorder)["envFrom"]]
    assert sources == ["configMapRef", "secretRef"]
    assert container(recorder)["envFrom"][1]["secretRef"] == {"name": "data"}


def test_before_the_first_release_a_page_stands_in_that_knows_no_password():
    recorder = of_production("backend", stands_in=True)
    assert container(recorder)["command"] == ["nginx", "-c", "/etc/stand-in/stand-in.conf"]
    assert [next(iter(one)) for one in container(recorder)["envFrom"]] == ["configMapRef"]
    (page,) = [one["data"] for one in recorder.of(CONFIG_MAP).values() if "stand-in.conf" in one["data"]]
    assert "listen 5000;" in page["stand-in.conf"]
    assert "command" not in container(of_production("backend")), "the image's own"


def test_the_more_pods_come_at_once_the_sooner_a_bad_release_is_given_up():
    waits = [release_seconds(ScalingConfig(max_pods=50, max_surge=surge)) for surge in (1, 5, 13, 50)]
    assert waits == sorted(waits, reverse=True)
    assert 50 * 40 < waits[0] < 3600
    assert waits[2] < 15 * 60


@given(pods=st.integers(2, 1000), percent=st.integers(1, 50))
def test_a_node_can_always_be_emptied_and_half_of_the_pods_stay(pods, percent):
    bound = spec(made_with_budget(percent), BUDGET)["maxUnavailable"]
    away = ceil(pods * int(bound.rstrip("%")) / 100)
    assert 1 <= away <= ceil(pods / 2)


@cache
def made_with_budget(percent: int) -> Recorder:
    return made({"port": 80, "scaling": {"max_unavailable_percent": percent}})
