"""RDS and Secrets Manager as AWS has them: what is refused, what stays while it is in use, what a copy takes over."""

from typing import Any

import pytest

from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.provider import AwsProvider
from sandbox.aws.services import TYPES
from sandbox.aws.store import Store
from sandbox.providers.provider import Call
from sandbox.providers.table import difference
from tests.support.world import PEER, World

SUBNETS, PARAMETERS = "aws:rds/subnetGroup:SubnetGroup", "aws:rds/parameterGroup:ParameterGroup"
INSTANCE = "aws:rds/instance:Instance"
CONFIG = {"region": "ap-south-1"}


@pytest.fixture
def gateway(account: str) -> Gateway:
    return Gateway()


@pytest.fixture
def aws(gateway: Gateway) -> Region:
    return gateway.region("ap-south-1")


@pytest.fixture
def world(aws: Region) -> World:
    aws.call("ec2", "DescribeVpcs")
    return World()


def refused(aws: Region, operation: str, **asked: Any) -> str:
    """The error code with which AWS answers."""
    with pytest.raises(AwsError) as refusal:
        aws.call("rds", operation, **asked)
    return refusal.value.code


def follow(aws: Region, source: str, **more: Any) -> dict[str, Any]:
    named = {"DBInstanceIdentifier": "copy", "DBInstanceClass": "db.t4g.medium"}
    reply = aws.call("rds", "CreateDBInstanceReadReplica", SourceDBInstanceIdentifier=source, **named, **more)
    return reply["DBInstance"]


def test_groups_stay_as_long_as_an_instance_is_in_them(aws, world):
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=world.database, DBParameterGroupName=world.db_parameters)
    assert refused(aws, "DeleteDBSubnetGroup", DBSubnetGroupName=world.db_subnets) == "InvalidDBSubnetGroupStateFault"
    name = {"DBParameterGroupName": world.db_parameters}
    assert refused(aws, "DeleteDBParameterGroup", **name) == "InvalidDBParameterGroupState"
    aws.call("rds", "DeleteDBInstance", DBInstanceIdentifier=world.database, SkipFinalSnapshot=True)
    aws.call("rds", "DeleteDBSubnetGroup", DBSubnetGroupName=world.db_subnets)
    aws.call("rds", "DeleteDBParameterGroup", **name)


def test_a_group_of_subnets_covers_two_zones_and_keeps_those_in_use(aws, world):
    group = {"DBSubnetGroupDescription": "one", "SubnetIds": [world.subnet, world.other_subnet]}
    assert refused(aws, "CreateDBSubnetGroup", DBSubnetGroupName="one", **group) == "DBSubnetGroupDoesNotCoverEnoughAZs"


def test_a_static_parameter_is_not_set_at_once(aws, world):
    static = {"ParameterName": "max_connections", "ParameterValue": "9", "ApplyMethod": "immediate"}
    name = {"DBParameterGroupName": world.db_parameters}
    assert refused(aws, "ModifyDBParameterGroup", **name, Parameters=[static]) == "InvalidParameterCombination"


def test_a_last_snapshot_is_taken_once_and_of_no_replica(aws, world):
    follow(aws, world.database)
    last = {"FinalDBSnapshotIdentifier": "last"}
    assert refused(aws, "DeleteDBInstance", DBInstanceIdentifier="copy", **last) == "InvalidParameterCombination"
    assert refused(aws, "DeleteDBInstance", DBInstanceIdentifier=world.database) == "InvalidParameterCombination"
    aws.call("rds", "CreateDBSnapshot", DBInstanceIdentifier=world.database, DBSnapshotIdentifier="last")
    assert refused(aws, "DeleteDBInstance", DBInstanceIdentifier=world.database, **last) == "DBSnapshotAlreadyExists"


def test_storage_never_shrinks(aws, world):
    smaller = {"DBInstanceIdentifier": world.database, "AllocatedStorage": 10}
    assert refused(aws, "ModifyDBInstance", **smaller) == "InvalidParameterCombination"


def test_a_protected_instance_stays(aws, world):
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=world.database, DeletionProtection=True)
    gone = {"DBInstanceIdentifier": world.database, "SkipFinalSnapshot": True}
    assert refused(aws, "DeleteDBInstance", **gone) == "InvalidParameterCombination"


def test_only_what_has_backups_is_followed(aws, world):
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=world.database, BackupRetentionPeriod=0)
    named = {"DBInstanceIdentifier": "copy", "SourceDBInstanceIdentifier": world.database}
    assert refused(aws, "CreateDBInstanceReadReplica", **named) == "InvalidDBInstanceState"


def test_a_replica_begins_without_what_its_source_has_been_given(aws, world):
    own = {"DeletionProtection": True, "MultiAZ": True, "DBParameterGroupName": world.db_parameters}
    aws.call("rds", "ModifyDBInstance", DBInstanceIdentifier=world.database, **own)
    copy = follow(aws, world.database, DeletionProtection=True)
    assert (copy["BackupRetentionPeriod"], copy["MultiAZ"], copy["DeletionProtection"]) == (0, False, False)
    assert copy["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres15"


def test_a_copy_in_another_region_that_is_promoted_needs_its_source_no_more(gateway, aws, world):
    source = aws.find("rds", "DescribeDBInstances", "DBInstances[0].DBInstanceArn", DBInstanceIdentifier=world.database)
    there = gateway.region(PEER)
    copy = follow(there, source)
    assert copy["ReadReplicaSourceDBInstanceIdentifier"] == source
    there.call("rds", "PromoteReadReplica", DBInstanceIdentifier="copy")
    alone = there.find("rds", "DescribeDBInstances", "DBInstances[0]", DBInstanceIdentifier="copy")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in alone
    assert alone["DbiResourceId"] == copy["DbiResourceId"]
    assert refused(there, "PromoteReadReplica", DBInstanceIdentifier="copy") == "InvalidDBInstanceState"
    assert aws.find("rds", "DescribeDBInstances", "DBInstances[0].ReadReplicaDBInstanceIdentifiers") == []


def test_a_password_that_rds_does_not_take_is_refused(aws):
    asked = {"DBInstanceIdentifier": "one", "DBInstanceClass": "db.t4g.medium", "Engine": "postgres"}
    for password in ("short", "with/slash", "with@sign", 'with"quote', "with space"):
        assert refused(aws, "CreateDBInstance", **asked, MasterUserPassword=password) == "InvalidParameterValue"


def test_a_promotion_is_an_update_and_the_way_back_is_refused(aws, world):
    kind = TYPES[INSTANCE]
    copied = {"identifier": "copy", "instanceClass": "db.t4g.medium", "replicateSourceDb": world.database}
    alone = {name: value for name, value in copied.items() if name != "replicateSourceDb"}
    assert difference(kind.constraints, copied, alone).replaces == ()
    promote = next(one for one in kind.settings if one.inputs == ("replicateSourceDb",))
    with pytest.raises(AwsError, match="cannot elect new source database for replication"):
        promote.apply(aws, "db-1", copied)


def test_a_copied_secret_without_its_key_fails_and_nothing_is_there(gateway, aws, world):
    secret = world.secret
    wrong = [{"Region": PEER, "KmsKeyId": world.key_arn}]  # of the wrong region
    (status,) = aws.call("secretsmanager", "ReplicateSecretToRegions", SecretId=secret, AddReplicaRegions=wrong)[
        "ReplicationStatus"
    ]
    assert status["Status"] == "Failed"
    assert gateway.region(PEER).call("secretsmanager", "ListSecrets")["SecretList"] == []


def test_a_copied_secret_is_read_there_and_changed_here_alone(gateway, aws, world):
    right = [{"Region": PEER, "KmsKeyId": world.foreign_key}]
    aws.call("secretsmanager", "PutSecretValue", SecretId=world.secret, SecretString="sesame")
    aws.call("secretsmanager", "ReplicateSecretToRegions", SecretId=world.secret, AddReplicaRegions=right)
    there = gateway.region(PEER)
    assert there.call("secretsmanager", "GetSecretValue", SecretId="shop/redis")["SecretString"] == "sesame"
    with pytest.raises(AwsError):
        there.call("secretsmanager", "PutSecretValue", SecretId="shop/redis", SecretString="barley")


def test_what_a_copy_took_from_its_source_may_be_said_later_and_changes_nothing(gateway, tmp_path):
    provider = AwsProvider(TYPES, gateway, Store(tmp_path / "aws.pickle", gateway.lock))
    call = Call(type=INSTANCE, urn="urn:pulumi:prod::shop::aws:rds/instance:Instance::it", name="it", config=CONFIG)
    state = {"identifier": "copy", "instanceClass": "db.t4g.medium", "engine": "postgres", "username": "owner"}
    said = {"identifier": "copy", "instanceClass": "db.t4g.medium"}
    assert provider.diff(call, state, said, {**said, "engine": "postgres", "username": "owner"}).changed == {}
    assert provider.diff(call, state, said, {**said, "username": "other"}).replaces == ("username",)


def test_a_proxy_stands_in_two_zones(aws, world):
    asked = {"EngineFamily": "POSTGRESQL", "Auth": [], "RoleArn": world.role}
    assert refused(aws, "CreateDBProxy", DBProxyName="narrow", VpcSubnetIds=[world.subnet], **asked) == "InvalidSubnet"


def test_a_proxy_serves_one_instance_and_that_one_is_there(aws, world):
    named = {"DBProxyName": world.proxy}
    assert refused(aws, "RegisterDBProxyTargets", **named, DBInstanceIdentifiers=["nobody"]) == "DBInstanceNotFound"
    aws.call("rds", "RegisterDBProxyTargets", **named, DBInstanceIdentifiers=[world.database])
    again = refused(aws, "RegisterDBProxyTargets", **named, DBInstanceIdentifiers=[world.database])
    assert again == "DBProxyTargetAlreadyRegisteredFault"


def test_a_proxy_keeps_no_more_connections_than_it_may_have(aws, world):
    pool = {"MaxConnectionsPercent": 40, "MaxIdleConnectionsPercent": 50}
    asked = {"DBProxyName": world.proxy, "TargetGroupName": "default", "ConnectionPoolConfig": pool}
    assert refused(aws, "ModifyDBProxyTargetGroup", **asked) == "InvalidParameterValue"


@pytest.mark.parametrize(
    "operation", ["ModifyDBProxy", "DeleteDBProxy", "DescribeDBProxyTargets", "DescribeDBProxyTargetGroups"]
)
def test_a_proxy_that_is_not_there_is_told_by_its_code(aws, operation):
    assert refused(aws, operation, DBProxyName="nobody") == "DBProxyNotFoundFault"
