"""The table of contents: what one environment consists of, one line a layer."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import StackConfig
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.foundation.providers import aws_provider
from dhakacart_infra.foundation.tags import default_tags
from dhakacart_infra.network import Network, NetworkArgs


def scope_of(config: StackConfig, project: str) -> Scope:
    """What holds for everything in the environment that a stack's configuration describes."""
    naming = Naming(
        project=project,
        environment=config.environment,
        region=config.region,
        account_id=config.account_id,
    )
    return Scope(
        naming=naming,
        artifacts=Artifacts.of(naming),
        tags=default_tags(config, project),
        protect_data=config.protect_data,
    )


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
        args = EnvironmentArgs(config=config, scope=scope_of(config, project))
        return cls(project, args, pulumi.ResourceOptions(providers=[aws_provider(config, project)]))

    def build(self, args: EnvironmentArgs) -> None:
        self.network = Network("network", NetworkArgs(config=args.config.network), self.child())

    @property
    def outputs(self) -> Outputs:
        """What the stack exports: few, stable, for people and for the peer's operators."""
        return self.network.outputs
