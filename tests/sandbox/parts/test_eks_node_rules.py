"""What simulated EKS refuses of node groups and add-ons, and in which order they have to come."""

from pathlib import Path

import pytest

from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.provider import ResourceError
from tests.support.eks_world import Eks
from tests.support.world import REGION


@pytest.fixture
def eks(account: str, tmp_path: Path) -> Eks:
    return Eks(tmp_path)


def test_nodes_never_become_ready_without_a_network_plugin(eks: Eks) -> None:
    eks.cluster(bootstrapSelfManagedAddons=False)
    with pytest.raises(ResourceError, match=r"unexpected state 'CREATE_FAILED'.*cni plugin not initialized"):
        eks.nodes()
    eks.addon("vpc-cni")
    assert eks.nodes()["status"] == "ACTIVE", "and what failed is not in the way"


def test_an_add_on_with_a_deployment_waits_in_vain_for_nodes(eks: Eks) -> None:
    eks.cluster()
    with pytest.raises(ResourceError, match=r"\(last state: 'DEGRADED'.*InsufficientNumberOfReplicas"):
        eks.addon("coredns")
    eks.addon("kube-proxy")
    eks.nodes()
    eks.addon("coredns")
    assert eks.api.describe_addon(clusterName="dhaka", addonName="coredns")["addon"]["status"] == "ACTIVE"


def test_an_add_on_is_configured_by_a_json_object(eks: Eks) -> None:
    eks.cluster()
    with pytest.raises(ResourceError, match="not in valid JSON"):
        eks.addon("vpc-cni", configurationValues="[]")
    assert "invalid JSON" in eks.refusals(
        "aws:eks/addon:Addon", clusterName="dhaka", addonName="vpc-cni", configurationValues="{"
    )
    with pytest.raises(ResourceError, match="Addon vpc-cnl specified is not supported"):
        eks.addon("vpc-cnl")


def test_the_identity_of_an_add_on_is_an_association_in_its_namespace_and_goes_with_it(eks: Eks) -> None:
    eks.cluster()
    eks.addon("vpc-cni", podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": eks.world.role}])
    (found,) = eks.api.list_pod_identity_associations(clusterName="dhaka")["associations"]
    assert (found["namespace"], found["serviceAccount"]) == ("kube-system", "aws-node")
    assert found["ownerArn"].startswith(f"arn:aws:eks:{REGION}:")
    eks.api.delete_addon(clusterName="dhaka", addonName="vpc-cni")
    assert eks.api.list_pod_identity_associations(clusterName="dhaka")["associations"] == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"instanceTypes": ["m7i.large"], "amiType": "BOTTLEROCKET_ARM_64"}, "not a valid instance type for requested"),
        ({"instanceTypes": ["m7g.large"], "amiType": "AL2023_x86_64_STANDARD"}, "not a valid instance type"),
        ({"version": "1.35"}, "must not be ahead of the cluster's, 1.34"),
        ({"launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"}}, "lt-0123456789abcdef0"),
    ],
)
def test_a_node_group_that_could_not_run_is_refused(eks: Eks, given: Props, reason: str) -> None:
    eks.cluster()
    with pytest.raises(ResourceError, match=reason):
        eks.nodes(**given)


def test_what_a_launch_template_says_a_node_group_does_not_say_again(eks: Eks) -> None:
    eks.cluster()
    _, template = eks.make("aws:ec2/launchTemplate:LaunchTemplate", instanceType="m7g.large")
    wanted = {"launchTemplate": {"name": template["name"], "version": "1"}}
    with pytest.raises(ResourceError, match="both the launch template and"):
        eks.nodes(**wanted, instanceTypes=["m7g.large"])
    with pytest.raises(ResourceError, match="Disk size must be specified within the launch template"):
        eks.nodes(**wanted, diskSize=50)
    assert eks.nodes(**wanted)["amiType"] == "AL2023_ARM_64_STANDARD"


def test_a_changed_launch_template_is_a_version_that_the_preview_does_not_know_yet(eks: Eks) -> None:
    kind = "aws:ec2/launchTemplate:LaunchTemplate"
    it, state = eks.make(kind, name="nodes", instanceType="m7g.large", updateDefaultVersion=True)
    news = {"name": "nodes", "instanceType": "m7g.xlarge", "updateDefaultVersion": True}
    assert eks.provider.previewed(eks.call(kind, it), state, news)["latestVersion"] == UNKNOWN
    unchanged = {**news, "instanceType": "m7g.large"}
    assert eks.provider.previewed(eks.call(kind, it), state, unchanged)["latestVersion"] == 1
    updated = eks.provider.update(eks.call(kind, it), state, unchanged, news)
    assert (updated["latestVersion"], updated["defaultVersion"]) == (2, 2)


def test_what_moto_lacks_is_remembered_with_the_rest(eks: Eks) -> None:
    eks.cluster()
    eks.addon("vpc-cni")
    eks.store.load()
    assert eks.api.list_addons(clusterName="dhaka")["addons"] == ["vpc-cni"]
