"""What a fault can be asked for: the operations and regions that AWS has. A misspelt one would never strike."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

from sandbox.aws.eventual import MAKERS
from sandbox.aws.faults import Fault
from sandbox.aws.gateway import UNDER_WAY
from sandbox.aws.moto_calls import models
from sandbox.aws.services import TYPES
from sandbox.errors import SandboxError


def require_known(faults: Sequence[Fault]) -> None:
    """Raise SandboxError for a fault that can never strike."""
    for fault in faults:
        if fault.kind == "eventual" and fault.where not in {"*", *MAKERS}:
            near = get_close_matches(fault.where, MAKERS, n=1, cutoff=0)[0]
            raise SandboxError(
                f"--fault: {fault.where!r} makes nothing that takes effect later; these do: {', '.join(MAKERS)}.",
                f"{near}, the closest, or * for all",
            )
        if fault.kind == "leftover" and fault.where not in UNDER_WAY:
            raise SandboxError(
                f"--fault: {fault.where!r} leaves nothing over; these do: {', '.join(UNDER_WAY)}.",
                f"{next(iter(UNDER_WAY))}, the closest",
            )
    places = [fault.where for fault in faults if fault.where != "*" and not fault.where.isdecimal()]
    if not places:
        return
    known = _known()
    for where in places:
        if where not in known:
            near = get_close_matches(where, known, n=1, cutoff=0)[0]
            raise SandboxError(
                f"--fault: {where!r} is no region, and no operation of a service that the sandbox calls.",
                f"{near}, the closest",
            )


@cache
def _known() -> list[str]:
    services = sorted({kind.census.service for kind in TYPES.values() if kind.census})
    operations = {name for service in services for name in models().get_service_model(service).operation_names}
    return [*sorted(operations), *models().get_available_regions("ec2")]
