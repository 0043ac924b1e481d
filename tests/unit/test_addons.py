"""The add-ons: what they are told, where their pods run, and what has to stand before them."""

import pytest

from dhakacart_infra.cluster.scheduling import NODE_LABELS, NODE_TAINT
from dhakacart_infra.config import versions
from dhakacart_infra.foundation.artifacts import Artifacts
from tests.support.addons import (
    ADDON,
    CLUSTER,
    NAMING,
    RELEASE,
    TAGS,
    addon,
    cluster,
    registered,
    values,
    waits_for,
)


def test_every_add_on_is_pinned():
    pinned = {value.name: value.version for value in vars(versions).values() if isinstance(value, versions.AddOn)}
    assert {inputs["addonName"]: inputs["addonVersion"] for inputs in registered(ADDON).values()} == pinned


@pytest.mark.parametrize("name", ["proxy", "agent", "cni"])
def test_what_a_node_starts_with_waits_for_no_node(name):
    assert waits_for(f"{name}-addon") == set()


@pytest.mark.parametrize("name", ["dns-addon", "metrics-addon", "ebs-addon", "balancer-release", "secrets-release"])
def test_what_runs_on_nodes_waits_until_it_can(name):
    assert waits_for(name) & {"cni-addon", "dns-addon", "balancer-release"}


def test_pods_find_the_subnet_of_their_nodes_zone():
    assert addon("cni")["env"]["ENI_CONFIG_LABEL_DEF"] == "topology.kubernetes.io/zone"
    assert addon("cni")["eniConfig"]["subnets"] == {
        "ap-south-1a": {"id": "subnet-a", "securityGroups": ["sg-pods"]},
        "ap-south-1b": {"id": "subnet-b", "securityGroups": ["sg-pods"]},
    }


def test_pods_get_whole_prefixes_of_a_network_of_their_own():
    env = addon("cni")["env"]
    assert env["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] == env["ENABLE_PREFIX_DELEGATION"] == "true"
    assert env["WARM_PREFIX_TARGET"] == "1"


def test_network_policies_are_enforced():
    assert addon("cni")["enableNetworkPolicy"] == "true"


@pytest.mark.parametrize("name", ["dns", "metrics", "balancer"])
def test_replicas_are_spread_over_zones_but_start_without_them(name):
    settings = values(name) if name == "balancer" else addon(name)
    zone = next(c for c in settings["topologySpreadConstraints"] if c["topologyKey"] == "topology.kubernetes.io/zone")
    assert zone["whenUnsatisfiable"] == "ScheduleAnyway"
    assert zone["labelSelector"]["matchLabels"], "a constraint without a selector counts no pods"


def test_the_controllers_run_on_system_nodes_and_bear_their_taint():
    placed = (
        addon("dns"),
        addon("metrics"),
        addon("ebs")["controller"],
        values("balancer"),
        values("secrets")["global"],
    )
    for settings in placed:
        assert settings["nodeSelector"] == NODE_LABELS
        assert settings["tolerations"] == [{"key": NODE_TAINT[0], "operator": "Exists"}]


def test_there_is_one_default_storage_class_and_it_encrypts_with_our_key():
    (storage_class,) = registered("kubernetes:storage.k8s.io/v1:StorageClass").values()
    assert storage_class["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert storage_class["parameters"] == {
        "type": "gp3",
        "encrypted": "true",
        "kmsKeyId": "arn:aws:kms:ap-south-1:123456789012:key/volumes",
    }
    assert "defaultStorageClass" not in addon("ebs")


def test_volumes_are_made_where_their_pod_is_and_go_before_their_driver():
    (storage_class,) = registered("kubernetes:storage.k8s.io/v1:StorageClass").values()
    assert storage_class["volumeBindingMode"] == "WaitForFirstConsumer"
    assert "ebs-addon" in waits_for("ebs-storage-class")


def test_volumes_and_load_balancers_are_tagged_as_everything_else():
    assert addon("ebs")["controller"]["extraVolumeTags"] == TAGS


def test_a_nodes_own_disks_are_not_counted_as_room_for_volumes():
    assert addon("ebs")["node"] == {"reservedVolumeAttachments": 2}
    assert values("balancer")["defaultTags"] == TAGS


def test_the_load_balancer_controller_asks_no_metadata_service():
    settings = values("balancer")
    assert (settings["clusterName"], settings["region"], settings["vpcId"]) == (CLUSTER, "ap-south-1", "vpc-1")


def test_an_absent_load_balancer_controller_holds_up_no_service():
    settings = values("balancer")
    assert settings["enableServiceMutatorWebhook"] is False
    assert settings["replicaCount"] >= 2
    assert settings["podDisruptionBudget"] == {"maxUnavailable": 1}


def test_an_upgrade_keeps_the_certificate_of_the_webhooks():
    assert values("balancer")["keepTLSSecret"] is True


def test_only_the_named_namespaces_get_secrets_and_by_no_stored_credentials():
    (store,) = registered("kubernetes:external-secrets.io/v1:ClusterSecretStore").values()
    assert store["spec"]["conditions"] == [{"namespaces": ["shop"]}]
    assert store["spec"]["provider"] == {"aws": {"service": "SecretsManager", "region": "ap-south-1"}}
    assert values("secrets")["processSecretStore"] is False


def test_the_secrets_controller_acts_as_no_other_service_account():
    assert values("secrets")["rbac"] == {"serviceAccountTokenCreate": False}


def test_every_pod_of_external_secrets_is_asked_whether_it_lives():
    settings = values("secrets")
    for part in (settings, settings["webhook"], settings["certController"]):
        assert part["livenessProbe"] == {"enabled": True}
    assert settings["readinessProbe"] == {"enabled": True}, "off by default, unlike the others'"


def test_the_store_goes_before_what_defines_it():
    assert waits_for("secrets-store") == {"secrets-release"}


def test_a_kind_that_is_not_processed_is_not_defined_either():
    settings = values("secrets")
    switched_off = {key.removeprefix("create") for key in settings["crds"]}
    assert switched_off
    assert not any(settings["crds"].values())
    assert not any(settings[f"process{kind}"] for kind in switched_off)


def test_images_come_from_the_mirror_where_there_is_one():
    mirrored = Artifacts.of(NAMING, images="registry.example")
    releases = cluster(mirrored)[0].of(RELEASE)
    repositories = [
        section["image"]["repository"]
        for inputs in releases.values()
        for section in (inputs["values"], *inputs["values"].values())
        if isinstance(section, dict) and "image" in section
    ]
    assert len(repositories) == 4
    assert all(repository.startswith("registry.example/") for repository in repositories)
