"""The monitoring stack on mocks: what it keeps, what it survives, who gets in, what it looks at."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pytest

from dhakacart_infra.config import MonitoringConfig, ServiceConfig
from dhakacart_infra.config.monitoring import SCRAPE_SECONDS, kept_gib, memory_mib, most_series
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.iam import allow
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.observability.metrics import Metrics, MetricsArgs
from tests.support.manifests import whole
from tests.support.pod_identities import own_associations
from tests.support.recorder import Recorder, record
from tests.support.stacks import raw

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")
TOPIC = "arn:aws:sns:ap-south-1:123456789012:alarms"
ROUTE = {"receiver": "people", "group_by": ["alertname"]}
SERVICES = {
    "backend": {"port": 5000, "metrics_port": 9464, "release": "v1"},
    "waiting": {"port": 5000, "metrics_port": 9464},
    "mute": {"port": 80, "release": "v1"},
}
MONITORS = "kubernetes:monitoring.coreos.com/v1:"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    monitoring: MonitoringConfig


class Shell(Component, token="test:index:Shell"):
    metrics: Metrics

    def build(self, args: ShellArgs) -> None:
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=None), self.child())
        topic = pulumi.Output.from_input(TOPIC)
        services = {name: ServiceConfig.model_validate(one) for name, one in SERVICES.items()}
        self.metrics = Metrics(
            "metrics",
            MetricsArgs(
                config=args.monitoring,
                series=100_000,
                cluster_name=pulumi.Output.from_input("shop-test-aps1"),
                secrets=key,
                services=services,
                application="shop",
                node_blocks=[IPv4Network("10.0.10.0/24")],
                routing={"route": ROUTE, "receivers": [{"name": "people", "sns_configs": [{"topic_arn": topic}]}]},
                publishing=[allow(["sns:Publish"], [TOPIC])],
                secret_store=key,
                ready=[],
            ),
            self.child(),
        )


@cache
def made(*, protected: bool = True, **monitoring: Any) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protected)
    args = ShellArgs(scope=scope, monitoring=MonitoringConfig.model_validate(monitoring))
    return record(lambda: Shell("shell", args))


def values(recorder: Recorder) -> dict[str, Any]:
    return whole(recorder.of("kubernetes:helm.sh/v3:Release")["metrics-release"]["values"])


def prometheus(recorder: Recorder) -> dict[str, Any]:
    return values(recorder)["prometheus"]["prometheusSpec"]


def gib(size: str) -> float:
    """Of a size as Prometheus or Kubernetes writes it."""
    (number,) = re.findall(r"^(\d+)Gi(?:B)?$", size)
    return float(number)


@pytest.mark.parametrize("storage", [10, 11, 1024])
def test_prometheus_lets_go_of_old_days_before_its_disk_is_full(storage):
    spec = prometheus(made(storage_gib=storage))
    disk = gib(spec["storageSpec"]["volumeClaimTemplate"]["spec"]["resources"]["requests"]["storage"])
    compacted_beside = 0.1  # of what is kept, at most: a block spans a tenth of the retention
    assert disk == storage
    assert gib(spec["retentionSize"]) * (1 + compacted_beside) < disk


@pytest.mark.parametrize(("stack", "vcpu", "pods"), [("staging", 26, 20), ("prod", 112, 100)])
def test_disk_and_memory_hold_the_largest_cluster_that_the_stack_may_be(stack, vcpu, pods):
    config, series, bytes_of_a_sample = MonitoringConfig(**raw(stack)["monitoring"]), most_series(vcpu, pods), 2
    written = series * config.retention_days * 86_400 // SCRAPE_SECONDS * bytes_of_a_sample
    assert written < kept_gib(config.storage_gib) * 2**30
    assert series * 10_240 < memory_mib(series) * 2**20


def test_more_to_watch_is_given_more_memory():
    sizes = [most_series(vcpu, pods) for vcpu, pods in ((8, 10), (112, 100), (1000, 1000))]
    assert sizes == sorted(sizes)
    assert memory_mib(sizes[0]) < memory_mib(sizes[2])


def parts(recorder: Recorder) -> dict[str, tuple[Mapping[str, Any], int]]:
    """Budget and number, by name."""
    found = values(recorder)
    return {
        name: (found[name]["podDisruptionBudget"], found[name][f"{name}Spec"]["replicas"])
        for name in ("prometheus", "alertmanager")
    }


def test_of_several_one_may_go_at_a_time():
    for budget, replicas in parts(made()).values():
        assert (budget["enabled"], replicas - budget["minAvailable"]) == (True, 1)


def test_the_only_one_does_not_keep_its_node_from_being_emptied():
    for budget, replicas in parts(made(replicated=False)).values():
        assert (budget["enabled"], replicas) == (False, 1)


def test_two_prometheus_never_begin_in_one_zone():
    spec = prometheus(made())
    assert (spec["podAntiAffinity"], spec["podAntiAffinityTopologyKey"]) == ("hard", "topology.kubernetes.io/zone")


@pytest.mark.parametrize(("protected", "left"), [(True, "Retain"), (False, "Delete")])
def test_its_disks_outlive_it_only_where_data_are_protected(protected, left):
    found = values(made(protected=protected))
    for spec in (found["prometheus"]["prometheusSpec"], found["alertmanager"]["alertmanagerSpec"]):
        assert spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == left


def test_every_monitor_and_rule_is_seen_whoever_made_it():
    selectors = {name: on for name, on in prometheus(made()).items() if name.endswith("SelectorNilUsesHelmValues")}
    assert selectors == dict.fromkeys(selectors, False)
    assert len(selectors) == 5


def test_what_is_done_with_alerts_is_what_was_said_and_nothing_of_the_charts():
    secret = made().of("kubernetes:core/v1:Secret")["metrics-routing"]
    told = json.loads(secret["stringData"]["value"]["alertmanager.yaml"])
    assert told == {"route": ROUTE, "receivers": [{"name": "people", "sns_configs": [{"topic_arn": TOPIC}]}]}
    alertmanager = values(made())["alertmanager"]
    assert alertmanager["alertmanagerSpec"]["useExistingSecret"]
    assert "config" not in alertmanager


def test_grafanas_password_is_in_secrets_manager_and_nowhere_else():
    recorder = made()
    for resource in recorder.resources:
        if not resource.type.startswith(("aws:secretsmanager", "random:")):
            assert "made-for-metrics-credentials" not in json.dumps(resource.inputs), resource.name


def test_grafana_finds_its_first_user_where_external_secrets_puts_it():
    recorder = made()
    external = recorder.of("kubernetes:external-secrets.io/v1:ExternalSecret")["metrics-user-secret"]
    stored = recorder.of("aws:secretsmanager/secret:Secret")["metrics-credentials-secret"]["name"]
    admin = values(recorder)["grafana"]["admin"]
    assert external["metadata"]["namespace"] == "monitoring"
    assert external["spec"]["target"]["name"] == admin["existingSecret"]
    assert external["spec"]["target"]["template"]["data"].keys() == {admin["userKey"], admin["passwordKey"]}
    assert {one["remoteRef"]["key"] for one in external["spec"]["data"]} == {stored}


def test_nobody_comes_to_grafana_from_outside():
    recorder = made()
    assert not recorder.of("kubernetes:networking.k8s.io/v1:Ingress")
    exposed = values(recorder)["grafana"].keys() & {"ingress", "route", "service"}
    assert not exposed


def policies(recorder: Recorder) -> dict[str, Any]:
    found = recorder.of("aws:iam/rolePolicy:RolePolicy")
    return {name: json.loads(one["policy"])["Statement"] for name, one in found.items()}


def test_grafana_may_read_metrics_of_its_region_and_of_cloudfront_and_do_nothing_else():
    (statement,) = policies(made())["metrics-grafana-policy"]
    assert statement["Action"] == ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["ap-south-1", "us-east-1"]}}


def test_alertmanager_may_publish_and_do_nothing_else():
    (statement,) = policies(made())["metrics-alertmanager-policy"]
    assert (statement["Action"], statement["Resource"]) == (["sns:Publish"], [TOPIC])


def test_those_who_are_somebody_in_aws_run_as_the_accounts_that_are():
    recorder = made()
    found = values(recorder)
    accounts = {(one.namespace, one.service_account) for one in own_associations(recorder)}
    assert accounts == {("monitoring", found[name]["serviceAccount"]["name"]) for name in ("alertmanager", "grafana")}


def test_grafanas_sidecars_read_nothing_outside_its_namespace():
    grafana = values(made())["grafana"]
    assert grafana["rbac"]["namespaced"]
    for kind in ("dashboards", "datasources"):
        assert grafana["sidecar"][kind]["searchNamespace"] == "monitoring"


def test_nothing_updates_itself():
    plugins = values(made())["grafana"]["grafana.ini"]["plugins"]
    assert (plugins["preinstall_auto_update"], plugins["plugin_admin_enabled"]) == (False, False)


def test_what_needs_the_host_has_a_namespace_of_its_own():
    recorder = made()
    standards = {
        one["metadata"]["name"]: one["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for one in recorder.of("kubernetes:core/v1:Namespace").values()
    }
    exporter = values(recorder)["prometheus-node-exporter"]["namespaceOverride"]
    assert standards == {"monitoring": "restricted", exporter: "privileged"}


def test_definitions_come_by_a_release_of_their_own():
    releases = made().of("kubernetes:helm.sh/v3:Release")
    assert values(made())["crds"]["enabled"] is False
    assert releases["metrics-release"]["skipCrds"] is True
    assert releases["metrics-definitions"]["name"] == "prometheus-operator-crds"


def test_services_are_scraped_once_there_is_something_to_scrape():
    """The page that stands in for one before its first release has no metrics: it would be down for ever."""
    monitors = made().of(f"{MONITORS}ServiceMonitor")
    assert [one["metadata"]["name"] for one in monitors.values()] == ["shop-backend"]


def test_a_service_cannot_fill_prometheus_by_itself():
    (monitor,) = made().of(f"{MONITORS}ServiceMonitor").values()
    assert 0 < monitor["spec"]["sampleLimit"] <= 10_000
