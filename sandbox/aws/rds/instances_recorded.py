"""RDS instances: what AWS refuses, and what moto leaves out of a replica, of a promotion, of a reply."""

import copy
import secrets
from typing import Any

from moto.core.parse import XFormedDict

from sandbox.aws.record import Answers, Place, Refusal, Thing

NEWEST = {"postgres": {"15": "15.15", "16": "16.11", "17": "17.7"}}
"""The minor version that a major one alone stands for: RDS's targets of May 2026."""
UNLIKE_ITS_SOURCE = {
    "backup_retention_period": 0,
    "db_parameter_group_name": None,
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "multi_az": False,
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": None,
}
COMBINATION, VALUE, STATE = "InvalidParameterCombination", "InvalidParameterValue", "InvalidDBInstanceState"
MIN_PASSWORD = 8
FORBIDDEN = set('/"@ ')
MAX_REPLICAS = 15


def _create(place: Place, asked: Thing) -> Thing:
    _refuse_password(asked)
    _refuse_keys(place, asked)
    _refuse_groups(place, asked)
    version = asked.get("EngineVersion", "")
    full = NEWEST.get(asked["Engine"], {}).get(version, version)
    made = place.backend.create_db_instance(_own({**asked, "EngineVersion": full}))
    return {"DBInstance": _complete(made, asked)}


def _replicate(place: Place, asked: Thing) -> Thing:
    source = _source(place, asked)
    if source.region != place.region and source.storage_encrypted and "KmsKeyId" not in asked:
        raise Refusal(COMBINATION, "Cannot create an encrypted cross-region read replica without a KMS key.")
    _refuse_keys(place, asked)
    _refuse_groups(place, asked)
    if asked["DBInstanceIdentifier"] in place.backend.databases:
        raise Refusal("DBInstanceAlreadyExists", "DB instance already exists")
    replica = copy.copy(source)
    replica.backend = place.backend  # first: whatever is named is looked up in its region
    given = _own({name: value for name, value in asked.items() if name != "EnableCloudwatchLogsExports"})
    for member, value in UNLIKE_ITS_SOURCE.items():
        setattr(replica, member, value)
    replica.update(**given)
    replica.enabled_cloudwatch_logs_exports = list(asked.get("EnableCloudwatchLogsExports", []))
    replica.deletion_protection = False  # whatever the call asks for (terraform-provider-aws#46542)
    replica.kms_key_id = asked.get("KmsKeyId", source.kms_key_id)
    replica.set_as_replica()
    place.backend.databases[replica.db_instance_identifier] = replica
    source.add_replica(replica)
    return {"DBInstance": _complete(replica, asked)}


def _source(place: Place, asked: Thing) -> Any:
    backend: Any = place.backend
    source = backend.find_db_from_id(asked["SourceDBInstanceIdentifier"])
    if source.backup_retention_period == 0:
        reason = "Automated backups are not enabled for this database instance. To enable automated backups, use"
        raise Refusal(STATE, f"{reason} ModifyDBInstance to set the backup retention period to a non-zero value.")
    if len(source.replicas) >= MAX_REPLICAS:
        raise Refusal("InstanceQuotaExceeded", f"A DB instance has at most {MAX_REPLICAS} read replicas.")
    return source


def _modify(place: Place, asked: Thing) -> Thing:
    _refuse_keys(place, asked)
    _refuse_groups(place, asked)
    backend: Any = place.backend
    (one,) = backend.describe_db_instances(asked["DBInstanceIdentifier"])
    if asked.get("MonitoringInterval", one.monitoring_interval) and not (
        asked.get("MonitoringRoleARN") or one.monitoring_role_arn
    ):
        raise Refusal(COMBINATION, "A MonitoringRoleARN value is required if you specify a MonitoringInterval.")
    if asked.get("AllocatedStorage", one.allocated_storage) < one.allocated_storage:
        raise Refusal(COMBINATION, "Requested storage size cannot be less than the current size: it cannot shrink.")
    if asked.get("BackupRetentionPeriod") == 0 and one.replicas:
        raise Refusal(VALUE, "Backup retention period cannot be set to zero while read replicas exist.")
    return {"DBInstance": _complete(backend.modify_db_instance(one.db_instance_identifier, _own(asked)), asked)}


def _promote(place: Place, asked: Thing) -> Thing:
    backend: Any = place.backend
    (one,) = backend.describe_db_instances(asked["DBInstanceIdentifier"])
    if not one.is_replica:
        raise Refusal(STATE, f"DB Instance {one.db_instance_identifier} is not a read replica.")
    _leave(place, one)
    return {"DBInstance": backend.promote_read_replica(_own(asked))}


def _leave(place: Place, one: Any) -> None:
    """The source knows it no more: for which it need not answer, nor even be there."""
    source = one.source_db_instance_identifier
    region = source.split(":")[3] if source.startswith("arn:") else place.region
    databases = Place("rds", place.account, region).backend.databases
    if (primary := databases.get(source.rpartition(":")[2])) is not None:
        known = {one.db_instance_identifier, one.db_instance_arn}
        primary.replicas = [name for name in primary.replicas if name not in known]
    one.is_replica, one.source_db_instance_identifier = False, None


def _delete(place: Place, asked: Thing) -> Thing:
    backend: Any = place.backend
    (one,) = backend.describe_db_instances(asked["DBInstanceIdentifier"])
    last = asked.get("FinalDBSnapshotIdentifier")
    if one.is_replica and last:
        raise Refusal(COMBINATION, "FinalDBSnapshotIdentifier cannot be specified when deleting a replica instance")
    if not last and not asked.get("SkipFinalSnapshot"):
        raise Refusal(COMBINATION, "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.")
    if last and last in backend.database_snapshots:
        reason = f"Cannot create the snapshot because a snapshot with the identifier {last} already exists."
        raise Refusal("DBSnapshotAlreadyExists", reason)
    if one.is_replica and not one.deletion_protection:
        _leave(place, one)
    for name in one.replicas:  # each is on its own from then on
        for replica in (two for two in backend.databases.values() if two.db_instance_identifier == name):
            replica.is_replica, replica.source_db_instance_identifier = False, None
    return {"DBInstance": backend.delete_db_instance(**_own(asked))}


def _refuse_password(asked: Thing) -> None:
    password = asked.get("MasterUserPassword", "")
    if len(password) < MIN_PASSWORD or FORBIDDEN & set(password):
        reason = "The parameter MasterUserPassword is not a valid password."
        raise Refusal(VALUE, f"{reason} Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.")


def _refuse_keys(place: Place, asked: Thing) -> None:
    keys = place.of("kms").keys.values()
    for name in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        if name in asked and all(key.arn != asked[name] or key.key_state != "Enabled" for key in keys):
            reason = (
                f"The specified KMS key [{asked[name]}] does not exist, is not enabled or you do not have permissions"
            )
            raise Refusal("KMSKeyNotAccessibleFault", f"{reason} to access it.")


def _refuse_groups(place: Place, asked: Thing) -> None:
    ec2: Any = place.of("ec2")
    backend: Any = place.backend
    group = backend.subnet_groups.get(asked.get("DBSubnetGroupName", ""))
    for it in asked.get("VpcSecurityGroupIds", []):
        found = ec2.get_security_group_from_id(it)
        if found is None or (group and found.vpc_id != group.vpc_id):
            raise Refusal(VALUE, f"The DB instance and EC2 security group {it} are in different VPCs.")
    zones = {one["SubnetAvailabilityZone"]["Name"] for one in group.subnets} if group else set[str]()
    if group and asked.get("AvailabilityZone", next(iter(zones))) not in zones:
        raise Refusal("InvalidVPCNetworkStateFault", f"The subnet group has no subnet in {asked['AvailabilityZone']}.")
    if asked.get("MultiAZ") and asked.get("AvailabilityZone"):
        raise Refusal(COMBINATION, "Requesting a specific availability zone is not valid for Multi-AZ instances.")


def _complete(one: Any, asked: Thing) -> Any:
    """What moto has no member for, and an id of its own."""
    if one.dbi_resource_id == "db-M5ENSHXFPU6XHZ4G4ZEI5QIO2U" or "SourceDBInstanceIdentifier" in asked:
        one.dbi_resource_id = f"db-{secrets.token_hex(13).upper()}"
    if "EnablePerformanceInsights" in asked:
        one.performance_insights_enabled = asked["EnablePerformanceInsights"]
    one.performance_insights_kms_key_id = asked.get(
        "PerformanceInsightsKMSKeyId", getattr(one, "performance_insights_kms_key_id", None)
    )
    for name, member in (
        ("PerformanceInsightsRetentionPeriod", "performance_insights_retention_period"),
        ("DatabaseInsightsMode", "database_insights_mode"),
        ("MonitoringInterval", "monitoring_interval"),
        ("MonitoringRoleArn", "monitoring_role_arn"),
    ):
        if name in asked:
            setattr(one, member, asked[name])
    return one


def _own(asked: Thing) -> Any:
    """The parameters as moto spells them."""
    return XFormedDict(asked)


ANSWERS: Answers = {
    "CreateDBInstance": _create,
    "CreateDBInstanceReadReplica": _replicate,
    "ModifyDBInstance": _modify,
    "PromoteReadReplica": _promote,
    "DeleteDBInstance": _delete,
}
