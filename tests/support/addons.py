"""Every add-on of the cluster, as the program registers it on mocked providers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pulumi

from dhakacart_infra.cluster.addons.addon import AddonArgs
from dhakacart_infra.cluster.addons.coredns import CoreDns
from dhakacart_infra.cluster.addons.ebs_csi import EbsCsi, EbsCsiArgs
from dhakacart_infra.cluster.addons.external_secrets import ExternalSecrets, ExternalSecretsArgs
from dhakacart_infra.cluster.addons.kube_proxy import KubeProxy
from dhakacart_infra.cluster.addons.load_balancer_controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from dhakacart_infra.cluster.addons.metrics_server import MetricsServer
from dhakacart_infra.cluster.addons.pod_identity_agent import PodIdentityAgent
from dhakacart_infra.cluster.addons.vpc_cni import VpcCni, VpcCniArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

ADDON, RELEASE = "aws:eks/addon:Addon", "kubernetes:helm.sh/v3:Release"
POLICY, TRUST = "aws:iam/rolePolicy:RolePolicy", "aws:iam/role:Role"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")
CLUSTER = "shop-test-aps1"
TAGS = {"Project": "shop", "Environment": "test"}
ZONES = ("ap-south-1a", "ap-south-1b")
OWNED = f"kubernetes.io/cluster/{CLUSTER}"


SCOPE = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags=TAGS, protect_data=False)


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class RootArgs:
    scope: Scope
    make: Callable[[Component], object]


class Parent(Component, token="test:index:Parent"):
    """Whatever a test wants to look at alone."""

    def build(self, args: RootArgs) -> None:
        args.make(self)


class Cluster(Component, token="test:index:Cluster"):
    """Every add-on, as a cluster has them."""

    def build(self, args: ClusterArgs) -> None:
        name = pulumi.Output.from_input(CLUSTER)
        cni = VpcCniArgs(
            cluster_name=name,
            pod_subnet_ids={zone: pulumi.Output.from_input(f"subnet-{zone[-1]}") for zone in ZONES},
            security_group_id=pulumi.Output.from_input("sg-pods"),
        )
        first = [
            KubeProxy("proxy", AddonArgs(cluster_name=name), self.child()).addon,
            PodIdentityAgent("agent", AddonArgs(cluster_name=name), self.child()).addon,
            VpcCni("cni", cni, self.child()).addon,
        ]
        ready = [CoreDns("dns", AddonArgs(cluster_name=name, ready=first), self.child()).addon]
        MetricsServer("metrics", AddonArgs(cluster_name=name, ready=ready), self.child())
        key = pulumi.Output.from_input("arn:aws:kms:ap-south-1:123456789012:key/volumes")
        EbsCsi("ebs", EbsCsiArgs(cluster_name=name, key_arn=key, ready=ready), self.child())
        vpc = pulumi.Output.from_input("vpc-1")
        balancer = LoadBalancerController(
            "balancer", LoadBalancerControllerArgs(cluster_name=name, vpc_id=vpc, ready=ready), self.child()
        )
        secrets = ExternalSecretsArgs(cluster_name=name, namespaces=["shop"], ready=[balancer.release])
        ExternalSecrets("secrets", secrets, self.child())


@cache
def cluster(artifacts: Artifacts = SCOPE.artifacts) -> tuple[Recorder, dict[str, set[str]]]:
    """What the add-ons register, and the names of what each resource is told to wait for."""
    waits: dict[str, set[str]] = {}

    def note(made: pulumi.ResourceTransformationArgs) -> None:
        waits[made.name] = {resource._name for resource in made.opts.depends_on or []}

    def build() -> None:
        pulumi.runtime.register_stack_transformation(note)
        Cluster("cluster", ClusterArgs(scope=replace(SCOPE, artifacts=artifacts)))

    return record(build), waits


def registered(type_: str) -> dict[str, dict[str, Any]]:
    return cluster()[0].of(type_)


def waits_for(name: str) -> set[str]:
    return cluster()[1][name]


def addon(name: str) -> dict[str, Any]:
    """An add-on's configuration."""
    return json.loads(registered(ADDON)[f"{name}-addon"]["configurationValues"])


def values(name: str) -> dict[str, Any]:
    """A chart's values."""
    return registered(RELEASE)[f"{name}-release"]["values"]


def statements(name: str) -> list[dict[str, Any]]:
    return json.loads(registered(POLICY)[f"{name}-identity-policy"]["policy"])["Statement"]


def granting(name: str, action: str) -> list[dict[str, Any]]:
    return [statement for statement in statements(name) if action in statement["Action"]]
