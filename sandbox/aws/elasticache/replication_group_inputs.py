"""ElastiCache: what the provider makes of a replication group before AWS is asked."""

import re
from typing import Any

from sandbox.aws.checks import arn, matches, names
from sandbox.providers.constraints import Constraints, Inputs

NAME = re.compile(r"(?!.*--)[A-Za-z][0-9A-Za-z-]*(?<!-)")
VERSION = re.compile(r"[1-5](\.\d+){2}|6\.x|[6-9]\.\d+")
TIME = r"([01]\d|2[0-3]):[0-5]\d"
DAY = r"(?i:sun|mon|tue|wed|thu|fri|sat)"
DAILY, WEEKLY = re.compile(f"{TIME}-{TIME}"), re.compile(f"{DAY}:{TIME}-{DAY}:{TIME}")
NODES_FOR_FAILOVER = 2
MAX_LOGS = 2
OF_A_GLOBAL_GROUP = names(
    "atRestEncryptionEnabled engine engineVersion nodeType numNodeGroups parameterGroupName securityGroupNames",
    "snapshotArns snapshotName transitEncryptionEnabled transitEncryptionMode",
)
"""What a member of a global replication group has from it."""


def _failover(inputs: Inputs) -> str | None:
    if inputs.get("multiAzEnabled") and not inputs.get("automaticFailoverEnabled"):
        return "automatic_failover_enabled must be true if multi_az_enabled is true"
    if inputs.get("automaticFailoverEnabled") and inputs.get("numCacheClusters", 2) < NODES_FOR_FAILOVER:
        return '"num_cache_clusters": must be at least 2 if automatic_failover_enabled is true'
    return None


def _strategy(inputs: Inputs) -> str | None:
    strategy, token = inputs.get("authTokenUpdateStrategy"), inputs.get("authToken", inputs.get("authTokenWo"))
    if strategy == "DELETE" and token:
        return '"auth_token" must not be specified when "auth_token_update_strategy" is "DELETE"'
    if strategy and strategy != "DELETE" and not token:
        return '"auth_token_update_strategy": "auth_token" must be specified'
    return None


def _two_logs(inputs: Inputs) -> str | None:
    given: list[Any] = inputs.get("logDeliveryConfigurations") or []
    return (
        f"Too many log_delivery_configuration blocks: at most {MAX_LOGS} are allowed" if len(given) > MAX_LOGS else None
    )


def _back(old: Inputs, new: Inputs) -> frozenset[str]:
    """An engine goes to no older version, and from Valkey to no Redis OSS."""
    before, after = (_numbers(one.get("engineVersion")) for one in (old, new))
    older = {"engineVersion"} if before and after and after < before else set[str]()
    other = {"engine"} if (old.get("engine"), new.get("engine")) == ("valkey", "redis") else set[str]()
    return frozenset(older | other)


def _numbers(version: Any) -> tuple[float, ...]:
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        return ()
    return tuple(float("inf") if part == "x" else int(part) for part in version.split("."))


GROUP = Constraints(
    source="internal/service/elasticache/replication_group.go",
    inputs=OF_A_GLOBAL_GROUP
    | names(
        "applyImmediately authToken authTokenUpdateStrategy authTokenWo authTokenWoVersion autoMinorVersionUpgrade",
        "automaticFailoverEnabled clusterMode dataTieringEnabled description durability finalSnapshotIdentifier",
        "globalReplicationGroupId ipDiscovery kmsKeyId logDeliveryConfigurations maintenanceWindow multiAzEnabled",
        "networkType nodeGroupConfigurations notificationTopicArn numCacheClusters port preferredCacheClusterAzs",
        "region replicasPerNodeGroup replicationGroupId securityGroupIds snapshotRetentionLimit snapshotWindow",
        "subnetGroupName tags userGroupIds",
    ),
    required=("description",),
    # AWS has switched durability on and off in place since October 2026; the provider still makes anew.
    replaces=names(
        "atRestEncryptionEnabled dataTieringEnabled durability globalReplicationGroupId kmsKeyId networkType",
        "nodeGroupConfigurations port region replicationGroupId securityGroupNames snapshotArns snapshotName",
        "subnetGroupName",
    ),
    conflicts=(
        *(("authToken", "userGroupIds"), ("authToken", "authTokenWo")),
        *(("numCacheClusters", "numNodeGroups"), ("numCacheClusters", "replicasPerNodeGroup")),
        ("nodeGroupConfigurations", "preferredCacheClusterAzs"),
        *(("globalReplicationGroupId", name) for name in sorted(OF_A_GLOBAL_GROUP)),
    ),
    values={
        "authTokenUpdateStrategy": ("SET", "ROTATE", "DELETE"),
        "clusterMode": ("enabled", "disabled", "compatible"),
        "durability": ("default", "async", "sync", "disabled"),
        "engine": ("redis", "valkey"),
        "ipDiscovery": ("ipv4", "ipv6"),
        "logDeliveryConfigurations.destinationType": ("cloudwatch-logs", "kinesis-firehose"),
        "logDeliveryConfigurations.logFormat": ("text", "json"),
        "logDeliveryConfigurations.logType": ("slow-log", "engine-log"),
        "networkType": ("ipv4", "ipv6", "dual_stack"),
        "transitEncryptionMode": ("preferred", "required"),
    },
    ranges={"replicasPerNodeGroup": (0, 500), "replicationGroupId": (1, 40), "snapshotRetentionLimit": (0, 35)},
    defaults={"automaticFailoverEnabled": False, "multiAzEnabled": False},
    computed=names(
        "applyImmediately atRestEncryptionEnabled autoMinorVersionUpgrade clusterMode dataTieringEnabled durability",
        "engine engineVersion globalReplicationGroupId ipDiscovery maintenanceWindow networkType",
        "nodeGroupConfigurations nodeType numCacheClusters numNodeGroups parameterGroupName replicasPerNodeGroup",
        "securityGroupIds securityGroupNames snapshotWindow subnetGroupName transitEncryptionEnabled",
        "transitEncryptionMode",
    ),
    sets=names("logDeliveryConfigurations securityGroupIds securityGroupNames snapshotArns userGroupIds"),
    checks=(
        matches("replicationGroupId", NAME, "letters, digits and single hyphens, a letter first and no hyphen last"),
        matches("engineVersion", VERSION, "<major>.<minor>, or <major>.<minor>.<patch> below 6"),
        matches("maintenanceWindow", WEEKLY, 'must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi"'),
        matches("snapshotWindow", DAILY, 'must satisfy the format of "hh24:mi-hh24:mi"'),
        arn("notificationTopicArn"),
        *(_failover, _strategy, _two_logs),
    ),
    replaces_when=_back,
    delete_before_replace=True,
)
