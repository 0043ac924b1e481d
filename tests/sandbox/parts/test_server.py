"""What the engine asks a provider over gRPC, as the provider gets to see it."""

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.providers.properties import Props, to_struct
from sandbox.providers.provider import Call, Difference
from sandbox.providers.random import RandomProvider
from sandbox.providers.server import serve

ACCESS = "accessConfig.bootstrapClusterCreatorAdminPermissions"


class Noting(RandomProvider):
    """Notes the inputs it is to compare with those that stand."""

    wanted: Props

    def diff(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Difference:
        self.wanted = news
        return Difference()


def wanted(olds: Props, news: Props, ignored: str) -> Props:
    provider = Noting()
    with serve(provider) as port, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        urn = "urn:pulumi:staging::shop::aws:eks/cluster:Cluster::cluster"
        inputs = {"olds": to_struct(olds), "old_inputs": to_struct(olds), "news": to_struct(news)}
        stub.Diff(provider_pb2.DiffRequest(urn=urn, ignoreChanges=[ignored], **inputs))
    return provider.wanted


def test_an_ignored_input_stays_as_it_is():
    assert wanted({"tags": {"a": "1"}, "name": "x"}, {"tags": {}, "name": "y"}, "tags") == {
        "tags": {"a": "1"},
        "name": "y",
    }


def test_ignoring_a_member_of_an_input_lets_the_others_change():
    olds = {
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True}
    }
    news = {"accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}}
    assert wanted(olds, news, ACCESS) == {
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}
    }


def test_ignoring_what_never_stood_lets_it_come():
    news = {"accessConfig": {"bootstrapClusterCreatorAdminPermissions": False}}
    assert wanted({}, news, ACCESS) == news
