"""The image registry alone, for tests of what holds data and is protected."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.cluster import Registry, RegistryArgs
from dhakacart_infra.config import StackConfig, load
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.program import Outputs, run
from dhakacart_infra.foundation.providers import aws_provider


@dataclass(frozen=True, kw_only=True)
class YardArgs:
    config: StackConfig
    scope: Scope


class Yard(Component, token="dhakacart:index:Environment"):
    registry: Registry

    def build(self, args: YardArgs) -> None:
        registry = args.config.registry
        self.registry = Registry(
            "registry",
            RegistryArgs(repositories=registry.repositories, keep_releases=registry.keep_releases, peer_region=None),
            self.child(),
        )


def main() -> Outputs:
    config, project = load(), pulumi.get_project()
    args = YardArgs(config=config, scope=Scope.of(config, project))
    yard = Yard(project, args, pulumi.ResourceOptions(providers=[aws_provider(config, project)]))
    return {"repository_urls": yard.registry.repository_urls}


if __name__ == "__main__":
    run(main)
