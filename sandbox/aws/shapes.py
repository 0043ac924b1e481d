"""From properties to the parameters of a call and back, as botocore's service model has both.

``subnetIds`` finds ``SubnetIds``, ``appliedFors`` finds ``appliedFor`` and ``kmsKeyId`` finds ``KMSKeyId``; a number, a
switch or an object gets the form that the member wants; tags get the list or the map that the service has them in.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sandbox.aws.resource import tag_list, tag_map
from sandbox.providers.properties import Props

Shape = Any
"""One of botocore's, which is loaded with the first call and not before."""
Renamed = Mapping[str, str]
"""By property, the member that has another name."""
NO_TAGGING = ("", "", "")
TAGGING = (
    ("TagResource", "UntagResource", "ListTagsForResource"),
    ("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource"),
)


def operation(service: str, name: str) -> Any:
    """Raise OperationNotFoundError where the service has none of that name."""
    from moto.core.utils import get_service_model  # noqa: PLC0415 - with botocore

    return get_service_model(service).operation_model(name)


def members(service: str, name: str) -> Mapping[str, Shape]:
    """The parameters of a call."""
    shape = operation(service, name).input_shape
    return shape.members if shape else {}


def answered(service: str, name: str, at: str) -> Shape:
    """The structure at a place in the reply such as ``DBSubnetGroups[0]``."""
    shape = operation(service, name).output_shape.members[at.partition("[")[0]]
    return shape.member if shape.type_name == "list" else shape


def tagging(service: str) -> tuple[str, str, str]:
    """The calls that add tags, take them away and list them; some services have none for the last."""
    from moto.core.utils import get_service_model  # noqa: PLC0415 - with botocore

    known = set(get_service_model(service).operation_names)
    return next((calls for calls in TAGGING if known.issuperset(calls[:2])), NO_TAGGING)


def member_of(names: Iterable[str], name: str) -> str:
    """The member that stands for a property: spelt the same but for capitals, or for the plural that Pulumi makes."""
    by_name = {member.lower(): member for member in names}
    spellings = (name, name.removesuffix("s"), f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies")
    return next((by_name[one.lower()] for one in spellings if one.lower() in by_name), "")


def parameters(known: Mapping[str, Shape], props: Props, renamed: Renamed) -> dict[str, Any]:
    """Those of a call for which there is a property; its tags are all that the resource is to have."""
    given = {**props, **({"tags": props["tagsAll"]} if "tagsAll" in props else {})}
    found: dict[str, Any] = {}
    for name, value in given.items():
        member = renamed.get(name) or member_of(known, name)
        if member in known and value not in (None, "") and (value or name != "tags"):
            found[member] = outward(known[member], value)
    return found


def outward(shape: Shape, value: Any) -> Any:
    """A property's value as a call takes it."""
    sort = shape.type_name
    if sort == "structure":
        return parameters(shape.members, value, {})
    if sort == "list":
        named = is_tags(shape) and hasattr(value, "items")
        return tag_list(value, *shape.member.members) if named else [outward(shape.member, item) for item in value]
    if sort == "map":
        return {key: outward(shape.value, item) for key, item in value.items()}
    if sort in {"integer", "long"}:
        return int(value)
    if sort == "blob":
        return str(value).encode()
    return str(value).lower() if sort == "string" and isinstance(value, bool) else value


def properties(shape: Shape, reply: Mapping[str, Any], wanted: Iterable[str], renamed: Renamed) -> Props:
    """The wanted ones of which the reply says something."""
    found: Props = {}
    for name in wanted:
        member = renamed.get(name) or member_of(shape.members, name)
        if member in shape.members and reply.get(member) is not None:
            found[name] = inward(shape.members[member], reply[member])
    return found


def inward(shape: Shape, value: Any) -> Any:
    """A reply's value as a program sees it."""
    match shape.type_name:
        case "structure":
            return {spelt(name): inward(shape.members[name], part) for name, part in value.items()}
        case "list" if is_tags(shape):
            return tag_map(value, *shape.member.members)
        case "list":
            return [inward(shape.member, item) for item in value]
        case "blob":
            return value.decode()
        case _:
            return value.isoformat() if isinstance(value, datetime) else value


def spelt(member: str) -> str:
    """``KMSMasterKeyID`` as a program spells it: ``kmsMasterKeyId``."""
    first = re.match(r"[A-Z]+(?![a-z])|[A-Z]", member)
    start = first[0].lower() if first else ""
    return re.sub("ID$", "Id", start + member[len(start) :])


def is_tags(shape: Shape) -> bool:
    return {name.lower() for name in getattr(shape.member, "members", {})} == {"key", "value"}
