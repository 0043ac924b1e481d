"""DhakaCart on AWS: configuration in, environment up, outputs out."""

import pulumi

from dhakacart_infra.config import ConfigurationError, load, require_possible
from dhakacart_infra.environment import Environment
from dhakacart_infra.foundation.program import Outputs, run
from dhakacart_infra.foundation.standing import standing


async def main() -> Outputs:
    try:
        config = load()
        require_possible(config, await standing(), stack=pulumi.get_stack())
    except ConfigurationError as error:
        raise pulumi.RunError(str(error)) from None
    return Environment.of(config, pulumi.get_project()).outputs


run(main)
