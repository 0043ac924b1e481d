"""One case or more for each resource type of ElastiCache."""

from typing import Any

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

PASSWORD = {"type": "password", "passwords": ["a-password-of-twenty"]}
WEEKLY = "mon:22:00-mon:23:00"


def parameters(**values: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def delivery(group: str, log: str = "slow-log") -> dict[str, str]:
    return {"destination": group, "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": log}


def set_by_hand(w: World, it: str) -> None:
    value = {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}
    w.client("elasticache").modify_cache_parameter_group(CacheParameterGroupName=it, ParameterNameValues=[value])


def keep_less(w: World, it: str) -> None:
    w.client("elasticache").modify_replication_group(ReplicationGroupId=it, SnapshotRetentionLimit=1)


def durable(w: World) -> dict[str, Any]:
    """As much of a replication group as durability wants."""
    return {
        "replicationGroupId": "shop",
        "description": "sessions",
        "engine": "valkey",
        "engineVersion": "9.0",
        "nodeType": "cache.m7g.large",
        "clusterMode": "enabled",
        "numNodeGroups": 1,
        "replicasPerNodeGroup": 1,
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "durability": "async",
        "parameterGroupName": w.cache_parameters,
        "subnetGroupName": w.cache_subnets,
        "securityGroupIds": [w.group],
        "atRestEncryptionEnabled": True,
        "kmsKeyId": w.key_arn,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "userGroupIds": [w.cache_users],
    }


ELASTICACHE = [
    Case(
        type="aws:elasticache/subnetGroup:SubnetGroup",
        inputs=lambda w: {"name": "redis", "subnetIds": [w.subnet, w.far_subnet], "tags": TAGS},
        changes={"description": lambda _: "caches", "subnetIds": lambda w: [w.far_subnet, w.other_subnet]},
        outside=lambda w, it: w.client("elasticache").modify_cache_subnet_group(
            CacheSubnetGroupName=it, CacheSubnetGroupDescription="by hand"
        ),
        shows="description",
    ),
    Case(
        type="aws:elasticache/parameterGroup:ParameterGroup",
        inputs=lambda _: {
            "name": "redis",
            "family": "valkey9",
            "description": "shop",
            "parameters": parameters(cluster_enabled="yes", maxmemory_policy="volatile-ttl", timeout="300"),
            "tags": TAGS,
        },
        changes={"parameters": lambda _: parameters(cluster_enabled="yes", maxmemory_policy="volatile-lru")},
        outside=set_by_hand,
        shows="parameters",
    ),
    Case(
        type="aws:elasticache/user:User",
        inputs=lambda _: {
            "accessString": "on ~cart:* -@all +get",
            "authenticationMode": PASSWORD,
            "engine": "valkey",
            "userId": "shop",
            "userName": "backend",
            "tags": TAGS,
        },
        changes={
            "accessString": lambda _: "on ~cart:* -@all +get +set",
            "authenticationMode": lambda _: {"type": "password", "passwords": ["another-password-of-22"]},
            "engine": lambda _: "redis",
        },
        outside=lambda w, it: w.client("elasticache").modify_user(UserId=it, AccessString="on ~* +@all"),
        shows="accessString",
    ),
    Case(
        type="aws:elasticache/user:User",
        also="passwords",
        inputs=lambda _: {
            "accessString": "on ~* +@all",
            "engine": "redis",
            "passwords": ["a-password-of-twenty"],
            "userId": "shop",
            "userName": "backend",
        },
        changes={"noPasswordRequired": lambda _: True, "passwords": lambda _: None},
    ),
    Case(
        type="aws:elasticache/userGroup:UserGroup",
        inputs=lambda w: {"engine": "valkey", "userGroupId": "shop", "userIds": [w.cache_user], "tags": TAGS},
        changes={"engine": lambda _: "redis", "userIds": lambda w: [w.cache_user, w.default_cache_user]},
        outside=lambda w, it: w.client("elasticache").modify_user_group(
            UserGroupId=it, UserIdsToAdd=[w.default_cache_user]
        ),
        shows="userIds",
    ),
    Case(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        inputs=lambda w: {
            **durable(w),
            "applyImmediately": True,
            "autoMinorVersionUpgrade": False,
            "logDeliveryConfigurations": [delivery(w.cache_logs), delivery(w.cache_logs, "engine-log")],
            "maintenanceWindow": "sun:20:00-sun:21:00",
            "port": 6380,
            "snapshotRetentionLimit": 7,
            "snapshotWindow": "21:00-22:00",
            "tags": TAGS,
        },
        changes={
            "applyImmediately": lambda _: False,
            "autoMinorVersionUpgrade": lambda _: True,
            "automaticFailoverEnabled": lambda _: True,
            "clusterMode": lambda _: "enabled",
            "description": lambda _: "sessions and carts",
            "engine": lambda _: "valkey",
            "engineVersion": lambda _: "9.1",
            "finalSnapshotIdentifier": lambda _: "shop-last",
            "logDeliveryConfigurations": lambda w: [delivery(w.cache_logs, "engine-log")],
            "maintenanceWindow": lambda _: WEEKLY,
            "multiAzEnabled": lambda _: True,
            "nodeType": lambda _: "cache.m7g.xlarge",
            "numNodeGroups": lambda _: 2,
            "parameterGroupName": lambda w: w.other_cache_parameters,
            "replicasPerNodeGroup": lambda _: 2,
            "securityGroupIds": lambda w: [w.other_group],
            "snapshotRetentionLimit": lambda _: 14,
            "snapshotWindow": lambda _: "20:00-21:00",
            "transitEncryptionEnabled": lambda _: True,
            "transitEncryptionMode": lambda _: "preferred",
            "userGroupIds": lambda w: [w.other_cache_users],
        },
        outside=keep_less,
        shows="snapshotRetentionLimit",
    ),
    Case(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        also="one node",
        inputs=lambda _: {"replicationGroupId": "small", "description": "one node", "nodeType": "cache.t4g.micro"},
    ),
]
