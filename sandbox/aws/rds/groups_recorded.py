"""RDS: groups that are in use stay, and what a parameter group may be given."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing

STATIC = {"max_connections", "shared_preload_libraries", "autovacuum_max_workers", "max_wal_senders", "shared_buffers"}
"""Of PostgreSQL: what changes at a restart alone (`context` of pg_settings is `postmaster`)."""
FAMILIES = {"postgres": {str(major): f"postgres{major}" for major in range(12, 19)}}
MIN_ZONES = 2


def _create_subnets(place: Place, asked: Thing) -> Thing:
    ec2: Any = place.of("ec2")
    subnets = [ec2.get_subnet(it) for it in asked["SubnetIds"]]
    _refuse_zones(subnets)
    if asked["DBSubnetGroupName"] in place.backend.subnet_groups:
        reason = f"The DB subnet group '{asked['DBSubnetGroupName']}' already exists."
        raise Refusal("DBSubnetGroupAlreadyExists", reason)
    named = (asked["DBSubnetGroupName"], asked["DBSubnetGroupDescription"])
    return {"DBSubnetGroup": place.backend.create_subnet_group(*named, subnets, asked.get("Tags", []))}


def _modify_subnets(place: Place, asked: Thing) -> Thing:
    ec2: Any = place.of("ec2")
    subnets = [ec2.get_subnet(it) for it in asked["SubnetIds"]]
    _refuse_zones(subnets)
    group = place.backend.describe_db_subnet_groups(asked["DBSubnetGroupName"])[0]
    gone = {one.availability_zone for one in group._subnets} - {one.availability_zone for one in subnets}  # noqa: SLF001
    if used := sorted(gone & {one.availability_zone for one in _instances(place, group)}):
        reason = f"The new DB subnet group must cover the zones in use: {', '.join(used)}"
        raise Refusal("SubnetAlreadyInUse", reason)
    group.subnets = subnets
    group.description = asked.get("DBSubnetGroupDescription", group.description)
    return {"DBSubnetGroup": group}


def _refuse_zones(subnets: list[Any]) -> None:
    if len({subnet.availability_zone for subnet in subnets}) < MIN_ZONES:
        reason = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement."
        message = f"{reason} Current AZ coverage: {subnets[0].availability_zone}. Add subnets to cover at least 2 AZs."
        raise Refusal("DBSubnetGroupDoesNotCoverEnoughAZs", message)


def _instances(place: Place, group: Any) -> list[Any]:
    return [one for one in place.backend.databases.values() if getattr(one, "db_subnet_group", None) is group]


def _delete_subnets(place: Place, asked: Thing) -> Thing:
    name = asked["DBSubnetGroupName"]
    group = place.backend.describe_db_subnet_groups(name)[0]
    if used := _instances(place, group):
        reason = f"Cannot delete the subnet group '{name}' because at least one database instance"
        raise Refusal(
            "InvalidDBSubnetGroupStateFault", f"{reason}: {used[0].db_instance_identifier} is still using it."
        )
    place.backend.delete_subnet_group(name)
    return {}


def _delete_parameters(place: Place, asked: Thing) -> Thing:
    name = asked["DBParameterGroupName"]
    if any(one.db_parameter_group_name == name for one in place.backend.databases.values()):
        reason = "One or more database instances are still members of this parameter group"
        raise Refusal("InvalidDBParameterGroupState", f"{reason} {name}, so the group cannot be deleted")
    place.backend.delete_db_parameter_group(name)
    return {}


def _set(place: Place, asked: Thing) -> Thing:
    for one in asked["Parameters"]:
        if one["ParameterName"] in STATIC and one["ApplyMethod"] == "immediate":
            raise Refusal("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
    place.backend.modify_db_parameter_group(asked["DBParameterGroupName"], asked["Parameters"])
    return {"DBParameterGroupName": asked["DBParameterGroupName"]}


def _reset(place: Place, asked: Thing) -> Thing:
    (group,) = place.backend.describe_db_parameter_groups({"db_parameter_group_name": asked["DBParameterGroupName"]})
    for one in asked["Parameters"]:
        group.parameters.pop(one["ParameterName"], None)
    return {"DBParameterGroupName": group.name}


ANSWERS: Answers = {
    "CreateDBSubnetGroup": _create_subnets,
    "ModifyDBSubnetGroup": _modify_subnets,
    "DeleteDBSubnetGroup": _delete_subnets,
    "DeleteDBParameterGroup": _delete_parameters,
    "ModifyDBParameterGroup": _set,
    "ResetDBParameterGroup": _reset,
}
