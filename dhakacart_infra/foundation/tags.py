"""The tags that the provider puts on everything: who pays, who answers, what made it."""

from dhakacart_infra.config import StackConfig


def default_tags(config: StackConfig, project: str) -> dict[str, str]:
    """Tags for the provider's ``default_tags``; a resource adds only its own ``Name`` and what controllers look for."""
    return {
        "Project": project,
        "Environment": config.environment,
        "RegionRole": config.role,
        "Owner": config.owner,
        "CostCentre": config.cost_centre,
        "ManagedBy": "pulumi",
    }


def launch_tags(config: StackConfig, project: str) -> dict[str, str]:
    """Tags for what AWS starts on our behalf, which the provider's do not reach.

    Without the role: a failover changes it, and would replace every node in the hour they are needed most.
    """
    tags = default_tags(config, project)
    del tags["RegionRole"]
    return tags
