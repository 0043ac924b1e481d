"""``pulumi_eks.Cluster`` on the real engine: transforms, order, and an API server from outside."""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as k8s
import pytest
from pulumi import automation

from sandbox.aws.eks.certificates import authority
from sandbox.aws.kube import KubeApi
from sandbox.session import Sandbox
from tests.support.project import Project, preview, up

KUBE = KubeApi(endpoint="https://127.0.0.1:6443", ca_pem=b64decode(authority("kind")).decode())
TRUST = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def settle(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """What the component has no argument for, set on the cluster it makes."""
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    access = {**args.props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}
    return pulumi.ResourceTransformResult(props={**args.props, "accessConfig": access}, opts=args.opts)


def program() -> None:
    """A cluster in its lean form, and a namespace in it."""
    provider = aws.Provider("aws", region="ap-south-1", allowed_account_ids=["123456789012"])
    ours = pulumi.ResourceOptions(provider=provider)
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=ours)
    subnets = [
        aws.ec2.Subnet(
            zone, vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=f"ap-south-1{zone}", opts=ours
        )
        for number, zone in enumerate("ab")
    ]
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    cluster = eks.Cluster(
        "cluster",
        name="shop",
        vpc_id=vpc.id,
        subnet_ids=[subnet.id for subnet in subnets],
        service_role=aws.iam.Role("role", assume_role_policy=trust, opts=ours),
        authentication_mode=eks.AuthenticationMode.API,
        skip_default_node_group=True,
        skip_default_security_groups=True,
        use_default_vpc_cni=True,
        kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
        opts=pulumi.ResourceOptions(providers=[provider, eks.Provider("eks")], transforms=[settle]),
    )
    inside = k8s.Provider("kubernetes", kubeconfig=cluster.kubeconfig_json)
    k8s.core.v1.Namespace("shop", metadata={"name": "shop"}, opts=pulumi.ResourceOptions(provider=inside))


@dataclass
class Life:
    """What was seen of the stack from its first preview to its end."""

    planned: dict[str, str] = field(default_factory=dict[str, str])
    resources: dict[str, Any] = field(default_factory=dict[str, Any])
    again: dict[str, str] = field(default_factory=dict[str, str])
    deleted: list[str] = field(default_factory=list[str])
    left: int = 0


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    project, seen = Project(tmp_path_factory.mktemp("eks")), Life()

    def note(event: automation.EngineEvent) -> None:
        if event.res_outputs_event:
            seen.deleted.append(event.res_outputs_event.metadata.urn.split("::")[-1])

    with Sandbox(project=project.folder, state=project.state, program=program, kube=KUBE, say=print) as sandbox:
        seen.planned = preview(sandbox)
        up(sandbox)
        stack = sandbox.stack("staging")
        listed = stack.export_stack().deployment["resources"]
        seen.resources = {resource["urn"].split("::")[-1]: resource for resource in listed}
        seen.again = preview(sandbox)
        stack.destroy(on_event=note)
        seen.left = len(sandbox.store.made())
    return seen


def test_a_preview_of_nothing_plans_the_cluster_and_what_lives_in_it(life):
    wanted = {"cluster", "cluster-eksCluster", "cluster-eks-k8s", "kubernetes", "shop"}
    assert {name: life.planned.get(name) for name in wanted} == dict.fromkeys(wanted, "create")


def test_a_transform_on_the_component_reaches_the_cluster_it_makes(life):
    access = life.resources["cluster-eksCluster"]["inputs"]["accessConfig"]
    assert access == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}


def test_the_kubeconfig_leads_to_the_api_server_that_was_given(life):
    config = json.loads(life.resources["kubernetes"]["inputs"]["kubeconfig"])
    cluster = config["clusters"][0]["cluster"]
    assert cluster["server"] == KUBE.endpoint
    assert b64decode(cluster["certificate-authority-data"]).decode() == KUBE.ca_pem


def test_a_second_preview_finds_nothing_to_do(life):
    assert life.again == {}


def test_what_lives_in_the_cluster_goes_first_and_the_network_last(life):
    order = ["shop", "kubernetes", "cluster-eksCluster", "a", "vpc"]
    assert [name for name in life.deleted if name in order] == order
    assert life.left == 0
