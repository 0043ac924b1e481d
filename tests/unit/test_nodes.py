"""The managed node group, its role, and what people may do inside, on mocks."""

import base64
import json
import tomllib
from dataclasses import dataclass

import pulumi
import pytest

from dhakacart_infra.cluster.node_role import NodeRole, NodeRoleArgs
from dhakacart_infra.cluster.rbac import Rbac
from dhakacart_infra.cluster.scheduling import NODE_TAINT, SYSTEM_NODES
from dhakacart_infra.cluster.system_nodes import INSTANCE_TYPES, SystemNodes, SystemNodesArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.iam import allow
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.foundation.tags import launch_tags
from dhakacart_infra.workloads.namespace import ApplicationNamespace, ApplicationNamespaceArgs, Demand
from tests.support.recorder import Recorder, record
from tests.support.stacks import config

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")
TAGS = {"Owner": "platform"}


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    architecture: str


class Shell(Component, token="test:index:Shell"):
    def build(self, args: ShellArgs) -> None:
        role = NodeRole("role", NodeRoleArgs(pull=allow(["ecr:CreateRepository"], ["arn:aws:ecr:::x"])), self.child())
        SystemNodes(
            "nodes",
            SystemNodesArgs(
                cluster_name=pulumi.Output.from_input("shop-test-aps1"),
                role=role,
                subnet_ids=[pulumi.Output.from_input("subnet-1")],
                volumes_key_arn=pulumi.Output.from_input("arn:of:key"),
                architecture=args.architecture,
                size=3,
                ready=[],
            ),
            self.child(),
        )
        Rbac("rbac", None, self.child())
        ApplicationNamespace(
            "shop", ApplicationNamespaceArgs(name="shop", most=Demand(pods=1, millicores=1, memory_mib=1)), self.child()
        )


def registered(architecture: str) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags=TAGS, protect_data=False)
    return record(lambda: Shell("shell", ShellArgs(scope=scope, architecture=architecture)))


@pytest.fixture(scope="module")
def made() -> Recorder:
    return registered("arm64")


def group(made):
    return made.of("aws:eks/nodeGroup:NodeGroup")["nodes-group"]


def template(made):
    return made.of("aws:ec2/launchTemplate:LaunchTemplate")["nodes-template"]


def test_a_pod_cannot_reach_its_nodes_credentials(made):
    assert template(made)["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }


def test_every_disk_is_encrypted_with_our_key_and_goes_with_its_node(made):
    for mapping in template(made)["blockDeviceMappings"]:
        disk = mapping["ebs"]
        assert (disk["encrypted"], disk["kmsKeyId"], disk["deleteOnTermination"]) == ("true", "arn:of:key", "true")


def test_what_is_launched_carries_the_tags_that_the_provider_would_put_on_it(made):
    tagged = {spec["resourceType"]: spec["tags"] for spec in template(made)["tagSpecifications"]}
    assert set(tagged) == {"instance", "network-interface", "volume"}
    assert all(tags.items() >= TAGS.items() for tags in tagged.values())


def test_a_failover_replaces_no_node():
    def fail_over(values):
        values["role"] = "active"

    standby, active = (launch_tags(config("prod-dr", change), "shop") for change in (lambda _: None, fail_over))
    assert standby == active


def test_a_node_is_told_how_many_pods_it_may_hold(made):
    settings = tomllib.loads(base64.b64decode(template(made)["userData"]).decode())
    assert settings == {"settings": {"kubernetes": {"max-pods": 110}}}


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_image_is_for_the_processor_of_the_instances(architecture):
    chosen = group(registered(architecture))
    graviton = [kind.partition(".")[0].endswith("g") for kind in chosen["instanceTypes"]]
    assert all(graviton) if chosen["amiType"] == "BOTTLEROCKET_ARM_64" else not any(graviton)
    assert chosen["instanceTypes"] == INSTANCE_TYPES[architecture]


def test_nodes_are_replaced_one_at_a_time_and_start_from_the_configured_size(made):
    assert group(made)["updateConfig"] == {"maxUnavailable": 1}
    scaling = group(made)["scalingConfig"]
    assert scaling["minSize"] == scaling["desiredSize"] == 3 < scaling["maxSize"]


def test_the_clusters_own_pods_are_welcome_where_the_shops_are_not(made):
    (taint,) = group(made)["taints"]
    assert (taint["key"], taint["effect"]) == (NODE_TAINT[0], "NO_SCHEDULE")
    assert SYSTEM_NODES["nodeSelector"].items() <= group(made)["labels"].items()
    assert SYSTEM_NODES["tolerations"][0]["key"] == taint["key"]


def test_a_nodes_role_joins_pulls_and_is_managed_and_no_more(made):
    attached = {
        one["policyArn"].split("/")[-1] for one in made.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").values()
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }
    (own,) = made.of("aws:iam/rolePolicy:RolePolicy").values()
    (statement,) = json.loads(own["policy"])["Statement"]
    assert statement["Action"] == ["ecr:CreateRepository"]


def test_readers_see_everything_but_secrets(made):
    (role,) = made.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").values()
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    (core,) = [rule for rule in role["rules"] if "" in rule["apiGroups"]]
    assert not {"*", "secrets"} & set(core["resources"])
    assert {"pods", "pods/log", "services", "nodes"} <= set(core["resources"])


def test_deployers_change_the_applications_namespace_and_no_other(made):
    (binding,) = made.of("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").values()
    assert binding["metadata"]["namespace"] == "shop"
    assert binding["roleRef"]["name"] == "edit"
    everywhere = made.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").values()
    bound = [subject["name"] for one in everywhere for subject in one["subjects"]]
    assert bound == ["dhakacart:readers"]


def test_only_restricted_pods_run_in_the_applications_namespace(made):
    (namespace,) = made.of("kubernetes:core/v1:Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
