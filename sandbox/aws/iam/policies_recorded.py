"""IAM: the policies that AWS itself manages, each put before moto when it is first attached; what holds a policy.

moto can load all of them at once, which costs every fresh account a second and every save of the store four megabytes.
"""

import functools
import json
from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing

MANAGED = "arn:aws:iam::aws:policy/"


@functools.cache
def _known() -> dict[str, Any]:
    """What moto knows of them, by ARN without the fixed start: ``service-role/AmazonEBSCSIDriverPolicy``."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - five megabytes of text

    every: dict[str, Any] = json.loads(aws_managed_policies_data)
    return {f"{policy['Path']}{name}".removeprefix("/"): (name, policy) for name, policy in every.items()}


def _offer(place: Place, arn: str) -> None:
    """Leaves a name that AWS does not have for moto to refuse."""
    from moto.iam.models import AWSManagedPolicy  # noqa: PLC0415

    found = _known().get(arn.removeprefix(MANAGED)) if arn.startswith(MANAGED) else None
    if found and arn not in place.backend.managed_policies:
        name, policy = found
        made = AWSManagedPolicy.from_data(name, place.account, place.backend.region_name, policy)
        place.backend.managed_policies[arn] = made


def _attach(place: Place, asked: Thing) -> None:
    _offer(place, asked["PolicyArn"])
    place.backend.attach_role_policy(asked["PolicyArn"], asked["RoleName"])


def _delete(place: Place, asked: Thing) -> None:
    if place.backend.get_policy(asked["PolicyArn"]).attachment_count:
        raise Refusal("DeleteConflict", "Cannot delete a policy attached to entities.")
    place.backend.delete_policy(asked["PolicyArn"])


ANSWERS: Answers = {"AttachRolePolicy": _attach, "DeletePolicy": _delete}
