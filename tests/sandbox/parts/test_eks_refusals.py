"""What the simulated ``eks`` provider does not make it refuses by name: nothing is left out in silence."""

from collections.abc import Iterator

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.eks.provider import EksProvider
from sandbox.providers.server import serve
from tests.support.lean_cluster import ROLE_ARN, monitor_of_aws, refusal
from tests.support.monitor import STACK, Constructor, Monitor, constructor


@pytest.fixture
def monitor() -> Monitor:
    return monitor_of_aws()


@pytest.fixture
def eks(monitor) -> Iterator[Constructor]:
    with constructor(EksProvider(), monitor) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "value", "otherwise"),
    [
        ("skipDefaultNodeGroup", False, "a default node group"),
        ("skipDefaultSecurityGroups", None, "security groups"),
        ("useDefaultVpcCni", False, "the VPC CNI add-on"),
        ("kubeProxyAddonOptions", None, "the kube-proxy add-on"),
        ("corednsAddonOptions", {"enabled": True}, "the CoreDNS add-on"),
        ("corednsAddonOptions", {"configurationValues": {"replicaCount": 3}}, "the CoreDNS add-on"),
        ("createInstanceRole", True, "a role for nodes"),
        ("createOidcProvider", True, "an OIDC provider"),
        ("authenticationMode", "API_AND_CONFIG_MAP", "the aws-auth ConfigMap"),
        ("serviceRole", None, "a service role"),
        ("vpcId", None, "the cluster in the default VPC"),
    ],
)
def test_what_would_make_more_than_is_simulated_is_refused_by_name(name, value, otherwise, eks, monitor):
    said = refusal(eks, **{name: value})
    assert name in said
    assert f"makes {otherwise}" in said
    assert monitor.registered == {}


@pytest.mark.parametrize("name", ["autoMode", "fargate", "nodeGroupOptions", "storageClasses", "roleMappings"])
def test_an_input_that_is_not_simulated_is_refused_by_name(name, eks):
    assert f"{name} is not simulated yet" in refusal(eks, **{name: True})


def test_everything_that_is_wrong_is_said_at_once(eks):
    assert len(refusal(eks, fargate=True, createOidcProvider=True, proxy="http://x").splitlines()) == 3


def test_what_the_real_component_refuses_is_refused_in_its_words(eks):
    cidrs = refusal(eks, publicAccessCidrs=["203.0.113.0/24"])
    assert "`publicAccessCidrs` can only be set when `endpointPublicAccess` is true" in cidrs
    assert "mutually exclusive" in refusal(eks, publicSubnetIds=["subnet-p"])


def test_a_service_role_must_be_a_resource_of_the_program(eks):
    assert "serviceRole must be a resource of the program" in refusal(eks, serviceRole=ROLE_ARN)


def test_other_components_are_refused_by_name(eks):
    assert refusal(eks, kind="eks:index:NodeGroupV2") == (
        "not simulated yet: eks:index:NodeGroupV2; the sandbox knows eks:index:Cluster"
    )


def test_a_child_that_fails_ends_the_component_with_its_name(eks, monitor):
    monitor.broken = "aws:eks/cluster:Cluster"
    assert refusal(eks) == "registering cluster-eksCluster (aws:eks/cluster:Cluster): resource monitor shut down"
    assert "cluster-eks-k8s" not in monitor.registered


def test_methods_and_plain_resources_of_the_package_are_refused_by_name():
    with serve(EksProvider()) as port, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        requests = {
            "eks:index:Cluster/getKubeconfig": lambda name: stub.Call(provider_pb2.CallRequest(tok=name)),
            "eks:index:RandomSuffix": lambda name: stub.Create(
                provider_pb2.CreateRequest(urn=f"{STACK}{name}::suffix")
            ),
        }
        for name, ask in requests.items():
            with pytest.raises(grpc.RpcError) as caught:
                ask(name)
            assert caught.value.details().startswith(f"not simulated yet: {name}")  # pyright: ignore[reportAttributeAccessIssue]
