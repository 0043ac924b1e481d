"""What CloudFront shows the load balancers, so that they know it from the CloudFront of other accounts.

Who has it can pass by the firewall, and no more: it opens no data.
"""

from dataclasses import dataclass

import pulumi
import pulumi_random as random

from dhakacart_infra.foundation.component import Component

CHARACTERS = 40


@dataclass(frozen=True, kw_only=True)
class OriginKeyArgs:
    told: str | None
    """In the environment's second stack, that of its first."""


class OriginKey(Component, token="dhakacart:edge:OriginKey"):
    value: pulumi.Output[str]

    def build(self, args: OriginKeyArgs) -> None:
        if args.told:
            self.value = pulumi.Output.secret(args.told)
            return
        made = random.RandomPassword(
            self.child_name("key"), length=CHARACTERS, special=False, opts=self.child(stateful=True)
        )
        self.value = made.result
