"""A simulated EKS to try rules on: through boto3, as anybody would ask AWS, and through the provider."""

from pathlib import Path
from typing import Any

from sandbox.aws.gateway import Gateway
from sandbox.aws.provider import AwsProvider
from sandbox.aws.services import TYPES
from sandbox.aws.store import Store
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call
from tests.support.eks_cases import scaling
from tests.support.world import REGION, World

GATEWAY = Gateway()  # shared: its clients take longer to make than a test takes
SEED = bytes(8)


class Eks:
    """A world with a cluster in it, through boto3 and through the provider."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        self.store = Store(folder / "aws.pickle", GATEWAY.lock)
        self.provider = AwsProvider(TYPES, GATEWAY, self.store)
        self.api: Any = self.world.client("eks")

    def call(self, kind: str, resource_id: str = "") -> Call:
        return Call(type=kind, urn=f"urn::{kind}::it", name="it", config={"region": REGION}, id=resource_id)

    def make(self, kind: str, **inputs: Any) -> tuple[str, Props]:
        checked, failures = self.provider.check(self.call(kind), inputs, {}, SEED)
        assert not failures, failures
        return self.provider.create(self.call(kind), checked)

    def refusals(self, kind: str, **inputs: Any) -> str:
        _, failures = self.provider.check(self.call(kind), inputs, {}, SEED)
        return "\n".join(failure.reason for failure in failures)

    def cluster(self, **more: Any) -> Props:
        w = self.world
        network = {"subnetIds": [w.subnet, w.far_subnet]}
        inputs = {"name": "dhaka", "version": "1.34", "roleArn": w.role, "vpcConfig": network, **more}
        return self.make("aws:eks/cluster:Cluster", **inputs)[1]

    def addon(self, name: str, **more: Any) -> Props:
        return self.make("aws:eks/addon:Addon", clusterName="dhaka", addonName=name, **more)[1]

    def nodes(self, **more: Any) -> Props:
        given = {"clusterName": "dhaka", "nodeRoleArn": self.world.role, "subnetIds": [self.world.subnet]}
        return self.make("aws:eks/nodeGroup:NodeGroup", **given, scalingConfig=scaling(1, 1, 2), **more)[1]

    def delete_cluster(self) -> None:
        self.api.delete_cluster(name="dhaka")
