"""ElastiCache: replication groups, in cluster mode or with one shard."""

from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.elasticache.groups import tagging
from sandbox.aws.elasticache.replication_group_inputs import GROUP
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, receive, send, tag_list, tag_map
from sandbox.providers.properties import Props

GONE = ("ReplicationGroupNotFoundFault",)
RENAMED = {
    "CacheNodeType": "nodeType",
    "CacheParameterGroupName": "parameterGroupName",
    "MultiAZEnabled": "multiAzEnabled",
    "PreferredMaintenanceWindow": "maintenanceWindow",
    "ReplicationGroupDescription": "description",
}
CHANGED_AT_ONCE = names(
    "autoMinorVersionUpgrade automaticFailoverEnabled clusterMode engine engineVersion snapshotRetentionLimit",
    "snapshotWindow securityGroupIds transitEncryptionEnabled transitEncryptionMode",
)
SENT = CHANGED_AT_ONCE | names(
    "atRestEncryptionEnabled durability kmsKeyId numNodeGroups port replicasPerNodeGroup replicationGroupId",
    "userGroupIds",
)


def _create(aws: Region, props: Props) -> str:
    parameters = send(props, *SENT, **RENAMED, CacheSubnetGroupName="subnetGroupName")
    logs = {"LogDeliveryConfigurations": [_delivery(one) for one in props.get("logDeliveryConfigurations") or ()]}
    tags = tag_list(props.get("tagsAll"))
    group = aws.call("elasticache", "CreateReplicationGroup", **parameters, **logs, Tags=tags)
    return group["ReplicationGroup"]["ReplicationGroupId"]


def _delivery(one: Props) -> dict[str, Any]:
    kind, member = (
        ("CloudWatchLogsDetails", "LogGroup")
        if one["destinationType"] == "cloudwatch-logs"
        else ("KinesisFirehoseDetails", "DeliveryStream")
    )
    details = {kind: {member: one["destination"]}}
    return {"DestinationDetails": details, "Enabled": True, **send(one, "destinationType", "logFormat", "logType")}


def _delivered(one: dict[str, Any]) -> Props:
    (details,) = one["DestinationDetails"].values()
    (destination,) = details.values()
    return {**receive(one, "DestinationType", "LogFormat", "LogType"), "destination": destination}


def _find(aws: Region, it: str) -> Any:
    return aws.find("elasticache", "DescribeReplicationGroups", "ReplicationGroups[0]", GONE, ReplicationGroupId=it)


def _read(aws: Region, it: str, state: Props) -> Props | None:
    """Part of it is known of the nodes alone."""
    group = _find(aws, it)
    if group is None:
        return None
    members: list[str] = group["MemberClusters"]
    node = aws.find("elasticache", "DescribeCacheClusters", "CacheClusters[0]", CacheClusterId=members[0])
    found = receive(
        group,
        *("ReplicationGroupId", "Description", "KmsKeyId", "SnapshotRetentionLimit", "SnapshotWindow", "UserGroupIds"),
        *("AutoMinorVersionUpgrade", "ClusterEnabled", "ClusterMode", "Durability", "Engine"),
        arn="ARN",
    )
    found |= receive(
        node,
        *("AtRestEncryptionEnabled", "TransitEncryptionEnabled", "TransitEncryptionMode"),
        nodeType="CacheNodeType",
        maintenanceWindow="PreferredMaintenanceWindow",
        subnetGroupName="CacheSubnetGroupName",
        engineVersionActual="EngineVersion",
    )
    tags = aws.call("elasticache", "ListTagsForResource", ResourceName=group["ARN"])["TagList"]
    return {
        **found,
        **_shape(group),
        "automaticFailoverEnabled": group["AutomaticFailover"] == "enabled",
        "multiAzEnabled": group["MultiAZ"] == "enabled",
        "engineVersion": ".".join(node["EngineVersion"].split(".")[:2]),
        "parameterGroupName": node["CacheParameterGroup"]["CacheParameterGroupName"],
        "securityGroupIds": [one["SecurityGroupId"] for one in node["SecurityGroups"]],
        "logDeliveryConfigurations": [_delivered(one) for one in group["LogDeliveryConfigurations"]],
        "memberClusters": members,
        "tags": tag_map(tags),
    }


def _shape(group: dict[str, Any]) -> Props:
    """Its shards, and where it is reached."""
    first, configuration = group["NodeGroups"][0], group.get("ConfigurationEndpoint")
    sizes = {"numNodeGroups": len(group["NodeGroups"]), "replicasPerNodeGroup": len(first["NodeGroupMembers"]) - 1}
    if configuration:
        return {**sizes, "port": configuration["Port"], "configurationEndpointAddress": configuration["Address"]}
    ends = {"primaryEndpointAddress": "PrimaryEndpoint", "readerEndpointAddress": "ReaderEndpoint"}
    addresses = {name: first[end]["Address"] for name, end in ends.items()}
    return {**sizes, "port": first["PrimaryEndpoint"]["Port"], **addresses}


def _modify(aws: Region, it: str, props: Props) -> None:
    group = _find(aws, it)
    users: set[str] = set(props.get("userGroupIds") or ())
    deliveries: list[Props] = props.get("logDeliveryConfigurations") or []
    before, kinds = set(group["UserGroupIds"]), {one["logType"] for one in deliveries}
    moved = {"UserGroupIdsToAdd": sorted(users - before), "UserGroupIdsToRemove": sorted(before - users)}
    ended = [
        {"LogType": one["LogType"], "Enabled": False}
        for one in group["LogDeliveryConfigurations"]
        if one["LogType"] not in kinds
    ]
    aws.call(
        "elasticache",
        "ModifyReplicationGroup",
        ReplicationGroupId=it,
        ApplyImmediately=props.get("applyImmediately", False),
        LogDeliveryConfigurations=[*map(_delivery, deliveries), *ended],
        **{name: ids for name, ids in moved.items() if ids},
        **send(props, *CHANGED_AT_ONCE, **RENAMED),
    )


def _reshard(aws: Region, it: str, props: Props) -> None:
    now, wanted = len(_find(aws, it)["NodeGroups"]), props["numNodeGroups"]
    removed = {"NodeGroupsToRemove": [f"{number:04}" for number in range(wanted + 1, now + 1)]} if wanted < now else {}
    call = "ModifyReplicationGroupShardConfiguration"
    aws.call("elasticache", call, ReplicationGroupId=it, NodeGroupCount=wanted, ApplyImmediately=True, **removed)


def _rescale(aws: Region, it: str, props: Props) -> None:
    now, wanted = len(_find(aws, it)["NodeGroups"][0]["NodeGroupMembers"]) - 1, props["replicasPerNodeGroup"]
    call = "IncreaseReplicaCount" if wanted > now else "DecreaseReplicaCount"
    aws.call("elasticache", call, ReplicationGroupId=it, NewReplicaCount=wanted, ApplyImmediately=True)


def _delete(aws: Region, it: str, state: Props) -> None:
    last = send(state, FinalSnapshotIdentifier="finalSnapshotIdentifier")
    aws.call("elasticache", "DeleteReplicationGroup", ReplicationGroupId=it, **last)


TYPES = (
    AwsType(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        constraints=GROUP,
        create=_create,
        sent=SENT | frozenset({*RENAMED.values(), "logDeliveryConfigurations", "subnetGroupName"}),
        unread=names("applyImmediately finalSnapshotIdentifier"),
        as_made={
            "atRestEncryptionEnabled": False,
            "autoMinorVersionUpgrade": True,
            "clusterMode": "disabled",
            "durability": "default",
            "engine": "redis",
            "numNodeGroups": 1,
            "port": 6379,
            "replicasPerNodeGroup": 0,
            "snapshotRetentionLimit": 0,
            "transitEncryptionEnabled": False,
        },
        read=_read,
        delete=_delete,
        settings=(
            Setting(inputs=("numNodeGroups",), apply=_reshard),
            Setting(inputs=("replicasPerNodeGroup",), apply=_rescale),
            Setting(
                inputs=tuple(
                    sorted(CHANGED_AT_ONCE | {*RENAMED.values(), "logDeliveryConfigurations", "userGroupIds"})
                ),
                apply=_modify,
            ),
        ),
        follows={"memberClusters": names("numNodeGroups replicasPerNodeGroup")},
        tagging=tagging("replicationgroup"),
        census=Census(
            service="elasticache",
            operation="DescribeReplicationGroups",
            path="ReplicationGroups[].ReplicationGroupId",
        ),
        auto_name=AutoName(max_length=40, field="replicationGroupId"),
    ),
)
