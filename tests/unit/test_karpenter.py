"""Karpenter: which nodes it may start, what it may do in AWS, what it hears of, and in which order it goes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pulumi
import pytest

from dhakacart_infra.cluster.karpenter import Karpenter, KarpenterArgs
from dhakacart_infra.cluster.node_role import NodeRole, NodeRoleArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.iam import allow
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")
CLUSTER = "shop-test-aps1"
TAGS = {"Owner": "platform"}
SCOPE = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags=TAGS, protect_data=False)
NODE_CLASS, NODE_POOL = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "kubernetes:karpenter.sh/v1:NodePool"
RELEASE, ROLE_POLICY = "kubernetes:helm.sh/v3:Release", "aws:iam/rolePolicy:RolePolicy"
INLINE_LIMIT = 10_240  # characters of all inline policies of a role together, white space not counted
INTERFACES = {"medium": (2, 4), "large": (3, 10), "xlarge": (4, 15), "2xlarge": (4, 15)}
"""Network interfaces and addresses on each, of c, m and r from the sixth generation (EC2 guide, "Maximum IP addresses
per network interface")."""


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    scope: Scope = SCOPE
    architecture: Any = "arm64"


class Cluster(Component, token="test:index:Cluster"):
    def build(self, args: ClusterArgs) -> None:
        pull = allow(["ecr:BatchImportUpstreamImage"], [NAMING.arn("ecr", "repository/shop/*")])
        nodes = NodeRole("nodes", NodeRoleArgs(pull=pull), self.child())
        Karpenter(
            "karpenter",
            KarpenterArgs(
                cluster_name=pulumi.Output.from_input(CLUSTER),
                node_role=nodes,
                subnet_ids=[pulumi.Output.from_input(name) for name in ("subnet-a", "subnet-b")],
                security_group_id=pulumi.Output.from_input("sg-cluster"),
                volumes_key_arn=pulumi.Output.from_input("arn:of:volumes-key"),
                architecture=args.architecture,
                on_demand_vcpu=12,
                spot_vcpu=34,
                ready=[nodes],
            ),
            self.child(),
        )


@cache
def registered(architecture: str = "arm64") -> Recorder:
    return record(lambda: Cluster("cluster", ClusterArgs(architecture=architecture)))


def spec(type_: str, name: str, recorder: Recorder | None = None) -> dict[str, Any]:
    return next(
        inputs["spec"] for inputs in (recorder or registered()).of(type_).values() if inputs["metadata"]["name"] == name
    )


def node_class(recorder: Recorder | None = None) -> dict[str, Any]:
    return spec(NODE_CLASS, "default", recorder)


def choices(pool: str, label: str, recorder: Recorder | None = None) -> list[str]:
    """What a pool's nodes may have as ``label``."""
    requirements = spec(NODE_POOL, pool, recorder)["template"]["spec"]["requirements"]
    (values,) = [item["values"] for item in requirements if item["key"] == label]
    return values


def release(chart: str) -> dict[str, Any]:
    (found,) = [inputs for inputs in registered().of(RELEASE).values() if inputs["name"] == chart]
    return found


@cache
def statements() -> list[dict[str, Any]]:
    """All that Karpenter's role is granted."""
    policies = [inputs for name, inputs in registered().of(ROLE_POLICY).items() if name.startswith("karpenter")]
    return [statement for policy in policies for statement in json.loads(policy["policy"])["Statement"]]


def granting(action: str) -> list[dict[str, Any]]:
    return [statement for statement in statements() if action in statement["Action"]]


def edges() -> Mapping[str, set[str]]:
    """Names of what each resource is told to wait for."""
    found: dict[str, set[str]] = {}

    def note(args: pulumi.ResourceTransformationArgs) -> None:
        found[args.name] = {resource._name for resource in args.opts.depends_on or []}

    def build() -> None:
        pulumi.runtime.register_stack_transformation(note)
        Cluster("cluster", ClusterArgs())

    record(build)
    return found


# What it may start


@pytest.mark.parametrize("pool", ["on-demand", "spot"])
def test_every_node_has_addresses_for_all_the_pods_it_may_run(pool):
    wanted = node_class()["kubelet"]["maxPods"]
    for size in choices(pool, "karpenter.k8s.aws/instance-size"):
        interfaces, addresses = INTERFACES[size]
        room = (interfaces - 1) * (addresses - 1) * 16 + 2  # the first interface carries none, two pods need none
        assert room >= wanted, f"{size} has addresses for {room} pods, not for {wanted}"


@pytest.mark.parametrize(("pool", "vcpu"), [("on-demand", "12"), ("spot", "34")])
def test_the_configuration_says_how_far_each_pool_may_grow(pool, vcpu):
    assert spec(NODE_POOL, pool)["limits"] == {"cpu": vcpu}
    assert choices(pool, "karpenter.sh/capacity-type") == [pool]


def test_only_pods_that_tolerate_it_are_put_on_spot_nodes():
    taints = {pool: spec(NODE_POOL, pool)["template"]["spec"]["taints"] for pool in ("on-demand", "spot")}
    assert taints == {"on-demand": [], "spot": [{"key": "spot", "value": "true", "effect": "NoSchedule"}]}


def test_pods_that_tolerate_both_go_to_on_demand_nodes_first():
    assert spec(NODE_POOL, "on-demand")["weight"] > spec(NODE_POOL, "spot")["weight"]


@pytest.mark.parametrize(("configured", "kubernetes"), [("arm64", "arm64"), ("x86_64", "amd64")])
def test_nodes_have_the_processors_that_the_configuration_names(configured, kubernetes):
    recorder = registered(configured)
    for pool in ("on-demand", "spot"):
        assert choices(pool, "kubernetes.io/arch", recorder) == [kubernetes]


@pytest.mark.parametrize("pool", ["on-demand", "spot"])
def test_no_stuck_pod_keeps_a_node_for_ever(pool):
    template = spec(NODE_POOL, pool)["template"]["spec"]
    assert template["expireAfter"] != "Never"
    assert template["terminationGracePeriod"]


def test_nodes_start_in_the_subnets_and_the_security_group_they_are_given_and_nowhere_else():
    assert node_class()["subnetSelectorTerms"] == [{"id": "subnet-a"}, {"id": "subnet-b"}]
    assert node_class()["securityGroupSelectorTerms"] == [{"id": "sg-cluster"}]


def test_pods_cannot_take_the_role_of_their_node():
    options = node_class()["metadataOptions"]
    assert (options["httpTokens"], options["httpPutResponseHopLimit"]) == ("required", 1)


def test_everything_a_node_writes_is_encrypted_with_our_key():
    disks = node_class()["blockDeviceMappings"]
    assert {disk["deviceName"] for disk in disks} == {"/dev/xvda", "/dev/xvdb"}
    for disk in disks:
        assert (disk["ebs"]["encrypted"], disk["ebs"]["kmsKeyID"]) == (True, "arn:of:volumes-key")


def test_the_operating_system_changes_only_when_the_pinned_version_does():
    (term,) = node_class()["amiSelectorTerms"]
    assert re.fullmatch(r"bottlerocket@v\d+\.\d+\.\d+", term["alias"])


def test_nodes_tell_who_pays_for_them():
    assert node_class()["tags"]["Owner"] == TAGS["Owner"]


# What it may do


def test_it_passes_on_the_nodes_role_and_only_to_ec2():
    (statement,) = granting("iam:PassRole")
    assert statement["Resource"] == ["arn:of:nodes-role"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_it_can_make_and_delete_no_instance_profile():
    actions = {action for statement in statements() for action in statement["Action"]}
    assert {action for action in actions if "InstanceProfile" in action} == {
        "iam:GetInstanceProfile",
        "iam:ListInstanceProfiles",
    }


@pytest.mark.parametrize("action", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"])
def test_it_ends_only_what_carries_the_clusters_tag(action):
    (statement,) = granting(action)
    assert statement["Condition"]["StringEquals"] == {f"aws:ResourceTag/kubernetes.io/cluster/{CLUSTER}": "owned"}


def test_whatever_it_launches_is_bound_to_the_cluster_by_a_tag():
    for statement in granting("ec2:RunInstances"):
        if all("::" in resource for resource in statement["Resource"]):
            continue  # Amazon's own images and snapshots
        assert CLUSTER in json.dumps(statement["Condition"]), f"{statement['Resource']} may be any cluster's"


def test_it_reads_the_messages_of_its_own_queue():
    (queue,) = registered().of("aws:sqs/queue:Queue").values()
    (statement,) = granting("sqs:ReceiveMessage")
    assert statement["Resource"] == [NAMING.arn("sqs", queue["name"])]
    assert release("karpenter")["values"]["settings"]["interruptionQueue"] == queue["name"]


def test_its_permissions_fit_into_one_role():
    size = sum(len(re.sub(r"\s", "", json.dumps(statement))) for statement in statements())
    assert size <= INLINE_LIMIT


# What it hears of


def test_it_hears_of_every_kind_of_end_that_aws_announces():
    (rule,) = registered().of("aws:cloudwatch/eventRule:EventRule").values()
    pattern = json.loads(rule["eventPattern"])
    assert set(pattern["source"]) == {"aws.ec2", "aws.health"}
    assert set(pattern["detail-type"]) == {
        "AWS Health Event",
        "EC2 Capacity Reservation Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "EC2 Spot Instance Interruption Warning",
    }


def test_nobody_but_that_rule_may_write_to_the_queue_and_nobody_in_the_clear():
    (rule,) = registered().of("aws:cloudwatch/eventRule:EventRule")
    (policy,) = registered().of("aws:sqs/queuePolicy:QueuePolicy").values()
    send, refuse = json.loads(policy["policy"])["Statement"]
    assert send["Condition"] == {"ArnEquals": {"aws:SourceArn": f"arn:of:{rule}"}}
    assert (refuse["Effect"], refuse["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


# Where it runs, and in which order it comes and goes


def test_it_runs_on_nodes_that_it_does_not_manage_and_without_the_clusters_dns():
    values = release("karpenter")["values"]
    assert values["nodeSelector"] == {"role": "system"}
    assert values["dnsPolicy"] == "Default"


def test_its_image_comes_through_the_environments_own_registry():
    image = release("karpenter")["values"]["controller"]["image"]["repository"]
    assert image == f"{NAMING.account_id}.dkr.ecr.ap-south-1.amazonaws.com/shop/test/public/karpenter/controller"


def test_its_definitions_are_upgraded_with_it():
    controller, definitions = release("karpenter"), release("karpenter-crd")
    assert controller["skipCrds"] is True
    assert controller["version"] == definitions["version"]


def test_pools_go_before_their_class_that_before_the_controller_and_that_before_its_definitions_and_identity():
    waits = edges()
    assert waits["karpenter-pools-spot"] == waits["karpenter-pools-on-demand"] == {"karpenter-pools-class"}
    assert waits["karpenter-pools-class"] == {"karpenter-controller"}
    assert waits["karpenter-controller"] == {
        "nodes",
        "karpenter-definitions",
        "karpenter-identity-association",
        "karpenter-pass-node-role",
    }
