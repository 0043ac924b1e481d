"""What simulated EKS makes beside a cluster, and what it refuses of one and of who may enter it."""

import base64
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509

from sandbox.aws.kube import KubeApi
from sandbox.providers.properties import UNKNOWN
from sandbox.providers.provider import ResourceError
from tests.support.eks_cases import ADMIN, VIEW
from tests.support.eks_world import GATEWAY, Eks
from tests.support.world import REGION


@pytest.fixture
def eks(account: str, tmp_path: Path) -> Eks:
    return Eks(tmp_path)


def test_a_cluster_brings_a_security_group_that_lets_its_members_reach_each_other(eks: Eks) -> None:
    state = eks.cluster()
    group = state["vpcConfig"]["clusterSecurityGroupId"]
    found = eks.world.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert found["VpcId"] == state["vpcConfig"]["vpcId"] == eks.world.vpc
    assert [pair["GroupId"] for pair in found["IpPermissions"][0]["UserIdGroupPairs"]] == [group]
    assert {"Key": "aws:eks:cluster-name", "Value": "dhaka"} in found["Tags"]
    eks.delete_cluster()
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        eks.world.ec2.describe_security_groups(GroupIds=[group])


def test_what_the_component_and_the_node_group_read_of_a_cluster_is_there(eks: Eks) -> None:
    state = eks.cluster()
    assert state["kubernetesNetworkConfig"] == {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
    assert state["arn"].split(":")[3:] == [REGION, state["arn"].split(":")[4], "cluster/dhaka"]
    assert state["endpoint"].startswith("https://")
    assert x509.load_pem_x509_certificate(base64.b64decode(state["certificateAuthority"]["data"]))
    assert state["identities"][0]["oidcs"][0]["issuer"].startswith("https://oidc.eks.ap-south-1")


def test_a_real_api_server_takes_the_place_of_the_simulated_one(eks: Eks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GATEWAY, "kube", KubeApi(endpoint="https://127.0.0.1:6443", ca_pem="PEM"))
    state = eks.cluster()
    assert state["endpoint"] == "https://127.0.0.1:6443"
    assert base64.b64decode(state["certificateAuthority"]["data"]) == b"PEM"


def test_a_preview_knows_that_the_security_group_will_be_there_but_not_which(eks: Eks) -> None:
    inputs = {"name": "dhaka", "vpcConfig": {"subnetIds": ["subnet-1"]}}
    seen = eks.provider.previewed(eks.call("aws:eks/cluster:Cluster"), {}, inputs)
    assert seen["vpcConfig"]["clusterSecurityGroupId"] == UNKNOWN
    assert seen["vpcConfig"]["subnetIds"] == ["subnet-1"]


def test_logs_go_to_a_group_that_outlives_the_cluster_unless_it_is_ours(eks: Eks) -> None:
    logs = eks.world.client("logs")
    logs.create_log_group(logGroupName="/aws/eks/dhaka/cluster", kmsKeyId=eks.world.key_arn)
    eks.cluster(enabledClusterLogTypes=["audit"])
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"], "EKS writes to the group that is there"
    logs.delete_log_group(logGroupName="/aws/eks/dhaka/cluster")
    eks.delete_cluster()
    assert logs.describe_log_groups()["logGroups"], "a cluster that still logs makes its group anew"


def test_a_cluster_without_logs_makes_no_log_group(eks: Eks) -> None:
    eks.cluster()
    eks.delete_cluster()
    assert not eks.world.client("logs").describe_log_groups()["logGroups"]


def test_the_creator_administers_the_cluster_unless_the_program_says_otherwise(eks: Eks) -> None:
    eks.cluster(accessConfig={"authenticationMode": "API"})
    (creator,) = eks.api.list_access_entries(clusterName="dhaka")["accessEntries"]
    listed = eks.api.list_associated_access_policies(clusterName="dhaka", principalArn=creator)
    assert [policy["policyArn"] for policy in listed["associatedAccessPolicies"]] == [ADMIN]
    eks.delete_cluster()
    eks.cluster(accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False})
    assert eks.api.list_access_entries(clusterName="dhaka")["accessEntries"] == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (lambda w: {"roleArn": "arn:aws:iam::123456789012:role/nobody"}, "does not exist"),
        (lambda w: {"version": "35"}, "unsupported Kubernetes version"),
        (lambda w: {"vpcConfig": {"subnetIds": [w.subnet, w.other_subnet]}}, "at least two different AZs"),
        (lambda w: {"vpcConfig": {"subnetIds": [w.subnet, "subnet-0"]}}, "subnet-0"),
        (
            lambda w: {"vpcConfig": {"subnetIds": [w.subnet, w.far_subnet], "endpointPublicAccess": False}},
            "Private and public endpoint access cannot be false",
        ),
        (
            lambda w: {"encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:x:1:key/2"}, "resources": ["secrets"]}},
            "there is no such key",
        ),
    ],
)
def test_a_cluster_that_could_not_work_is_refused(eks: Eks, given: Any, reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        eks.cluster(**{"vpcConfig": {"subnetIds": [eks.world.subnet, eks.world.far_subnet]}, **given(eks.world)})


def test_a_cluster_goes_up_by_one_minor_version_and_never_down(eks: Eks) -> None:
    eks.cluster(version="1.33")
    for version in ("1.35", "1.32", "1.33"):
        with pytest.raises(ClientError, match="Unsupported Kubernetes minor version update"):
            eks.api.update_cluster_version(name="dhaka", version=version)


def test_a_control_plane_stays_in_the_zones_it_was_made_with(eks: Eks) -> None:
    world = eks.world
    eks.cluster(vpcConfig={"subnetIds": [world.subnet, world.far_subnet]})
    third = world.ec2.create_subnet(VpcId=world.vpc, CidrBlock="10.0.4.0/24", AvailabilityZone="ap-south-1c")
    for subnets in (
        [world.subnet, world.far_subnet, third["Subnet"]["SubnetId"]],
        [world.subnet, third["Subnet"]["SubnetId"]],
    ):
        with pytest.raises(ClientError, match="AZs that the cluster was created with"):
            eks.api.update_cluster_config(name="dhaka", resourcesVpcConfig={"subnetIds": subnets})
    eks.api.update_cluster_config(
        name="dhaka", resourcesVpcConfig={"subnetIds": [world.other_subnet, world.far_subnet]}
    )


def test_a_protected_cluster_and_one_with_nodes_are_not_deleted(eks: Eks) -> None:
    eks.cluster(deletionProtection=True)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        eks.delete_cluster()
    eks.api.update_cluster_config(name="dhaka", deletionProtection=False)
    eks.nodes(nodeGroupName="system")
    with pytest.raises(ClientError, match="Cluster has nodegroups attached: system"):
        eks.delete_cluster()
    eks.api.delete_nodegroup(clusterName="dhaka", nodegroupName="system")
    eks.delete_cluster()


def test_a_service_account_has_one_role_that_exists(eks: Eks) -> None:
    eks.cluster()
    account = {"clusterName": "dhaka", "namespace": "shop", "serviceAccount": "backend"}
    with pytest.raises(ClientError, match="does not exist"):
        eks.api.create_pod_identity_association(**account, roleArn="arn:aws:iam::123456789012:role/nobody")
    eks.api.create_pod_identity_association(**account, roleArn=eks.world.role)
    with pytest.raises(ClientError, match="Association already exists"):
        eks.api.create_pod_identity_association(**account, roleArn=eks.world.other_role)


def test_an_access_entry_needs_a_cluster_that_takes_them_and_names_that_kubernetes_does_not_keep(eks: Eks) -> None:
    eks.cluster()
    with pytest.raises(ClientError, match="authentication mode must be set"):
        eks.api.create_access_entry(clusterName="dhaka", principalArn=eks.world.role)
    eks.api.update_cluster_config(name="dhaka", accessConfig={"authenticationMode": "API"})
    with pytest.raises(ClientError, match="cannot start with system:"):
        eks.api.create_access_entry(
            clusterName="dhaka", principalArn=eks.world.role, kubernetesGroups=["system:masters"]
        )
    eks.api.create_access_entry(clusterName="dhaka", principalArn=eks.world.role, type="EC2_LINUX")
    with pytest.raises(ClientError, match="cannot be associated with an access entry of type EC2_LINUX"):
        eks.api.associate_access_policy(
            clusterName="dhaka", principalArn=eks.world.role, policyArn=VIEW, accessScope={"type": "cluster"}
        )


def test_a_node_group_lets_its_own_role_in(eks: Eks) -> None:
    eks.cluster(accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False})
    eks.nodes()
    entry = eks.api.describe_access_entry(clusterName="dhaka", principalArn=eks.world.role)["accessEntry"]
    assert entry["type"] == "EC2_LINUX"
