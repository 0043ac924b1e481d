"""The logs of every stack: who keeps them, who may reach them, what is kept for how long, and what outlives what."""

import json
from typing import Any

import pytest

from dhakacart_infra.config import LoggingConfig
from dhakacart_infra.observability.logs.parsing import LOGS
from dhakacart_infra.observability.logs.settings import lifecycle
from tests.support.manifests import manifests, problems
from tests.support.stacks import STACKS, config
from tests.support.whole_program import MIRROR, copying, mirrored, registered

PRODUCTION = [stack for stack in STACKS if stack.startswith("prod")]
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ELASTIC = ("Elasticsearch", "Kibana", "Beat")
HARDENED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True}


def of_kind(stack: str, kind: str, change=None) -> list[dict[str, Any]]:
    found = manifests(registered(stack, change) if change else registered(stack))
    return [made for _, made in found if made["kind"] == kind]


def the(stack: str, kind: str, name: str | None = None, change=None) -> dict[str, Any]:
    (found,) = (one for one in of_kind(stack, kind, change) if name in (None, one["metadata"]["name"]))
    return found


def nodes(stack: str) -> dict[str, Any]:
    (found,) = the(stack, "Elasticsearch")["spec"]["nodeSets"]
    return found


def templates(stack: str) -> dict[str, dict[str, Any]]:
    """The pod templates, which the definitions of their kinds leave open."""
    kibana, beat = the(stack, "Kibana")["spec"], the(stack, "Beat")["spec"]
    return {
        "elasticsearch": nodes(stack)["podTemplate"],
        "kibana": kibana["podTemplate"],
        "filebeat": beat["daemonSet"]["podTemplate"],
    }


def as_pod(name: str, template: dict[str, Any]) -> dict[str, Any]:
    """A pod of it, with the container and the image that ECK adds where the template has none."""
    spec = {"containers": [{"name": name}], **template["spec"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **template.get("metadata", {})}, "spec": spec}


@pytest.mark.parametrize("stack", STACKS)
def test_every_pod_template_is_one_that_the_clusters_version_takes(stack):
    for name, found in templates(stack).items():
        assert problems(as_pod(name, found)) == [], name


def test_a_misspelt_field_of_a_pod_template_is_found():
    template = {"spec": {"serviceAcountName": "elasticsearch"}}
    assert "serviceAcountName" in str(problems(as_pod("elasticsearch", template)))


@pytest.mark.parametrize("stack", PRODUCTION)
def test_production_goes_on_without_a_node_and_has_copies_in_another_zone(stack):
    assert nodes(stack)["count"] >= 3
    assert nodes(stack)["zoneAwareness"]["zones"] == list(config(stack).network.availability_zones)


@pytest.mark.parametrize("stack", STACKS)
def test_data_are_on_the_encrypted_class_and_outlive_the_cluster_where_data_are_protected(stack):
    (claim,) = nodes(stack)["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "elasticsearch-data", "any other would be a disk beside the data"
    (storage_class,) = of_kind(stack, "StorageClass")
    assert claim["spec"]["storageClassName"] == storage_class["metadata"]["name"]
    policy = the(stack, "Elasticsearch")["spec"]["volumeClaimDeletePolicy"]
    assert (policy == "DeleteOnScaledownOnly") is config(stack).protect_data


@pytest.mark.parametrize("stack", STACKS)
def test_all_of_the_elastic_stack_has_one_version(stack):
    assert len({the(stack, kind)["spec"]["version"] for kind in ELASTIC}) == 1


def test_behind_a_mirror_its_images_come_from_there():
    images = [the(STACKS[0], kind, change=mirrored)["spec"]["image"] for kind in ELASTIC]
    (container,) = the(STACKS[0], "Job", "settings", mirrored)["spec"]["template"]["spec"]["containers"]
    assert all(image.startswith(f"{MIRROR}/") for image in [*images, container["image"]])


@pytest.mark.parametrize("stack", STACKS)
def test_nobody_turns_off_certificates_or_users_and_nothing_is_opened_to_the_outside(stack):
    for kind in ("Elasticsearch", "Kibana"):
        spec = the(stack, kind)["spec"]
        assert "http" not in spec, "ECK's own: TLS, and a service inside the cluster"
        assert not [key for key in json.dumps(spec).split('"') if key.startswith("xpack.security")]
    outside = [one for one in of_kind(stack, "Ingress") if one["metadata"]["namespace"] == "logging"]
    assert outside == []


def policies(stack: str, namespace: str) -> list[dict[str, Any]]:
    found = of_kind(stack, "NetworkPolicy")
    return [one["spec"] for one in found if one["metadata"]["namespace"] == namespace]


@pytest.mark.parametrize("stack", STACKS)
def test_only_kibana_filebeat_the_operator_and_the_settings_reach_elasticsearch(stack):
    callers = set()
    for spec in policies(stack, "logging") + policies(stack, "log-shipping"):
        assert set(spec["policyTypes"]) == {"Ingress", "Egress"}
        for rule in spec.get("ingress", []):
            for peer in rule["from"]:
                (namespace,) = peer["namespaceSelector"]["matchLabels"].values()
                (pods,) = peer["podSelector"]["matchLabels"].values()
                callers.add((namespace, pods))
    assert callers == {
        ("logging", "elasticsearch"),
        ("logging", "kibana"),
        ("logging", "settings"),
        ("log-shipping", "beat"),
        ("elastic-system", "elastic-operator"),
    }


@pytest.mark.parametrize("stack", STACKS)
def test_filebeat_reads_the_nodes_logs_as_root_that_can_do_nothing_else(stack):
    spec = templates(stack)["filebeat"]["spec"]
    (container,) = spec["containers"]
    assert {one["name"]: one["hostPath"]["path"] for one in spec["volumes"]} == {"logs": LOGS}
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
    assert container["securityContext"] == {**HARDENED, "runAsUser": 0}
    assert spec["automountServiceAccountToken"] is False
    assert "hostNetwork" not in spec


@pytest.mark.parametrize("stack", STACKS)
def test_filebeat_runs_on_every_node_whatever_its_taint(stack):
    assert templates(stack)["filebeat"]["spec"]["tolerations"] == [{"operator": "Exists"}]


@pytest.mark.parametrize("stack", STACKS)
def test_namespaces_hold_their_pods_to_a_standard(stack):
    standards = {
        one["metadata"]["name"]: one["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce")
        for one in of_kind(stack, "Namespace")
    }
    assert (standards["logging"], standards["elastic-system"]) == ("restricted", "restricted")


@pytest.mark.parametrize("stack", STACKS)
def test_elasticsearch_reads_its_token_where_it_may_and_asks_the_agent_on_its_node(stack):
    spec = templates(stack)["elasticsearch"]["spec"]
    (container,), (volume,) = spec["containers"], spec["volumes"]
    env = {one["name"]: one["value"] for one in container["env"]}
    (mount,) = container["volumeMounts"]
    (source,) = volume["projected"]["sources"]
    token = source["serviceAccountToken"]
    assert env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] == f"{mount['mountPath']}/{token['path']}"
    assert token["path"] == "aws-web-identity-token-file", "no other file of its configuration may be read by it"
    assert token["audience"] == "pods.eks.amazonaws.com"
    assert env["AWS_CONTAINER_CREDENTIALS_FULL_URI"].startswith("http://169.254.170.23/")


@pytest.mark.parametrize("stack", PRODUCTION)
def test_two_regions_never_write_snapshots_to_one_place_though_buckets_are_copied(stack):
    folder = json.loads(said(stack)["REPOSITORY"])["settings"]["base_path"]
    assert folder == f"elasticsearch/{config(stack).region}"
    policy = registered(stack, copying).of("aws:iam/rolePolicy:RolePolicy")["logs-identity-policy"]["policy"]
    changing = [
        one for one in json.loads(policy)["Statement"] if {"s3:PutObject", "s3:DeleteObject"} & set(one["Action"])
    ]
    assert {where.partition("/")[2] for one in changing for where in one["Resource"]} == {f"{folder}/*"}


def said(stack: str) -> dict[str, str]:
    """What Elasticsearch is told."""
    (container,) = the(stack, "Job", "settings")["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


@pytest.mark.parametrize("stack", STACKS)
def test_the_password_of_elasticsearch_is_in_no_pods_specification(stack):
    (container,) = the(stack, "Job", "settings")["spec"]["template"]["spec"]["containers"]
    (secret,) = (one["valueFrom"]["secretKeyRef"] for one in container["env"] if "valueFrom" in one)
    assert secret == {"name": "logs-es-elastic-user", "key": "elastic"}
    assert "$PASSWORD" not in container["command"][-1].partition("curl")[2], "arguments are there to be read"
    assert HARDENED.items() <= container["securityContext"].items()


@pytest.mark.parametrize("stack", STACKS)
def test_logs_and_their_snapshots_are_kept_for_as_long_as_the_stack_file_says(stack):
    settings = config(stack).logging
    assert json.loads(said(stack)["LIFECYCLE"])["policy"]["phases"].keys() == {"hot", "warm", "delete"}
    assert (
        json.loads(said(stack)["LIFECYCLE"])["policy"]["phases"]["delete"]["min_age"] == f"{settings.retention_days}d"
    )
    snapshots = json.loads(said(stack)["SNAPSHOTS"])
    assert snapshots["retention"]["expire_after"] == f"{settings.snapshot_retention_days}d"
    assert snapshots["repository"] == "backups"


@pytest.mark.parametrize("stack", STACKS)
def test_filebeat_writes_by_the_lifecycle_that_the_settings_make(stack):
    name = the(stack, "Beat")["spec"]["config"]["setup.ilm"]["policy_name"]
    (container,) = the(stack, "Job", "settings")["spec"]["template"]["spec"]["containers"]
    assert f"/_ilm/policy/{name}" in container["command"][-1]


def test_phases_follow_one_another_however_short_logs_are_kept():
    for days in (1, 2, 30):
        phases = lifecycle(LoggingConfig(retention_days=days))["policy"]["phases"]
        ages = [int(phase["min_age"].rstrip("msd")) for phase in phases.values()]
        assert ages == sorted(set(ages)), days


@pytest.mark.parametrize("stack", STACKS)
def test_every_log_group_is_encrypted_with_a_key_of_ours_and_ends_some_day(stack):
    groups = registered(stack).of(LOG_GROUP)
    assert groups
    for name, inputs in groups.items():
        assert inputs.get("retentionInDays"), name
        assert inputs.get("kmsKeyId"), name
