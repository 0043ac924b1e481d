"""The cluster as AWS and Kubernetes hold it: asked through boto3, and of the cluster itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import WHOLE
from tests.support.standing import standing

CLUSTER = "dhakacart-staging-aps1"
REGION = "ap-south-1"
Objects = list[dict[str, Any]]


@dataclass
class Shop:
    """Staging, whole, for as long as the module's tests run. They look, and change nothing."""

    sandbox: Sandbox
    aws: Aws

    @property
    def eks(self) -> Any:
        return self.aws.client("eks")

    @property
    def cluster(self) -> dict[str, Any]:
        return self.eks.describe_cluster(name=CLUSTER)["cluster"]

    @property
    def node_group(self) -> dict[str, Any]:
        (name,) = self.eks.list_nodegroups(clusterName=CLUSTER)["nodegroups"]
        return self.eks.describe_nodegroup(clusterName=CLUSTER, nodegroupName=name)["nodegroup"]

    def addon(self, name: str) -> dict[str, Any]:
        return self.eks.describe_addon(clusterName=CLUSTER, addonName=name)["addon"]

    def objects(self, kind: str) -> Objects:
        standing = self.sandbox.kubernetes.objects(self.cluster["endpoint"])
        return [one for one in standing if one["kind"] == kind]


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Shop]:
    with standing(tmp_path_factory, WHOLE).project.sandbox() as sandbox:
        yield Shop(sandbox, Aws(REGION))


def test_nobody_administers_the_cluster_by_having_created_it(shop):
    access = shop.cluster["accessConfig"]
    assert access["authenticationMode"] == "API"
    assert access["bootstrapClusterCreatorAdminPermissions"] is False
    assert len(shop.eks.list_access_entries(clusterName=CLUSTER)["accessEntries"]) == 4 + 1, "ours, and EKS's own"


def test_the_api_answers_inside_the_vpc_and_to_listed_addresses_only(shop):
    reached = shop.cluster["resourcesVpcConfig"]
    assert reached["endpointPrivateAccess"] is True
    assert "0.0.0.0/0" not in reached["publicAccessCidrs"]
    app = {subnet["SubnetId"] for subnet in shop.aws.subnets("app")}
    assert set(reached["subnetIds"]) == app, "the control plane's interfaces are among the nodes"


def test_secrets_are_encrypted_with_a_key_of_ours_that_rotates(shop):
    (encryption,) = shop.cluster["encryptionConfig"]
    assert encryption["resources"] == ["secrets"]
    kms = shop.aws.client("kms")
    assert kms.get_key_rotation_status(KeyId=encryption["provider"]["keyArn"])["KeyRotationEnabled"]


def test_every_log_of_the_control_plane_is_kept_encrypted_and_for_as_long_as_configured(shop):
    (logging,) = [one for one in shop.cluster["logging"]["clusterLogging"] if one["enabled"]]
    assert set(logging["types"]) == {"api", "audit", "authenticator", "controllerManager", "scheduler"}
    groups = shop.aws.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/eks/{CLUSTER}/")["logGroups"]
    (group,) = groups
    assert group["retentionInDays"] == 14
    assert "kmsKeyId" in group


def test_the_cluster_is_upgraded_in_time_and_moves_away_from_a_failing_zone(shop):
    assert shop.cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    assert shop.cluster["zonalShiftConfig"] == {"enabled": True}


def test_staging_may_be_deleted(shop):
    assert shop.cluster["deletionProtection"] is False


def test_nodes_live_in_the_app_subnets_and_keep_their_credentials_to_themselves(shop):
    assert set(shop.node_group["subnets"]) == {subnet["SubnetId"] for subnet in shop.aws.subnets("app")}
    template = shop.node_group["launchTemplate"]
    versions = shop.aws.ec2.describe_launch_template_versions(
        LaunchTemplateId=template["id"], Versions=[template["version"]]
    )
    (version,) = versions["LaunchTemplateVersions"]
    options = version["LaunchTemplateData"]["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)


def test_pods_have_addresses_of_the_pod_subnets_in_every_zone(shop):
    configuration = json.loads(shop.addon("vpc-cni")["configurationValues"])
    by_zone = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in shop.aws.subnets("pods")}
    given = {zone: subnet["id"] for zone, subnet in configuration["eniConfig"]["subnets"].items()}
    assert given == by_zone
    groups = {group for subnet in configuration["eniConfig"]["subnets"].values() for group in subnet["securityGroups"]}
    assert groups == {shop.cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]}
    assert configuration["env"]["ENABLE_PREFIX_DELEGATION"] == "true"
    assert configuration["enableNetworkPolicy"] == "true"


def test_every_addon_is_there_and_pinned(shop):
    names = shop.eks.list_addons(clusterName=CLUSTER)["addons"]
    assert set(names) == {
        *("aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"),
    }
    assert all("eksbuild" in shop.addon(name)["addonVersion"] for name in names)


def test_what_calls_aws_has_a_role_that_only_its_service_account_can_take(shop):
    found = {}
    for one in shop.eks.list_pod_identity_associations(clusterName=CLUSTER)["associations"]:
        full = shop.eks.describe_pod_identity_association(clusterName=CLUSTER, associationId=one["associationId"])
        association = full["association"]
        role = shop.aws.client("iam").get_role(RoleName=association["roleArn"].split("/")[-1])["Role"]
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        tags = statement["Condition"]["StringEquals"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert tags["aws:RequestTag/kubernetes-namespace"] == association["namespace"]
        assert tags["aws:RequestTag/kubernetes-service-account"] == association["serviceAccount"]
        found[association["serviceAccount"]] = association["namespace"]
    assert found == {
        "alertmanager": "monitoring",
        "aws-load-balancer-controller": "kube-system",
        "aws-node": "kube-system",
        "ebs-csi-controller-sa": "kube-system",
        "elasticsearch": "logging",
        "external-secrets": "external-secrets",
        "grafana": "monitoring",
        "karpenter": "kube-system",
    }


def test_exactly_one_storage_class_is_the_default_and_it_encrypts(shop):
    default = "storageclass.kubernetes.io/is-default-class"
    classes = shop.objects("StorageClass")
    (chosen,) = [one for one in classes if one["metadata"].get("annotations", {}).get(default) == "true"]
    assert chosen["parameters"]["encrypted"] == "true"
    assert chosen["parameters"]["type"] == "gp3"


def test_karpenter_starts_nodes_with_our_profile_in_our_subnets_only(shop):
    (node_class,) = shop.objects("EC2NodeClass")
    spec = node_class["spec"]
    profile = shop.aws.client("iam").get_instance_profile(InstanceProfileName=spec["instanceProfile"])
    (role,) = profile["InstanceProfile"]["Roles"]
    assert shop.eks.describe_access_entry(clusterName=CLUSTER, principalArn=role["Arn"])["accessEntry"]["type"] == (
        "EC2_LINUX"
    )
    assert {term["id"] for term in spec["subnetSelectorTerms"]} == {one["SubnetId"] for one in shop.aws.subnets("app")}


def test_an_interruption_of_any_instance_reaches_karpenters_queue(shop):
    events, queues = shop.aws.client("events"), shop.aws.client("sqs")
    (rule,) = [one for one in events.list_rules()["Rules"] if "aws.ec2" in one["EventPattern"]]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    (url,) = queues.list_queues()["QueueUrls"]
    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert target["Arn"] == attributes["QueueArn"]
    allowed = [one for one in json.loads(attributes["Policy"])["Statement"] if one["Effect"] == "Allow"]
    assert [one["Principal"] for one in allowed] == [{"Service": "events.amazonaws.com"}]


def test_an_image_once_pushed_is_never_another(shop):
    ecr = shop.aws.client("ecr")
    repositories = {one["repositoryName"]: one for one in ecr.describe_repositories()["repositories"]}
    assert set(repositories) == {f"dhakacart/staging/{service}" for service in ("backend", "frontend", "schema")}
    for name, repository in repositories.items():
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["encryptionConfiguration"]["encryptionType"] == "KMS"
        assert repository["imageScanningConfiguration"]["scanOnPush"] is True
        rules = json.loads(ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"])["rules"]
        assert {rule["selection"]["tagStatus"] for rule in rules} >= {"tagged", "untagged"}


def test_public_images_are_cached_below_the_environments_own_prefix(shop):
    rules = shop.aws.client("ecr").describe_pull_through_cache_rules()["pullThroughCacheRules"]
    cached = {rule["ecrRepositoryPrefix"]: rule["upstreamRegistryUrl"] for rule in rules}
    assert cached == {
        "dhakacart/staging/k8s": "registry.k8s.io",
        "dhakacart/staging/public": "public.ecr.aws",
        "dhakacart/staging/quay": "quay.io",
    }
