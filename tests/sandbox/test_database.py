"""Staging's database as AWS has it, asked through boto3."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import WHOLE
from tests.support.standing import standing

REGION, NAME = "ap-south-1", "dhakacart-staging-aps1"
POSTGRES = 5432


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    """Staging, whole, for as long as the module's tests run. They look, and change nothing."""
    with standing(tmp_path_factory, WHOLE).project.sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def aws(sandbox) -> Aws:
    return Aws(REGION)


@pytest.fixture
def instance(aws) -> dict[str, Any]:
    return aws.client("rds").describe_db_instances(DBInstanceIdentifier=NAME)["DBInstances"][0]


def secret(aws: Aws, role: str) -> dict[str, str]:
    asked = aws.client("secretsmanager").get_secret_value(SecretId=f"dhakacart/staging/database/{role}")
    return json.loads(asked["SecretString"])


def test_it_is_reached_on_its_port_by_nodes_and_pods_and_by_nothing_else(aws, instance):
    (member,) = instance["VpcSecurityGroups"]
    (group,) = aws.ec2.describe_security_groups(GroupIds=[member["VpcSecurityGroupId"]])["SecurityGroups"]
    (rule,) = group["IpPermissions"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", POSTGRES, POSTGRES)
    plane = aws.client("eks").describe_cluster(name=NAME)["cluster"]["resourcesVpcConfig"]
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [plane["clusterSecurityGroupId"]]
    assert not rule["IpRanges"] + rule["PrefixListIds"]
    assert group["IpPermissionsEgress"] == []


def test_it_stands_in_the_database_tier_and_has_no_public_address(aws, instance):
    assert not instance["PubliclyAccessible"]
    subnets = {one["SubnetIdentifier"] for one in instance["DBSubnetGroup"]["Subnets"]}
    assert subnets == {one["SubnetId"] for one in aws.subnets("database")}


def test_data_logs_and_figures_are_encrypted_with_keys_of_the_environment(aws, instance):
    kms = aws.client("kms")
    aliases = {one.get("TargetKeyId"): one["AliasName"] for one in kms.list_aliases()["Aliases"]}
    assert instance["StorageEncrypted"]
    for member in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        assert aliases[instance[member].split("/")[1]] == "alias/dhakacart/staging/aps1/postgres"
    groups = aws.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/rds/instance/{NAME}/")["logGroups"]
    assert {one["logGroupName"].rpartition("/")[2] for one in groups} == {"postgresql", "upgrade"}
    assert set(instance["EnabledCloudwatchLogsExports"]) == {"postgresql", "upgrade"}
    for group in groups:
        assert aliases[group["kmsKeyId"].split("/")[1]] == "alias/dhakacart/staging/aps1/postgres-logs"
        assert group["retentionInDays"] == 14


def test_it_speaks_tls_alone_and_says_what_is_slow_and_what_is_locked(aws, instance):
    (group,) = instance["DBParameterGroups"]
    found = aws.client("rds").describe_db_parameters(DBParameterGroupName=group["DBParameterGroupName"])["Parameters"]
    values = {one["ParameterName"]: one["ParameterValue"] for one in found}
    assert values["rds.force_ssl"] == "1"
    assert int(values["log_min_duration_statement"]) < 2000, "the time that a response may take"
    assert values["log_lock_waits"] == "1"
    assert values["shared_preload_libraries"] == "pg_stat_statements"
    assert int(values["max_connections"]) == 428, "what 4 GiB hold"


def test_the_application_is_not_the_user_that_owns_the_data(aws, instance):
    owner, *others = (secret(aws, user) for user in ("owner", "migrations", "application_a", "application_b"))
    assert instance["MasterUsername"] == owner["username"]
    assert [one["username"] for one in others] == ["migrations", "application_a", "application_b"]
    assert len({one["password"] for one in (owner, *others)}) == 4


def test_what_it_runs_on_and_what_it_keeps_are_as_configured(instance):
    assert (instance["Engine"], instance["EngineVersion"].split(".")[0]) == ("postgres", "15")
    assert (instance["StorageType"], instance["AllocatedStorage"], instance["MaxAllocatedStorage"]) == ("gp3", 20, 50)
    assert instance["BackupRetentionPeriod"] == 7
    assert instance["CopyTagsToSnapshot"]
    assert instance["MonitoringInterval"] == 60


def test_the_database_waits_for_nothing_of_the_cluster_nor_the_network_for_either(sandbox):
    resources = (sandbox.stack("staging").export_stack().deployment or {})["resources"]
    needs = {
        one["urn"]: {*one.get("dependencies", []), one.get("provider", "").rpartition("::")[0]} for one in resources
    }

    def before(urn: str, found: set[str]) -> set[str]:
        for other in needs.get(urn, set()) - found:
            before(other, found | {other})
            found |= {other} | before(other, found)
        return found

    (primary,) = [urn for urn in needs if urn.endswith("::database-primary")]
    awaited = {urn.rpartition("::")[2] for urn in before(primary, set())}
    assert "database-subnets" in awaited
    assert not [name for name in awaited if name.startswith("cluster")]
