"""RDS: database instances and their read replicas."""

import re
from typing import Any

from sandbox.aws.checks import arn, matches, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, tags_by_arn
from sandbox.aws.shapes import answered, members, parameters, properties
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

IDENTIFIER = re.compile(r"(?!.*--)(?!.*-$)[a-z][0-9a-z-]*")
IDENTIFIER_RULE = "only lowercase alphanumeric characters and single inner hyphens, a letter first"
SNAPSHOT = re.compile(r"(?!.*--)(?!.*-$)[A-Za-z][0-9A-Za-z-]*")
SNAPSHOT_RULE = "only alphanumeric characters and single inner hyphens, a letter first"
EXPORTS = ("agent", "alert", "audit", "diag.log", "error", "general", "iam-db-auth-error", "listener")
MORE_EXPORTS = ("notify.log", "oemagent", "postgresql", "slowquery", "trace", "upgrade")


def _shrinks(name: str, old: Inputs, new: Inputs) -> bool:
    """Storage that has grown by itself stays."""
    if name != "allocatedStorage" or not {name, "maxAllocatedStorage"} <= new.keys():
        return False
    return old.get(name, 0) > new[name] < new["maxAllocatedStorage"]


INSTANCE = Constraints(
    source="internal/service/rds/instance.go",
    inputs=names(
        "allocatedStorage allowMajorVersionUpgrade applyImmediately autoMinorVersionUpgrade availabilityZone",
        "backupRetentionPeriod backupTarget backupWindow blueGreenUpdate caCertIdentifier characterSetName",
        "copyTagsToSnapshot customIamInstanceProfile customerOwnedIpEnabled databaseInsightsMode dbName",
        "dbSubnetGroupName dedicatedLogVolume deleteAutomatedBackups deletionProtection domain domainAuthSecretArn",
        "domainDnsIps domainFqdn domainIamRoleName domainOu enabledCloudwatchLogsExports engine",
        "engineLifecycleSupport engineVersion finalSnapshotIdentifier iamDatabaseAuthenticationEnabled identifier",
        "identifierPrefix instanceClass iops kmsKeyId licenseModel maintenanceWindow manageMasterUserPassword",
        "masterUserSecretKmsKeyId maxAllocatedStorage monitoringInterval monitoringRoleArn multiAz",
        "ncharCharacterSetName networkType optionGroupName parameterGroupName password passwordWo passwordWoVersion",
        "performanceInsightsEnabled performanceInsightsKmsKeyId performanceInsightsRetentionPeriod port",
        "publiclyAccessible region replicaMode replicateSourceDb restoreToPointInTime s3Import skipFinalSnapshot",
        "snapshotIdentifier storageEncrypted storageThroughput storageType tags timezone upgradeStorageConfig username",
        "vpcSecurityGroupIds warningEventCategories",
    ),
    required=("instanceClass",),
    replaces=names(
        "availabilityZone backupTarget characterSetName customIamInstanceProfile dbName engine identifier",
        "identifierPrefix kmsKeyId ncharCharacterSetName region restoreToPointInTime snapshotIdentifier",
        "storageEncrypted timezone username",
    ),
    conflicts=(
        ("identifier", "identifierPrefix"),
        *((one, "replicateSourceDb") for one in ("dbName", "engine", "username")),
        ("engineVersion", "replicateSourceDb"),
        ("manageMasterUserPassword", "password", "passwordWo"),
    ),
    together={"passwordWo": ("passwordWoVersion",)},
    values={
        "databaseInsightsMode": ("standard", "advanced"),
        "enabledCloudwatchLogsExports": EXPORTS + MORE_EXPORTS,
        "monitoringInterval": (0, 1, 5, 10, 15, 30, 60),
        "storageType": ("standard", "gp2", "gp3", "io1", "io2", "aurora", "aurora-iopt1"),
    },
    ranges={"backupRetentionPeriod": (0, 35)},
    defaults={
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": False,
        "deleteAutomatedBackups": True,
        "monitoringInterval": 0,
        "performanceInsightsEnabled": False,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
    },
    computed=names(
        "allocatedStorage applyImmediately availabilityZone backupRetentionPeriod backupWindow caCertIdentifier",
        "databaseInsightsMode dbName dbSubnetGroupName engine engineVersion identifier identifierPrefix iops kmsKeyId",
        "licenseModel maintenanceWindow monitoringRoleArn multiAz networkType optionGroupName parameterGroupName",
        "performanceInsightsKmsKeyId performanceInsightsRetentionPeriod port snapshotIdentifier storageThroughput",
        "storageType timezone username vpcSecurityGroupIds",
    ),
    sets=names("enabledCloudwatchLogsExports vpcSecurityGroupIds"),
    checks=(
        matches("identifier", IDENTIFIER, IDENTIFIER_RULE),
        matches("finalSnapshotIdentifier", SNAPSHOT, SNAPSHOT_RULE),
        arn("kmsKeyId"),
        arn("performanceInsightsKmsKeyId"),
    ),
    suppressed_when=_shrinks,
    delete_before_replace=True,
)
NAMED = {  # in the calls that make and change
    "backupWindow": "PreferredBackupWindow",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "parameterGroupName": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
    "username": "MasterUsername",
}
FOUND = {**NAMED, "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled"} | {
    "arn": "DBInstanceArn",
    "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "performanceInsightsEnabled": "PerformanceInsightsEnabled",
    "replicateSourceDb": "ReadReplicaSourceDBInstanceIdentifier",
    "resourceId": "DbiResourceId",
    "tags": "TagList",
}
SENT = names(
    "allocatedStorage autoMinorVersionUpgrade availabilityZone copyTagsToSnapshot databaseInsightsMode dbName",
    "dbSubnetGroupName enabledCloudwatchLogsExports engine engineVersion identifier instanceClass kmsKeyId",
    "maxAllocatedStorage monitoringInterval monitoringRoleArn multiAz password performanceInsightsEnabled",
    "performanceInsightsKmsKeyId performanceInsightsRetentionPeriod port publiclyAccessible replicateSourceDb",
    "storageEncrypted storageType username vpcSecurityGroupIds",
)
"""By the call that makes an instance, or a replica; what a replica's call lacks is in none of them."""
CHANGED = names(
    "allocatedStorage autoMinorVersionUpgrade backupRetentionPeriod backupWindow copyTagsToSnapshot",
    "databaseInsightsMode deletionProtection engineVersion instanceClass maintenanceWindow maxAllocatedStorage",
    "monitoringInterval monitoringRoleArn multiAz parameterGroupName performanceInsightsEnabled",
    "performanceInsightsKmsKeyId performanceInsightsRetentionPeriod storageType vpcSecurityGroupIds",
)
STEERING = names("applyImmediately deleteAutomatedBackups finalSnapshotIdentifier skipFinalSnapshot")


def _create(aws: Region, props: Props) -> str:
    operation = "CreateDBInstanceReadReplica" if props.get("replicateSourceDb") else "CreateDBInstance"
    known = members("rds", operation)
    asked = parameters(known, {name: props[name] for name in SENT & props.keys()} | _tags(props), NAMED)
    return aws.call("rds", operation, **asked)["DBInstance"]["DbiResourceId"]


def _tags(props: Props) -> Props:
    return {"tags": {}, "tagsAll": props["tagsAll"]}


def _find(aws: Region, it: str) -> dict[str, Any] | None:
    by_id = [{"Name": "dbi-resource-id", "Values": [it]}]
    return aws.find("rds", "DescribeDBInstances", "DBInstances[0]", Filters=by_id)


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it)
    if found is None:
        return None
    wanted = (INSTANCE.inputs - STEERING - {"password", "passwordWo", "region"}) | {"arn", "resourceId", "status"}
    props = properties(answered("rds", "DescribeDBInstances", "DBInstances[0]"), found, sorted(wanted), FOUND)
    endpoint: dict[str, Any] = found["Endpoint"]
    version = found["EngineVersion"]
    kept = state.get("engineVersion") or version  # `15` is asked for, and `15.15` stands: no difference
    return props | {
        "address": endpoint["Address"],
        "endpoint": f"{endpoint['Address']}:{endpoint['Port']}",
        "port": endpoint["Port"],
        "dbSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "parameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "vpcSecurityGroupIds": [one["VpcSecurityGroupId"] for one in found["VpcSecurityGroups"]],
        "engineVersion": kept if version.startswith(kept) else version,
        "engineVersionActual": version,
    }


def _modify(aws: Region, it: str, props: Props, wanted: frozenset[str] = CHANGED) -> None:
    known = members("rds", "ModifyDBInstance")
    has = (_find(aws, it) or {}).get("AllocatedStorage", 0)
    if props.get("allocatedStorage", has) <= has:
        wanted -= {"allocatedStorage"}
    asked = parameters(known, {name: props[name] for name in wanted & props.keys()}, NAMED)
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=props["identifier"], ApplyImmediately=True, **asked)


def _export(aws: Region, it: str, props: Props) -> None:
    found = _find(aws, it) or {}
    have, wanted = found.get("EnabledCloudwatchLogsExports", []), props.get("enabledCloudwatchLogsExports", [])
    change = {
        "EnableLogTypes": [one for one in wanted if one not in have],
        "DisableLogTypes": [one for one in have if one not in wanted],
    }
    name = props["identifier"]
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=name, CloudwatchLogsExportConfiguration=change)


def _promote(aws: Region, it: str, props: Props) -> None:
    """A replica that is to be none any more; the other way is none that AWS has."""
    if props.get("replicateSourceDb"):
        raise AwsError("rds", "ModifyDBInstance", "update", "cannot elect new source database for replication")
    asked = parameters(members("rds", "PromoteReadReplica"), {"backupWindow": props.get("backupWindow")}, NAMED)
    days = props.get("backupRetentionPeriod", 1)
    aws.call(
        "rds",
        "PromoteReadReplica",
        DBInstanceIdentifier=props["identifier"],
        BackupRetentionPeriod=days,
        **asked,
    )


def _delete(aws: Region, it: str, state: Props) -> None:
    name = state.get("identifier") or (_find(aws, it) or {})["DBInstanceIdentifier"]
    if aws.unprotect:
        aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=name, DeletionProtection=False)
    skip = bool(state.get("skipFinalSnapshot"))
    last: dict[str, Any] = {} if skip else {"FinalDBSnapshotIdentifier": state.get("finalSnapshotIdentifier")}
    if not skip and not last["FinalDBSnapshotIdentifier"]:
        reason = "final_snapshot_identifier is required when skip_final_snapshot is false"
        raise AwsError("rds", "DeleteDBInstance", "delete", reason)
    backups = bool(state.get("deleteAutomatedBackups", True))
    aws.call(
        "rds",
        "DeleteDBInstance",
        DBInstanceIdentifier=name,
        SkipFinalSnapshot=skip,
        DeleteAutomatedBackups=backups,
        **last,
    )


TYPES = (
    AwsType(
        type="aws:rds/instance:Instance",
        constraints=INSTANCE,
        create=_create,
        sent=SENT,
        unread=STEERING | {"password"},
        read=_read,
        delete=_delete,
        settings=(
            Setting(inputs=("replicateSourceDb",), apply=_promote),
            Setting(inputs=tuple(sorted(CHANGED)), apply=_modify),
            Setting(inputs=("enabledCloudwatchLogsExports",), apply=_export),
            Setting(
                inputs=("password",), apply=lambda aws, it, props: _modify(aws, it, props, frozenset({"password"}))
            ),
        ),
        tagging=tags_by_arn("rds", lambda aws, it: (_find(aws, it) or {})["DBInstanceArn"]),
        census=Census(service="rds", operation="DescribeDBInstances", path="DBInstances[].DbiResourceId"),
        auto_name=AutoName(field="identifier", max_length=37),
    ),
)
