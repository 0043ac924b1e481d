"""ElastiCache: subnet groups and parameter groups, which stay for as long as a replication group uses them."""

from sandbox.aws.elasticache.common_recorded import (
    INVALID,
    PARAMETER_GROUPS,
    SUBNET_GROUPS,
    described,
    in_use,
    subnets_in_use,
    zone_of,
)
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing

FAMILIES = ("redis6.x", "redis7", "valkey7", "valkey8", "valkey9")
AT_ONCE = 20  # parameters in a call
POLICIES = tuple(
    f"{keys}-{which}"
    for keys, ways in {"volatile": ("lru", "lfu", "ttl", "random"), "allkeys": ("lru", "lfu", "random")}.items()
    for which in ways
)
MODIFIABLE: dict[str, tuple[str, ...]] = {
    "cluster-enabled": ("yes", "no"),
    "latency-tracking": ("yes", "no"),
    "maxmemory-policy": (*POLICIES, "noeviction"),
    "maxmemory-samples": (),
    "notify-keyspace-events": (),
    "reserved-memory-percent": tuple(map(str, range(101))),
    "slowlog-log-slower-than": (),
    "slowlog-max-len": (),
    "timeout": (),
}
"""Of the parameters that a program may set, those that anyone here has asked for, with what they may be (ElastiCache
guide, "Engine specific parameters"). `appendonly` and `appendfsync` are none of them."""


def _placed(place: Place, asked: Thing) -> Thing:
    zones = {it: zone_of(place, it) for it in asked["SubnetIds"]}
    vpcs = {place.of("ec2").get_subnet(it).vpc_id for it in zones}
    if len(vpcs) > 1:
        raise Refusal("InvalidSubnet", "The subnets of a group are of one VPC.")
    subnets = [{"SubnetIdentifier": it, "SubnetAvailabilityZone": {"Name": zone}} for it, zone in zones.items()]
    return {"VpcId": vpcs.pop(), "Subnets": subnets}


def _subnets_made(place: Place, asked: Thing) -> Thing:
    name = asked["CacheSubnetGroupName"].lower()
    return {**_placed(place, asked), "CacheSubnetGroupName": name, "ARN": place.arn(f"subnetgroup:{name}")}


def _subnets_changed(place: Place, asked: Thing) -> Thing:
    if "SubnetIds" not in asked:
        return {}
    before = {one["SubnetIdentifier"] for one in SUBNETS.find(place, asked)["Subnets"]}
    if lost := sorted((before & subnets_in_use(place)) - set(asked["SubnetIds"])):
        raise Refusal("SubnetInUse", f"The subnet ID {lost[0]} is in use.")
    return _placed(place, asked)


def _subnets_kept(place: Place, thing: Thing) -> None:
    name = thing["CacheSubnetGroupName"]
    if in_use(place, "CacheSubnetGroupName", name):
        raise Refusal("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")


def _parameters_made(place: Place, asked: Thing) -> Thing:
    family, name = asked["CacheParameterGroupFamily"], asked["CacheParameterGroupName"].lower()
    if family not in FAMILIES:
        raise Refusal(INVALID, f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
    return {"CacheParameterGroupName": name, "ARN": place.arn(f"parametergroup:{name}"), "Parameters": {}}


def _parameters_kept(place: Place, thing: Thing) -> None:
    name = thing["CacheParameterGroupName"]
    if in_use(place, "CacheParameterGroupName", name):
        message = f"One or more cache clusters are still members of this parameter group {name}."
        raise Refusal("InvalidCacheParameterGroupState", message)


def _named(place: Place, asked: Thing) -> Thing:
    """The group whose parameters a call changes, once the call itself is right."""
    given = asked.get("ParameterNameValues", [])
    if len(given) > AT_ONCE:
        raise Refusal(INVALID, f"{len(given)} parameters; at most {AT_ONCE} are changed in a call")
    for name in (one["ParameterName"] for one in given if one["ParameterName"] not in MODIFIABLE):
        raise Refusal(INVALID, f"Parameter {name} doesn't exist")
    return PARAMETERS.find(place, asked)


def _modify(place: Place, asked: Thing) -> Thing:
    group = _named(place, asked)
    for name, value in ((one["ParameterName"], one["ParameterValue"]) for one in asked["ParameterNameValues"]):
        allowed = MODIFIABLE[name]
        if allowed and value not in allowed:
            raise Refusal(INVALID, f"The parameter value for {name} is not valid: {value}; {', '.join(allowed)} are.")
        group["Parameters"][name] = value
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def _reset(place: Place, asked: Thing) -> Thing:
    group = _named(place, asked)
    for one in asked["ParameterNameValues"]:
        group["Parameters"].pop(one["ParameterName"], None)
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def _parameters(place: Place, asked: Thing) -> Thing:
    """Those that somebody has set; what the family sets is not recorded."""
    found = PARAMETERS.find(place, asked)["Parameters"].items()
    return {"Parameters": [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in found]}


SUBNETS = Family(
    kind=SUBNET_GROUPS,
    key=("CacheSubnetGroupName",),
    create="CreateCacheSubnetGroup",
    update="ModifyCacheSubnetGroup",
    delete="DeleteCacheSubnetGroup",
    wrapped="CacheSubnetGroup",
    exists="CacheSubnetGroupAlreadyExists",
    missing="CacheSubnetGroupNotFoundFault",
    made=_subnets_made,
    changed=_subnets_changed,
    deletes=_subnets_kept,
)
PARAMETERS = Family(
    kind=PARAMETER_GROUPS,
    key=("CacheParameterGroupName",),
    create="CreateCacheParameterGroup",
    delete="DeleteCacheParameterGroup",
    wrapped="CacheParameterGroup",
    exists="CacheParameterGroupAlreadyExists",
    missing="CacheParameterGroupNotFound",
    made=_parameters_made,
    deletes=_parameters_kept,
)
ANSWERS: Answers = {
    **SUBNETS.answers(),
    **PARAMETERS.answers(),
    "DescribeCacheSubnetGroups": described(SUBNETS, "CacheSubnetGroups"),
    "DescribeCacheParameterGroups": described(PARAMETERS, "CacheParameterGroups"),
    "DescribeCacheParameters": _parameters,
    "ModifyCacheParameterGroup": _modify,
    "ResetCacheParameterGroup": _reset,
}
