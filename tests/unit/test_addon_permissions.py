"""What the add-ons may do in AWS, and who may do it in their name."""

import json
from dataclasses import replace

import pytest

from dhakacart_infra.cluster.addons.vpc_cni_permissions import vpc_cni_permissions
from dhakacart_infra.foundation.tags import default_tags
from dhakacart_infra.network import Network, NetworkArgs
from tests.support.addons import (
    ADDON,
    ASSOCIATION,
    CLUSTER,
    NAMING,
    OWNED,
    SCOPE,
    TAGS,
    TRUST,
    Parent,
    RootArgs,
    addon,
    granting,
    registered,
    statements,
    values,
    waits_for,
)
from tests.support.recorder import record
from tests.support.stacks import config
from tests.support.topic import topic


def test_network_interfaces_carry_the_tag_that_their_permissions_go_by():
    assert json.loads(addon("cni")["env"]["ADDITIONAL_ENI_TAGS"]) == {**TAGS, OWNED: "owned"}
    changing = ("ec2:AttachNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses")
    for statement in [found for action in changing for found in granting("cni", action)]:
        assert statement["Condition"] == {"StringEquals": {f"aws:ResourceTag/{OWNED}": "owned"}}


def test_interfaces_are_made_in_the_subnets_of_pods_and_in_no_others():
    settings, naming = config("prod"), replace(NAMING, project="dhakacart", environment="prod")
    (condition,) = (
        statement["Condition"]["StringEquals"]
        for statement in vpc_cni_permissions(naming, CLUSTER)
        if statement["Resource"] == [naming.arn("ec2", "subnet/*")]
    )
    wanted = {key.removeprefix("aws:ResourceTag/"): value for key, value in condition.items()}

    def network(root: Parent) -> Network:
        return Network("network", NetworkArgs(config=settings.network, alarms=topic(root)), root.child())

    recorder = record(lambda: Parent("root", RootArgs(scope=SCOPE, make=network)))
    admitted = {
        name
        for name, inputs in recorder.of("aws:ec2/subnet:Subnet").items()
        if wanted.items() <= {**default_tags(settings, "dhakacart"), **inputs["tags"]}.items()
    }
    assert admitted == {"network-pods-subnet-a", "network-pods-subnet-b"}


@pytest.mark.parametrize(
    ("name", "pods"),
    [
        ("cni", ("kube-system", "aws-node")),
        ("ebs", ("kube-system", "ebs-csi-controller-sa")),
        ("balancer", ("kube-system", "aws-load-balancer-controller")),
        ("secrets", ("external-secrets", "external-secrets")),
    ],
)
def test_only_the_pods_of_an_add_on_can_take_its_role(name, pods):
    (statement,) = json.loads(registered(TRUST)[f"{name}-identity-role"]["assumeRolePolicy"])["Statement"]
    tags = statement["Condition"]["StringEquals"]
    assert (tags["aws:RequestTag/kubernetes-namespace"], tags["aws:RequestTag/kubernetes-service-account"]) == pods


@pytest.mark.parametrize("name", ["balancer", "secrets"])
def test_a_controllers_pods_start_after_they_have_been_given_their_role(name):
    association = registered(ASSOCIATION)[f"{name}-identity-association"]
    assert values(name)["serviceAccount"]["name"] == association["serviceAccount"]
    assert f"{name}-identity-association" in waits_for(f"{name}-release")


@pytest.mark.parametrize(("name", "account"), [("cni", "aws-node"), ("ebs", "ebs-csi-controller-sa")])
def test_an_add_on_of_eks_comes_with_its_role(name, account):
    (identity,) = registered(ADDON)[f"{name}-addon"]["podIdentityAssociations"]
    assert identity["serviceAccount"] == account


def test_load_balancers_of_another_cluster_are_out_of_reach():
    for statement in statements("balancer"):
        changes = [
            action
            for action in statement["Action"]
            if action.startswith("elasticloadbalancing:") and ":Describe" not in action
        ]
        if changes:
            tags = statement["Condition"]["StringEquals"]
            assert CLUSTER in {value for key, value in tags.items() if key.endswith("elbv2.k8s.aws/cluster")}, changes


def test_nothing_takes_the_tag_off_that_keeps_clusters_apart():
    for statement in granting("balancer", "elasticloadbalancing:RemoveTags") + granting("balancer", "ec2:DeleteTags"):
        assert statement["Condition"]["Null"] == {"aws:RequestTag/elbv2.k8s.aws/cluster": "true"}


@pytest.mark.parametrize(
    ("service", "switch"), [("shield", "enableShield"), ("waf-regional", "enableWaf"), ("wafv2", "enableWafv2")]
)
def test_what_the_load_balancer_controller_may_not_do_is_switched_off(service, switch):
    granted = {action.split(":")[0] for statement in statements("balancer") for action in statement["Action"]}
    assert service not in granted
    assert values("balancer")[switch] is False


def test_only_secrets_of_the_environment_are_read_and_none_is_written():
    (statement,) = statements("secrets")
    assert statement["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert statement["Resource"] == ["arn:aws:secretsmanager:ap-south-1:123456789012:secret:shop/test/*"]
