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
