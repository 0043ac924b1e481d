"""The table of contents: what one environment consists of, one line a layer."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import StackConfig
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.foundation.providers import aws_provider
from dhakacart_infra.network import Network, NetworkArgs


@dataclass(frozen=True, kw_only=True)
class EnvironmentArgs:
    config: StackConfig
    scope: Scope


class Environment(Component, token="dhakacart:index:Environment"):
    """DhakaCart in one region."""

    network: Network

    @classmethod
    def of(cls, config: StackConfig, project: str) -> "Environment":
        """The environment that a stack's configuration describes, with a provider for its region and account."""
        naming = Naming(
            project=project,
            environment=config.environment,
            region=config.region,
            account_id=config.account_id,
        )
        scope = Scope(naming=naming, artifacts=Artifacts.of(naming), protect_data=config.protect_data)
        args = EnvironmentArgs(config=config, scope=scope)
        return cls(project, args, pulumi.ResourceOptions(providers=[aws_provider(config, project)]))

    def build(self, args: EnvironmentArgs) -> None:
        self.network = Network("network", NetworkArgs(config=args.config.network), self.child())

    @property
    def outputs(self) -> Outputs:
        """What the stack exports: few, stable, for people and for the peer's operators."""
        network = self.network
        return {
            "vpc_id": network.vpc_id,
            "public_subnet_ids": network.public.subnet_ids,
            "app_subnet_ids": network.app.subnet_ids,
            "database_subnet_ids": network.database.subnet_ids,
            "pod_subnet_ids": network.pods.subnet_ids,
            "nat_public_ips": network.nat_public_ips,
            "flow_log_group": network.flow_log_group,
        }
