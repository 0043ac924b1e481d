"""What a database leaves behind when it is deleted."""

import pulumi
import pulumi_random as random

from dhakacart_infra.foundation.component import Component

SUFFIX_BYTES = 4


def last_snapshot(owner: Component, identifier: str, key_arn: pulumi.Output[str]) -> pulumi.Output[str] | None:
    """The name of the snapshot that is taken then, where data are protected. That of an earlier one would be taken.

    ``key_arn`` is what the data are encrypted with: under another key stands another database, with a snapshot to come.
    """
    if not owner.scope.protect_data:
        return None
    suffix = random.RandomId(
        owner.child_name("last-snapshot"), byte_length=SUFFIX_BYTES, keepers={"key": key_arn}, opts=owner.child()
    )
    return pulumi.Output.concat(identifier, "-last-", suffix.hex)
