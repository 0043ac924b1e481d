"""The buckets alone, for tests of what they hold and of two regions that copy to each other."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import StackConfig, load
from dhakacart_infra.data import Buckets, BucketsArgs
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.program import Outputs, run
from dhakacart_infra.foundation.providers import aws_provider


@dataclass(frozen=True, kw_only=True)
class StoreArgs:
    config: StackConfig
    scope: Scope


class Store(Component, token="dhakacart:index:Environment"):
    buckets: Buckets

    def build(self, args: StoreArgs) -> None:
        self.buckets = Buckets("buckets", BucketsArgs(copies_to=args.config.copies_to), self.child())


def main() -> Outputs:
    config, project = load(), pulumi.get_project()
    args = StoreArgs(config=config, scope=Scope.of(config, project))
    store = Store(project, args, pulumi.ResourceOptions(providers=[aws_provider(config, project)]))
    return {"buckets": store.buckets.names}


if __name__ == "__main__":
    run(main)
