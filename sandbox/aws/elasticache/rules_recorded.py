"""ElastiCache: what a replication group must be, and what it leans on must be there. moto asks for none of it."""

import re
from collections.abc import Callable, Iterator

from sandbox.aws.elasticache.common_recorded import COMBINATION, INVALID, USER_GROUPS
from sandbox.aws.elasticache.groups_recorded import PARAMETERS, SUBNETS
from sandbox.aws.record import Place, Refusal, Thing

Rule = Callable[[Place, Thing], None]
NODE_TYPE = re.compile(r"cache\.([trmc]\d[a-z]*)\.(micro|small|medium|large|\d*xlarge)")
DURABLE = re.compile(r"cache\.([rm][678]g|c[78]gn)\.")
"""Families of nodes (ElastiCache guide, "Durability", "Limitations")."""
MAX_REPLICAS = 5


def check(place: Place, group: Thing) -> None:
    """Refuse what AWS refuses of a replication group, new or changed."""
    for rule in RULES:
        rule(place, group)


def _nodes(place: Place, group: Thing) -> None:
    if not NODE_TYPE.fullmatch(group["CacheNodeType"]):
        raise Refusal(INVALID, f"The node type {group['CacheNodeType']} is not supported.")
    replicas, clustered = group["ReplicasPerNodeGroup"], group["ClusterMode"] == "enabled"
    if replicas > MAX_REPLICAS:
        raise Refusal(INVALID, f"A node group has at most {MAX_REPLICAS} replicas.")
    if not clustered and group["NumNodeGroups"] > 1:
        raise Refusal(COMBINATION, "Several node groups need cluster mode.")
    if clustered and not group["AutomaticFailoverEnabled"]:
        raise Refusal(COMBINATION, "Redis with cluster mode enabled cannot be created with auto failover turned off.")
    if group["AutomaticFailoverEnabled"] and not clustered and not replicas:
        raise Refusal(COMBINATION, "Replication group with one node cannot have automatic failover enabled.")
    if group["MultiAZEnabled"] and not (replicas and group["AutomaticFailoverEnabled"]):
        raise Refusal(COMBINATION, "Multi-AZ needs automatic failover and a replica in each node group.")


def _parameter_group(place: Place, group: Thing) -> None:
    name = group.get("CacheParameterGroupName")
    if not name:
        return
    parameters = PARAMETERS.find(place, {"CacheParameterGroupName": name})
    engine, version = group["Engine"], group["EngineVersion"].split(".")[0]
    wanted, family = f"{engine}{version}", parameters["CacheParameterGroupFamily"].removesuffix(".x")
    if family != wanted:
        message = f"Expected a parameter group of family {wanted} but found one of family {family}."
        raise Refusal(COMBINATION, message)
    enabled = parameters["Parameters"].get("cluster-enabled", "no") == "yes"
    if enabled is not (group["ClusterMode"] == "enabled"):
        message = f"Cluster mode {group['ClusterMode']} does not go with cluster-enabled in the parameter group {name}."
        raise Refusal(COMBINATION, message)


def _network(place: Place, group: Thing) -> None:
    subnets = SUBNETS.find(place, group) if "CacheSubnetGroupName" in group else {"VpcId": None}
    ec2 = place.of("ec2")
    for it in group.get("SecurityGroupIds", []):
        found = ec2.get_security_group_from_id(it)
        if found is None or found.vpc_id != subnets["VpcId"]:
            raise Refusal(INVALID, f"The security group {it} is not in the VPC of the subnet group.")


def _encryption(place: Place, group: Thing) -> None:
    if arn := group.get("KmsKeyId"):
        keys = {key.arn: key for key in place.of("kms").keys.values()}
        if arn not in keys or keys[arn].key_state != "Enabled":
            raise Refusal(INVALID, f"The KMS key {arn} does not exist, is not enabled or you do not have permission.")
        if not group["AtRestEncryptionEnabled"]:
            raise Refusal(COMBINATION, "A KMS key needs encryption at rest.")
    if "TransitEncryptionMode" in group and not group["TransitEncryptionEnabled"]:
        raise Refusal(COMBINATION, "A mode of encryption in transit needs encryption in transit.")


def _users(place: Place, group: Thing) -> None:
    for it in group["UserGroupIds"]:
        users = place.shelf(USER_GROUPS).get((it,))
        if users is None:
            raise Refusal("UserGroupNotFound", f"User group {it} not found.")
        if not group["TransitEncryptionEnabled"]:
            raise Refusal(COMBINATION, "User group based access control needs encryption in transit.")
        if users["Engine"] == "valkey" and group["Engine"] == "redis":
            raise Refusal(COMBINATION, "A Redis OSS replication group takes user groups of the engine redis only.")


def _durability(place: Place, group: Thing) -> None:
    if group["Durability"] not in ("sync", "async"):
        return
    wanted = {
        "Valkey 9.0 or later": group["Engine"] == "valkey" and int(group["EngineVersion"].split(".")[0]) >= 9,  # noqa: PLR2004
        "cluster mode": group["ClusterMode"] == "enabled",
        "Multi-AZ with a replica in each node group": group["MultiAZEnabled"],
        "encryption in transit": group["TransitEncryptionEnabled"],
        "encryption at rest": group["AtRestEncryptionEnabled"],
        "a node type of the families R6g to R8g, M6g to M8g, C7gn, C8gn": DURABLE.match(group["CacheNodeType"]),
    }
    for what in (what for what, given in wanted.items() if not given):
        raise Refusal(COMBINATION, f"Durability needs {what}.")


def _logs(place: Place, group: Thing) -> None:
    for one in group["LogDeliveryConfigurations"]:
        name = one["DestinationDetails"].get("CloudWatchLogsDetails", {}).get("LogGroup")
        if name and name not in place.of("logs").groups:
            raise Refusal(INVALID, f"The CloudWatch Logs log group {name} does not exist.")


def _windows(place: Place, group: Thing) -> None:
    snapshot, maintenance = group.get("SnapshotWindow"), group.get("PreferredMaintenanceWindow")
    if not (snapshot and maintenance and group["SnapshotRetentionLimit"]):
        return
    begin, end = maintenance.split("-")
    if _minutes(f"{begin[4:]}-{end[4:]}") & _minutes(snapshot):
        raise Refusal(INVALID, "The snapshot window and maintenance window must not overlap.")


def _minutes(window: str) -> set[int]:
    """Of a day, those that a window such as 21:00-22:00 covers."""
    begin, end = (int(hour) * 60 + int(minute) for hour, minute in _times(window))
    return {minute % 1440 for minute in range(begin, end if end > begin else end + 1440)}


def _times(window: str) -> Iterator[tuple[str, str]]:
    for time in window.split("-"):
        hour, _, minute = time.partition(":")
        yield hour, minute


RULES: tuple[Rule, ...] = (
    *(_nodes, _network, _parameter_group, _encryption),
    *(_users, _durability, _logs, _windows),
)
