"""What stands in simulated AWS, asked type by type: the proof that a destroy left nothing."""

from sandbox.aws.gateway import Gateway
from sandbox.aws.services import TYPES


def census(gateway: Gateway) -> set[str]:
    """The ids of all that stands in the regions used so far, AWS's own defaults left out."""
    found: set[str] = set()
    for region in gateway.regions():
        aws = gateway.region(region)
        for kind in TYPES.values():
            if count := kind.census:
                found.update(aws.find(count.service, count.operation, count.path, **(count.params or {})) or [])
    return found
