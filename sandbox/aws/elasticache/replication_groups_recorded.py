"""ElastiCache: replication groups and their nodes, and the snapshot that a deletion may leave."""

import re
from typing import Any

from sandbox.aws.eks.common_recorded import unique
from sandbox.aws.elasticache.common_recorded import (
    REPLICATION_GROUPS,
    SNAPSHOTS,
    described,
    zone_of,
)
from sandbox.aws.elasticache.groups_recorded import SUBNETS
from sandbox.aws.elasticache.rules_recorded import check
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

SLOTS = 16_384
NUMBERS = ("NumNodeGroups", "ReplicasPerNodeGroup", "Port", "SnapshotRetentionLimit")
FLAGS = (
    *("AutomaticFailoverEnabled", "MultiAZEnabled", "AutoMinorVersionUpgrade"),
    *("TransitEncryptionEnabled", "AtRestEncryptionEnabled"),
)
UNASKED: Thing = {
    "NumNodeGroups": 1,
    "ReplicasPerNodeGroup": 0,
    "Port": 6379,
    "SnapshotRetentionLimit": 0,
    "AutomaticFailoverEnabled": False,
    "MultiAZEnabled": False,
    "AutoMinorVersionUpgrade": True,
    "TransitEncryptionEnabled": False,
    "ClusterMode": "disabled",
    "Durability": "default",
    "UserGroupIds": [],
    "LogDeliveryConfigurations": [],
    "SnapshotWindow": "00:00-01:00",
    "PreferredMaintenanceWindow": "sun:23:00-mon:01:30",
}


def _typed(asked: Thing) -> Thing:
    """What came as text, as numbers and switches."""
    numbers = {name: int(asked[name]) for name in NUMBERS if name in asked}
    return {**asked, **numbers, **{name: str(asked[name]).lower() == "true" for name in FLAGS if name in asked}}


def _made(place: Place, asked: Thing) -> Thing:
    it = asked["ReplicationGroupId"].lower()
    engine = asked.get("Engine", "redis")
    unasked = {**UNASKED, "AtRestEncryptionEnabled": engine == "valkey", "Engine": engine}
    given = {**unasked, **_typed(asked)}
    group = {
        **given,
        "ReplicationGroupId": it,
        "Description": asked["ReplicationGroupDescription"],
        "EngineVersion": _full(asked.get("EngineVersion", "7.1")),
        "LogDeliveryConfigurations": _logs([], given["LogDeliveryConfigurations"]),
        "ARN": place.arn(f"replicationgroup:{it}"),
        "Status": "available",
        "ReplicationGroupCreateTime": now(),
        "Domain": f"{unique(6)}.{_short(place.region)}.cache.amazonaws.com",
    }
    check(place, group)
    return _described(place, group)


def _full(version: str) -> str:
    """As AWS tells it: with a patch level."""
    return version if version.count(".") > 1 else f"{version}.0"


def _short(region: str) -> str:
    """``ap-southeast-1`` in an endpoint: ``apse1``."""
    area, direction, number = region.split("-")
    return area + "".join(word[0] for word in re.findall("north|south|east|west|central", direction)) + number


def _logs(before: list[Thing], asked: list[Thing]) -> list[Thing]:
    """One delivery for each kind of log; one that is no longer enabled goes."""
    kept = {one["LogType"]: one for one in before}
    for one in asked:
        kept[one["LogType"]] = one
    enabled = (one for one in kept.values() if str(one.get("Enabled", True)).lower() == "true")
    return [{**one, "Status": "active"} for one in enabled]


def _described(place: Place, group: Thing) -> Thing:
    """The group with its nodes, and with the switches as a description spells them."""
    clustered = group["ClusterMode"] == "enabled"
    groups = [_node_group(place, group, number) for number in range(1, group["NumNodeGroups"] + 1)]
    members = [member["CacheClusterId"] for one in groups for member in one["NodeGroupMembers"]]
    endpoint = {"Address": f"clustercfg.{_host(group)}", "Port": group["Port"]}
    durable = group["Durability"] in ("sync", "async")
    return {
        **group,
        "NodeGroups": groups,
        "MemberClusters": members,
        "Subnets": [it for it, zone in _homes(place, group) if zone in _zones(groups)],
        "ClusterEnabled": clustered,
        "ConfigurationEndpoint": endpoint if clustered else None,
        "AutomaticFailover": "enabled" if group["AutomaticFailoverEnabled"] else "disabled",
        "MultiAZ": "enabled" if group["MultiAZEnabled"] else "disabled",
        "EffectiveDurability": group["Durability"] if durable else "disabled",
        "AuthTokenEnabled": False,
    }


def _host(group: Thing) -> str:
    return f"{group['ReplicationGroupId']}.{group['Domain']}"


def _homes(place: Place, group: Thing) -> list[tuple[str, str]]:
    """Subnets of the group's subnet group, each with its zone, in the order of the zones."""
    subnets: list[Thing] = SUBNETS.find(place, group)["Subnets"] if "CacheSubnetGroupName" in group else []
    homes = [(one["SubnetIdentifier"], zone_of(place, one["SubnetIdentifier"])) for one in subnets]
    return sorted(homes, key=lambda home: home[1])


def _zones(groups: list[Thing]) -> set[str]:
    return {member["PreferredAvailabilityZone"] for one in groups for member in one["NodeGroupMembers"]}


def _node_group(place: Place, group: Thing, number: int) -> Thing:
    """A shard: its primary and replicas in one zone after the other."""
    zones = [zone for _, zone in _homes(place, group)] or [f"{place.region}a"]
    clustered = group["ClusterMode"] == "enabled"
    start = f"{group['ReplicationGroupId']}-{f'{number:04}-' if clustered else ''}"
    members = [
        {
            "CacheClusterId": f"{start}{member + 1:03}",
            "CacheNodeId": "0001",
            "PreferredAvailabilityZone": zones[(number - 1 + member) % len(zones)],
        }
        for member in range(group["ReplicasPerNodeGroup"] + 1)
    ]
    first, end = ((SLOTS * edge) // group["NumNodeGroups"] for edge in (number - 1, number))
    where: Thing = {"Slots": f"{first}-{end - 1}"} if clustered else _endpoints(group)
    return {"NodeGroupId": f"{number:04}", "Status": "available", "NodeGroupMembers": members, **where}


def _endpoints(group: Thing) -> Thing:
    hosts = {"PrimaryEndpoint": "master", "ReaderEndpoint": "replica"}
    return {name: {"Address": f"{host}.{_host(group)}", "Port": group["Port"]} for name, host in hosts.items()}


def _changed(place: Place, asked: Thing) -> Thing:
    group = GROUPS.find(place, asked)
    together = {**group, **_typed(asked)}
    gone: set[Any] = set(asked.get("UserGroupIdsToRemove", []))
    users = [it for it in group["UserGroupIds"] if it not in gone] + asked.get("UserGroupIdsToAdd", [])
    together |= {
        "Description": asked.get("ReplicationGroupDescription", group["Description"]),
        "EngineVersion": _full(together["EngineVersion"]),
        "UserGroupIds": users,
        "LogDeliveryConfigurations": _logs(
            group["LogDeliveryConfigurations"], asked.get("LogDeliveryConfigurations", [])
        ),
    }
    check(place, together)
    return _described(place, together)


def _resize(place: Place, asked: Thing) -> Thing:
    """Shards or replicas: in AWS calls of their own."""
    counts = {"NodeGroupCount": "NumNodeGroups", "NewReplicaCount": "ReplicasPerNodeGroup"}
    sizes = {name: asked[count] for count, name in counts.items() if count in asked}
    group = GROUPS.find(place, asked)
    if all(group[name] == int(size) for name, size in sizes.items()):
        raise Refusal("NoOperationFault", "The operation was not performed because no changes were required.")
    group |= _changed(place, {"ReplicationGroupId": group["ReplicationGroupId"], **sizes})
    return {"ReplicationGroup": group}


def _last_snapshot(place: Place, group: Thing) -> None:
    asked = group.pop("FinalSnapshotIdentifier", None)
    if asked is None:
        return
    shelf = place.shelf(SNAPSHOTS)
    if (asked,) in shelf:
        raise Refusal("SnapshotAlreadyExistsFault", f"Snapshot with specified name already exists: {asked}")
    shelf[(asked,)] = {
        **{name: group[name] for name in ("ReplicationGroupId", "CacheNodeType", "Engine", "EngineVersion")},
        "SnapshotName": asked,
        "SnapshotStatus": "available",
        "SnapshotSource": "manual",
        "KmsKeyId": group.get("KmsKeyId"),
    }


def _delete(place: Place, asked: Thing) -> Thing:
    group = GROUPS.find(place, asked)
    _last_snapshot(place, {**group, **asked})
    del place.shelf(REPLICATION_GROUPS)[(asked["ReplicationGroupId"],)]
    return {"ReplicationGroup": {**group, "Status": "deleting"}}


def _nodes(place: Place, asked: Thing) -> Thing:
    """Each node as the cache cluster that it is as well."""
    found = [_node(group, it) for group in place.shelf(REPLICATION_GROUPS).values() for it in group["MemberClusters"]]
    named = [node for node in found if node["CacheClusterId"] == asked.get("CacheClusterId", node["CacheClusterId"])]
    if "CacheClusterId" in asked and not named:
        raise Refusal("CacheClusterNotFound", f"CacheCluster {asked['CacheClusterId']} not found.")
    return {"CacheClusters": named}


def _node(group: Thing, it: str) -> Thing:
    same = (
        *("ReplicationGroupId", "CacheNodeType", "Engine", "EngineVersion", "PreferredMaintenanceWindow"),
        *("CacheSubnetGroupName", "AutoMinorVersionUpgrade", "SnapshotRetentionLimit", "SnapshotWindow"),
        *("TransitEncryptionEnabled", "TransitEncryptionMode", "AtRestEncryptionEnabled", "AuthTokenEnabled"),
    )
    name = group.get("CacheParameterGroupName", f"default.{group['Engine']}")
    return {
        **{member: group[member] for member in same if member in group},
        "CacheClusterId": it,
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "CacheParameterGroup": {"CacheParameterGroupName": name, "ParameterApplyStatus": "in-sync"},
        "SecurityGroups": [{"SecurityGroupId": one, "Status": "active"} for one in group.get("SecurityGroupIds", [])],
    }


def _snapshots(place: Place, asked: Thing) -> Thing:
    found = place.shelf(SNAPSHOTS).values()
    wanted = {name: asked[name] for name in ("SnapshotName", "ReplicationGroupId") if name in asked}
    return {"Snapshots": [one for one in found if wanted.items() <= one.items()]}


GROUPS = Family(
    kind=REPLICATION_GROUPS,
    key=("ReplicationGroupId",),
    create="CreateReplicationGroup",
    update="ModifyReplicationGroup",
    wrapped="ReplicationGroup",
    exists="ReplicationGroupAlreadyExists",
    missing="ReplicationGroupNotFoundFault",
    made=_made,
    changed=_changed,
)
ANSWERS: Answers = {
    **GROUPS.answers(),
    "DeleteReplicationGroup": _delete,
    "DescribeReplicationGroups": described(GROUPS, "ReplicationGroups"),
    "DescribeCacheClusters": _nodes,
    "DescribeSnapshots": _snapshots,
    "ModifyReplicationGroupShardConfiguration": _resize,
    "IncreaseReplicaCount": _resize,
    "DecreaseReplicaCount": _resize,
}
