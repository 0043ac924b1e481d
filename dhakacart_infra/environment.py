"""The table of contents: what one environment consists of, one line a layer."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.cluster import Cluster, ClusterArgs, Registry, RegistryArgs
from dhakacart_infra.config import StackConfig
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.foundation.providers import aws_provider, eks_provider
from dhakacart_infra.network import Network, NetworkArgs
from dhakacart_infra.workloads.namespace import ApplicationNamespace, ApplicationNamespaceArgs


@dataclass(frozen=True, kw_only=True)
class EnvironmentArgs:
    config: StackConfig
    scope: Scope


class Environment(Component, token="dhakacart:index:Environment"):
    """DhakaCart in one region."""

    network: Network
    registry: Registry
    cluster: Cluster
    shop: ApplicationNamespace

    @classmethod
    def of(cls, config: StackConfig, project: str) -> "Environment":
        """The environment that a stack's configuration describes, with providers for its region and account."""
        args = EnvironmentArgs(config=config, scope=Scope.of(config, project))
        providers: list[pulumi.ProviderResource] = [aws_provider(config, project), eks_provider()]
        return cls(project, args, pulumi.ResourceOptions(providers=providers))

    def build(self, args: EnvironmentArgs) -> None:
        config = args.config
        namespace = self.naming.project
        self.network = Network("network", NetworkArgs(config=config.network), self.child())
        self.registry = Registry(
            "registry",
            RegistryArgs(
                repositories=config.registry.repositories,
                keep_releases=config.registry.keep_releases,
                peer_region=config.peer.region if config.peer else None,
            ),
            self.child(),
        )
        self.cluster = Cluster(
            "cluster",
            ClusterArgs(
                config=config.cluster, network=self.network, registry=self.registry, secret_readers=[namespace]
            ),
            self.child(),
        )
        in_cluster = self.child(providers=[self.cluster.kubernetes])
        self.shop = ApplicationNamespace("shop", ApplicationNamespaceArgs(name=namespace), in_cluster)

    @property
    def outputs(self) -> Outputs:
        """What the stack exports: few, stable, for people and for the peer's operators."""
        return {
            **self.network.outputs,
            "cluster_name": self.cluster.name,
            "repository_urls": self.registry.repository_urls,
        }
