"""EKS: what its resources share: error codes, looking up what a request leans on, updates, tags."""

import secrets
import uuid
from collections.abc import Iterator
from typing import Any

from moto.core.exceptions import ServiceException

from sandbox.aws.record import Answers, Place, Refusal, Shelf, Thing, now

EXISTS = IN_USE = "ResourceInUseException"
MISSING = "ResourceNotFoundException"
INVALID = "InvalidParameterException"
REFUSED = "InvalidRequestException"

CLUSTERS, NODE_GROUPS, ADD_ONS = "cluster", "node group", "add-on"
ACCESS_ENTRIES, ACCESS_POLICIES, POD_IDENTITIES = "access entry", "access policy", "pod identity association"
ARNS = {
    CLUSTERS: "arn",
    NODE_GROUPS: "nodegroupArn",
    ADD_ONS: "addonArn",
    ACCESS_ENTRIES: "accessEntryArn",
    POD_IDENTITIES: "associationArn",
}
"""What can be tagged, and where its ARN is."""


def cluster_of(place: Place, asked: Thing) -> Thing:
    """The cluster that a request about something in it names."""
    name = asked["clusterName"]
    cluster = place.shelf(CLUSTERS).get((name,))
    if cluster is None:
        raise Refusal(MISSING, f"No cluster found for name: {name}.")
    return cluster


def belonging(shelf: Shelf, cluster: str) -> list[tuple[str, ...]]:
    """Keys of what lives in the cluster: its name is the first part of every key."""
    return [key for key in shelf if key[0] == cluster]


def require_role(place: Place, arn: str) -> None:
    """IAM has it, or the request is refused."""
    if all(role.arn != arn for role in place.of("iam").get_roles()):
        raise Refusal(INVALID, f"The role {arn} does not exist.")


def subnet(place: Place, it: str) -> Any:
    """As EC2 has it, or the request is refused."""
    try:
        return place.of("ec2").get_subnet(it)
    except ServiceException as error:
        raise Refusal(INVALID, error.message) from None


def unique(length: int = 17) -> str:
    """The random end of an id."""
    return secrets.token_hex(length)[:length]


def resource_id() -> str:
    return str(uuid.uuid4())


def updated(kind: str) -> Thing:
    """What EKS answers to a change, which here has come about already."""
    update: Thing = {"id": resource_id(), "status": "Successful", "type": kind, "params": [], "errors": []}
    return {"update": {**update, "createdAt": now()}}


def _tagged(place: Place, asked: Thing) -> Thing:
    arn = asked["resourceArn"]
    for thing in _taggable(place, arn):
        return thing.setdefault("tags", {})
    raise Refusal("NotFoundException", f"The specified resource ({arn}) is not found.")


def _taggable(place: Place, arn: str) -> Iterator[Thing]:
    for kind, member in ARNS.items():
        yield from (thing for thing in place.shelf(kind).values() if thing[member] == arn)


def _tag(place: Place, asked: Thing) -> Thing:
    _tagged(place, asked).update(asked["tags"])
    return {}


def _untag(place: Place, asked: Thing) -> Thing:
    tags = _tagged(place, asked)
    for name in asked["tagKeys"]:
        tags.pop(name, None)
    return {}


ANSWERS: Answers = {
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": lambda place, asked: {"tags": _tagged(place, asked)},
}
