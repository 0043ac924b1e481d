"""A synthetic program of our own components: as many networks as it takes to have so many resources."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import NetworkConfig, load
from dhakacart_infra.foundation import program
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.foundation.providers import aws_provider
from dhakacart_infra.network import Network, NetworkArgs


@dataclass(frozen=True, kw_only=True)
class CopiesArgs:
    scope: Scope
    network: NetworkConfig
    count: int


class Copies(Component, token="bench:index:Copies"):
    """The stack's network ``count`` times. Only a preview of it makes sense: the copies share their physical names."""

    def build(self, args: CopiesArgs) -> None:
        for number in range(1, args.count + 1):
            Network(self.child_name(f"network-{number}"), NetworkArgs(config=args.network), self.child())


def build(count: int) -> Outputs:
    config = load()
    project = pulumi.get_project()
    providers = pulumi.ResourceOptions(providers=[aws_provider(config, project)])
    Copies("copies", CopiesArgs(scope=Scope.of(config, project), network=config.network, count=count), providers)
    return {}


def run(count: int) -> None:
    program.run(lambda: build(count))
