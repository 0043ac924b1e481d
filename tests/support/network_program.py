"""The network alone: what tests of the engine, of changes and of faults bring up. The whole shop takes far longer."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import ConfigurationError, StackConfig, load, require_possible
from dhakacart_infra.foundation.alarms import AlarmTopic, AlarmTopicArgs
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.program import Outputs, run
from dhakacart_infra.foundation.providers import aws_provider
from dhakacart_infra.foundation.standing import standing
from dhakacart_infra.network import Network, NetworkArgs


@dataclass(frozen=True, kw_only=True)
class LandArgs:
    config: StackConfig
    scope: Scope


class Land(Component, token="dhakacart:index:Environment"):
    network: Network

    def build(self, args: LandArgs) -> None:
        alarms = AlarmTopic("alarms", AlarmTopicArgs(emails=()), self.child())
        self.network = Network("network", NetworkArgs(config=args.config.network, alarms=alarms), self.child())


def land(config: StackConfig, project: str) -> Land:
    args = LandArgs(config=config, scope=Scope.of(config, project))
    return Land(project, args, pulumi.ResourceOptions(providers=[aws_provider(config, project)]))


async def main() -> Outputs:
    try:
        config = load()
        require_possible(config, await standing(), stack=pulumi.get_stack())
    except ConfigurationError as error:
        raise pulumi.RunError(str(error)) from None
    return land(config, pulumi.get_project()).network.outputs


if __name__ == "__main__":
    run(main)
