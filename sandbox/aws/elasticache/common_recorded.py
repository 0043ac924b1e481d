"""ElastiCache: what its resources share: tags by ARN, descriptions of one or all, and who uses what.

All of the service is recorded. moto has replication groups, but changes little of them, keeps them when they are
deleted, and holds them to nothing that they name.
"""

from collections.abc import Iterable

from moto.core.exceptions import ServiceException

from sandbox.aws.record import Answer, Answers, Family, Place, Refusal, Thing

INVALID, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
SUBNET_GROUPS, PARAMETER_GROUPS = "cache subnet group", "cache parameter group"
USERS, USER_GROUPS = "cache user", "cache user group"
REPLICATION_GROUPS, SNAPSHOTS = "replication group", "cache snapshot"
TAGGED = (SUBNET_GROUPS, PARAMETER_GROUPS, USERS, USER_GROUPS, REPLICATION_GROUPS)


def described(family: Family, listed: str) -> Answer:
    """The one that is named, or all."""

    def describe(place: Place, asked: Thing) -> Thing:
        named = family.key[0] in asked
        return {listed: [family.find(place, asked)] if named else list(place.shelf(family.kind).values())}

    return describe


def standing(place: Place) -> Iterable[Thing]:
    """The replication groups."""
    return place.shelf(REPLICATION_GROUPS).values()


def in_use(place: Place, member: str, name: str) -> bool:
    """Whether a replication group names it, alone or among others."""
    named = (group.get(member) for group in standing(place))
    return any(name in value if isinstance(value, list) else name == value for value in named)


def subnets_in_use(place: Place) -> set[str]:
    """Those in which cache nodes have their interfaces."""
    return {subnet for group in standing(place) for subnet in group["Subnets"]}


def zone_of(place: Place, subnet: str) -> str:
    """The zone of a subnet that EC2 has, or the request is refused."""
    try:
        return place.of("ec2").get_subnet(subnet).availability_zone
    except ServiceException as error:
        raise Refusal("InvalidSubnet", error.message) from None


def _tagged(place: Place, asked: Thing) -> Thing:
    for kind in TAGGED:
        for thing in place.shelf(kind).values():
            if thing["ARN"] == asked["ResourceName"]:
                return thing
    raise Refusal("InvalidARN", f"{asked['ResourceName']} names nothing that has tags.")


def _tags(place: Place, asked: Thing) -> Thing:
    return {"TagList": _tagged(place, asked).get("Tags", [])}


def _tag(place: Place, asked: Thing) -> Thing:
    thing = _tagged(place, asked)
    together = {tag["Key"]: tag for tag in [*thing.get("Tags", []), *asked["Tags"]]}
    thing["Tags"] = list(together.values())
    return {"TagList": thing["Tags"]}


def _untag(place: Place, asked: Thing) -> Thing:
    thing = _tagged(place, asked)
    thing["Tags"] = [tag for tag in thing.get("Tags", []) if tag["Key"] not in asked["TagKeys"]]
    return {"TagList": thing["Tags"]}


ANSWERS: Answers = {
    "AddTagsToResource": _tag,
    "ListTagsForResource": _tags,
    "RemoveTagsFromResource": _untag,
}
