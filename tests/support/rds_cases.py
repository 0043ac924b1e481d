"""One case or more for each resource type of RDS."""

from typing import Any

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

SLOW = {"name": "log_min_duration_statement", "value": "1000", "applyMethod": "immediate"}
MANY = {"name": "max_connections", "value": "500", "applyMethod": "pending-reboot"}


def instance(w: World, **own: Any) -> dict[str, Any]:
    return {
        "identifier": "dhaka",
        "instanceClass": "db.t4g.medium",
        "dbSubnetGroupName": w.db_subnets,
        "vpcSecurityGroupIds": [w.group],
        "skipFinalSnapshot": True,
        **own,
    }


POOL = "connectionPoolConfig"


def pool(percent: int) -> dict[str, Any]:
    return {"connectionBorrowTimeout": 10, "maxConnectionsPercent": percent, "maxIdleConnectionsPercent": 30}


def let_in(secret: str) -> dict[str, Any]:
    return {
        "authScheme": "SECRETS",
        "clientPasswordAuthType": "POSTGRES_SCRAM_SHA_256",
        "iamAuth": "DISABLED",
        "secretArn": secret,
    }


def weaken(w: World, it: str) -> None:
    w.client("rds").modify_db_instance(DBInstanceIdentifier="dhaka", BackupRetentionPeriod=1)


RDS = [
    Case(
        type="aws:rds/subnetGroup:SubnetGroup",
        inputs=lambda w: {"name": "dhaka", "subnetIds": [w.subnet, w.far_subnet], "tags": TAGS},
        changes={"description": lambda _: "of the shop", "subnetIds": lambda w: [w.other_subnet, w.far_subnet]},
        outside=lambda w, it: w.client("rds").modify_db_subnet_group(
            DBSubnetGroupName=it, SubnetIds=[w.other_subnet, w.far_subnet]
        ),
        shows="subnetIds",
    ),
    Case(
        type="aws:rds/subnetGroup:SubnetGroup",
        also="prefix",
        inputs=lambda w: {"namePrefix": "dhaka-", "subnetIds": [w.subnet, w.far_subnet]},
    ),
    Case(
        type="aws:rds/parameterGroup:ParameterGroup",
        inputs=lambda _: {"name": "dhaka", "family": "postgres15", "parameters": [SLOW, MANY], "tags": TAGS},
        changes={"parameters": lambda _: [{**SLOW, "value": "500"}], "skipDestroy": lambda _: False},
        outside=lambda w, it: w.client("rds").modify_db_parameter_group(
            DBParameterGroupName=it,
            Parameters=[{"ParameterName": MANY["name"], "ParameterValue": "9", "ApplyMethod": MANY["applyMethod"]}],
        ),
        shows="parameters",
    ),
    Case(
        type="aws:rds/parameterGroup:ParameterGroup",
        also="prefix",
        inputs=lambda _: {"namePrefix": "dhaka-", "family": "postgres15"},
    ),
    Case(
        type="aws:rds/instance:Instance",
        inputs=lambda w: instance(
            w,
            allocatedStorage=20,
            backupRetentionPeriod=30,
            backupWindow="20:00-20:30",
            copyTagsToSnapshot=True,
            databaseInsightsMode="standard",
            dbName="shop",
            deletionProtection=False,
            enabledCloudwatchLogsExports=["postgresql"],
            engine="postgres",
            engineVersion="15",
            kmsKeyId=w.key_arn,
            maintenanceWindow="fri:21:00-fri:21:30",
            maxAllocatedStorage=100,
            monitoringInterval=60,
            monitoringRoleArn=w.role,
            multiAz=True,
            parameterGroupName=w.db_parameters,
            password="open-sesame",
            performanceInsightsEnabled=True,
            performanceInsightsKmsKeyId=w.key_arn,
            performanceInsightsRetentionPeriod=7,
            port=5432,
            storageEncrypted=True,
            storageType="gp3",
            tags=TAGS,
            username="owner",
        ),
        changes={
            "allocatedStorage": lambda _: 40,
            "applyImmediately": lambda _: True,
            "autoMinorVersionUpgrade": lambda _: False,
            "backupRetentionPeriod": lambda _: 7,
            "backupWindow": lambda _: "19:00-19:30",
            "copyTagsToSnapshot": lambda _: False,
            "databaseInsightsMode": lambda _: "advanced",
            "deleteAutomatedBackups": lambda _: False,
            "deletionProtection": lambda _: True,
            "enabledCloudwatchLogsExports": lambda _: ["upgrade"],
            "engineVersion": lambda _: "15.18",
            "finalSnapshotIdentifier": lambda _: "last",
            "instanceClass": lambda _: "db.t4g.large",
            "maintenanceWindow": lambda _: "sat:21:00-sat:21:30",
            "maxAllocatedStorage": lambda _: 200,
            "monitoringInterval": lambda _: 30,
            "monitoringRoleArn": lambda w: w.other_role,
            "multiAz": lambda _: False,
            "parameterGroupName": lambda w: w.other_db_parameters,
            "password": lambda _: "open-barley",
            "performanceInsightsEnabled": lambda _: False,
            "performanceInsightsKmsKeyId": lambda w: w.key_arn.replace(w.key, w.other_key),
            "performanceInsightsRetentionPeriod": lambda _: 465,
            "skipFinalSnapshot": lambda _: False,
            "storageType": lambda _: "io2",
            "vpcSecurityGroupIds": lambda w: [w.other_group],
        },
        outside=weaken,
        shows="backupRetentionPeriod",
    ),
    Case(
        type="aws:rds/instance:Instance",
        also="replica",
        inputs=lambda w: instance(
            w,
            availabilityZone=w.zone,
            backupRetentionPeriod=7,
            publiclyAccessible=False,
            replicateSourceDb=w.database,
            identifier=None,
            identifierPrefix="dhaka-",
        ),
        changes={"replicateSourceDb": lambda _: None},
    ),
    Case(
        type="aws:rds/proxy:Proxy",
        inputs=lambda w: {
            "auths": [let_in(w.secret)],
            "debugLogging": False,
            "engineFamily": "POSTGRESQL",
            "idleClientTimeout": 60,
            "name": "dhaka",
            "requireTls": True,
            "roleArn": w.role,
            "vpcSecurityGroupIds": [w.group],
            "vpcSubnetIds": [w.subnet, w.far_subnet],
            "tags": TAGS,
        },
        changes={
            "auths": lambda w: [let_in(w.docker_secret)],
            "debugLogging": lambda _: True,
            "idleClientTimeout": lambda _: 90,
            "requireTls": lambda _: False,
            "roleArn": lambda w: w.other_role,
            "vpcSecurityGroupIds": lambda w: [w.other_group],
        },
        outside=lambda w, it: w.client("rds").modify_db_proxy(DBProxyName=it, RequireTLS=False),
        shows="requireTls",
    ),
    Case(
        type="aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
        inputs=lambda w: {"dbProxyName": w.proxy, POOL: pool(70)},
        changes={POOL: lambda _: pool(60)},
        outside=lambda w, it: w.client("rds").modify_db_proxy_target_group(
            DBProxyName=it, TargetGroupName="default", ConnectionPoolConfig={"MaxConnectionsPercent": 100}
        ),
        shows=POOL,
    ),
    Case(
        type="aws:rds/proxyTarget:ProxyTarget",
        inputs=lambda w: {
            "dbInstanceIdentifier": w.database,
            "dbProxyName": w.proxy,
            "targetGroupName": "default",
        },
        outside=lambda w, it: w.client("rds").deregister_db_proxy_targets(
            DBProxyName=w.proxy, DBInstanceIdentifiers=[w.database]
        ),
    ),
]
