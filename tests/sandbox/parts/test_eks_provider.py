"""The simulated ``eks`` provider registers what the real component of pulumi-eks registers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.eks.provider import CLUSTER, EksProvider
from sandbox.providers.properties import UNKNOWN
from sandbox.providers.values import SECRET, SIGNATURE, reference
from tests.support.lean_cluster import (
    ADMIN,
    ADMIN_ARN,
    CLUSTER_INPUTS,
    ENTRIES,
    KEY,
    KUBECONFIG,
    LEAN,
    MADE,
    ROLE,
    ROLE_ARN,
    SUBNET,
    VPC,
    lean,
    monitor_of_aws,
)
from tests.support.monitor import PARENT, PROVIDERS, Constructor, Monitor, constructor


@pytest.fixture
def monitor() -> Monitor:
    return monitor_of_aws()


@pytest.fixture
def eks(monitor) -> Iterator[Constructor]:
    with constructor(EksProvider(), monitor) as made:
        yield made


def user(config: Any) -> list[str]:
    """The arguments of the command that gets a token."""
    return config["users"][0]["user"]["exec"]["args"]


def sources(monitor: Monitor, child: str) -> dict[str, list[str]]:
    found = {name: list(value.urns) for name, value in monitor.registered[child].propertyDependencies.items()}
    return {name: urns for name, urns in found.items() if urns}


def test_the_lean_form_makes_the_cluster_and_its_kubernetes_provider_and_nothing_else(eks, monitor):
    lean(eks)
    assert [(request.type, name, request.custom) for name, request in monitor.registered.items()] == [
        (CLUSTER, "cluster", False),
        ("aws:eks/cluster:Cluster", "cluster-eksCluster", True),
        ("pulumi:providers:kubernetes", "cluster-eks-k8s", True),
    ]
    assert monitor.registered["cluster"].parent == PARENT
    assert {monitor.registered[child].parent for child in ("cluster-eksCluster", "cluster-eks-k8s")} == {
        monitor.urn("cluster")
    }


def test_the_cluster_gets_the_inputs_that_the_real_component_sends(eks, monitor):
    lean(eks)
    assert monitor.inputs("cluster-eksCluster") == CLUSTER_INPUTS
    request = monitor.registered["cluster-eksCluster"]
    assert list(request.ignoreChanges) == [
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
    ]
    assert (request.provider, request.version) == (PROVIDERS["aws"], "7.25.0")


def test_each_input_of_the_cluster_depends_on_what_the_program_made_it_from(eks, monitor):
    lean(eks)
    assert sources(monitor, "cluster-eksCluster") == {
        "roleArn": [ROLE],
        "vpcConfig": [SUBNET],
        "encryptionConfig": [KEY],
    }
    assert set(monitor.registered["cluster-eksCluster"].dependencies) == {ROLE, SUBNET, KEY}


def test_the_kubeconfig_is_the_real_components_to_the_letter(eks, monitor):
    made = lean(eks)
    assert monitor.inputs("cluster-eks-k8s") == {"kubeconfig": KUBECONFIG}
    assert made.state["kubeconfigJson"] == KUBECONFIG
    assert made.state["kubeconfig"] == json.loads(KUBECONFIG)


def test_what_uses_the_kubeconfig_comes_after_the_cluster_and_the_role_it_takes_on(eks, monitor):
    made = lean(eks)
    needed = [monitor.urn("cluster-eksCluster"), ADMIN]
    assert made.sources["kubeconfig"] == made.sources["kubeconfigJson"] == needed
    assert sources(monitor, "cluster-eks-k8s") == {"kubeconfig": needed}


def test_without_a_role_the_kubeconfig_takes_none_on(eks):
    made = lean(eks, without=("providerCredentialOpts",))
    assert user(made.state["kubeconfig"])[-2:] == ["--output", "json"]


def test_a_profile_of_this_machine_is_in_the_programs_kubeconfig_but_in_none_that_is_handed_out(eks, monitor):
    made = lean(eks, providerCredentialOpts={"profileName": "work"})
    assert user(json.loads(monitor.inputs("cluster-eks-k8s")["kubeconfig"]))[-2:] == ["--profile", "work"]
    assert "work" not in made.state["kubeconfigJson"]


def test_the_program_gets_the_cluster_and_the_security_group_that_eks_made(eks, monitor):
    made, cluster = lean(eks), monitor.urn("cluster-eksCluster")
    assert made.urn == monitor.urn("cluster")
    assert made.state["eksCluster"] == reference(cluster, "cluster-eksCluster-id")
    assert made.state["clusterSecurityGroupId"] == made.state["nodeSecurityGroupId"] == "sg-1"
    assert made.state["oidcIssuer"] == "oidc.eks.ap-south-1.amazonaws.com/id/ABC"
    assert made.sources["eksCluster"] == made.sources["clusterSecurityGroupId"] == [cluster]


def test_core_says_what_the_cluster_was_made_of(eks, monitor):
    core = lean(eks).state["core"]
    assert core["provider"] == reference(monitor.urn("cluster-eks-k8s"), "cluster-eks-k8s-id")
    assert core["clusterIamRole"] == LEAN["serviceRole"]
    assert core["encryptionConfig"] == CLUSTER_INPUTS["encryptionConfig"]
    plain = ("vpcId", "subnetIds", "endpoint", "nodeGroupOptions", "tags", "storageClasses", "accessEntries")
    assert [core[name] for name in plain] == [
        *("vpc-1", ["subnet-a", "subnet-b"], MADE["endpoint"], {"version": "1.35"}, {"Name": "shop"}, {}, [])
    ]


def test_the_engine_is_told_the_same_outputs_as_the_program(eks, monitor):
    made = lean(eks)
    assert monitor.outputs == {made.urn: made.state}


def test_an_access_entry_comes_with_its_policies_after_the_cluster(eks, monitor):
    lean(eks, accessEntries=ENTRIES)
    entry, view = monitor.registered["cluster-ops"], monitor.registered["cluster-ops-view"]
    assert monitor.inputs("cluster-ops") == {
        "clusterName": "shop",
        "principalArn": ADMIN_ARN,
        "userName": "ops",
        "kubernetesGroups": ["operators"],
    }
    assert monitor.inputs("cluster-nodes") == {"clusterName": "shop", "principalArn": ROLE_ARN, "type": "EC2_LINUX"}
    assert monitor.inputs("cluster-ops-view") == {
        "clusterName": "shop",
        "principalArn": ADMIN_ARN,
        "policyArn": "arn:view",
        "accessScope": {"type": "cluster"},
    }
    assert (entry.type, view.type) == (
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    )
    assert view.parent == monitor.urn("cluster-ops")
    assert monitor.urn("cluster-eksCluster") in entry.dependencies
    assert monitor.urn("cluster-ops") in view.dependencies


def test_public_and_private_subnets_are_joined(eks, monitor):
    lean(eks, without=("subnetIds",), publicSubnetIds=["subnet-p"], privateSubnetIds=["subnet-q"])
    assert monitor.inputs("cluster-eksCluster")["vpcConfig"]["subnetIds"] == ["subnet-p", "subnet-q"]


def test_services_get_the_addresses_that_are_asked_for(eks, monitor):
    lean(eks, kubernetesServiceIpAddressRange="172.20.0.0/16")
    wanted = {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
    assert monitor.inputs("cluster-eksCluster")["kubernetesNetworkConfig"] == wanted
    lean(eks, kubernetesServiceIpAddressRange="172.20.0.0/16", ipFamily="ipv6")
    assert monitor.inputs("cluster-eksCluster")["kubernetesNetworkConfig"] == {"ipFamily": "ipv6"}


def test_what_is_not_said_is_what_the_real_component_assumes(eks, monitor):
    lean(eks, without=("tags", "bootstrapSelfManagedAddons", "encryptionConfigKeyArn"), clusterTags={"team": "shop"})
    inputs = monitor.inputs("cluster-eksCluster")
    assert inputs["tags"] == {"Name": "cluster-eksCluster", "team": "shop"}
    assert inputs["bootstrapSelfManagedAddons"] is True
    assert "encryptionConfig" not in inputs


def test_options_of_the_component_reach_it_and_protection_reaches_every_child(eks, monitor):
    eks.construct(CLUSTER, LEAN, protect=True, dependencies=[VPC], ignoreChanges=["tags"])
    assert {request.protect for request in monitor.registered.values()} == {True}
    component = monitor.registered["cluster"]
    assert (list(component.dependencies), list(component.ignoreChanges)) == ([VPC], ["tags"])
    assert dict(component.providers) == PROVIDERS


def test_a_preview_passes_on_what_only_an_update_will_know(eks, monitor):
    monitor.preview, monitor.standing = True, {ROLE: {}}
    made = lean(eks, subnetIds=UNKNOWN, vpcId=UNKNOWN, encryptionConfigKeyArn=UNKNOWN)
    inputs = monitor.inputs("cluster-eksCluster")
    assert (inputs["vpcConfig"]["subnetIds"], inputs["roleArn"]) == (UNKNOWN, UNKNOWN)
    assert inputs["encryptionConfig"] == UNKNOWN
    assert monitor.inputs("cluster-eks-k8s") == {"kubeconfig": UNKNOWN}
    unknown = ("kubeconfig", "kubeconfigJson", "clusterSecurityGroupId", "oidcIssuer", "core")
    assert {name: made.state[name] for name in unknown} == dict.fromkeys(unknown, UNKNOWN)
    assert made.state["eksCluster"]["id"] == UNKNOWN


def test_a_secret_stays_one_in_all_that_is_made_of_it(eks, monitor):
    made = lean(eks, providerCredentialOpts={"roleArn": {SIGNATURE: SECRET, "value": ADMIN_ARN}})
    assert made.state["kubeconfigJson"] == {SIGNATURE: SECRET, "value": KUBECONFIG}
    assert monitor.inputs("cluster-eks-k8s")["kubeconfig"][SIGNATURE] == SECRET
    assert made.state["clusterSecurityGroupId"] == "sg-1"
