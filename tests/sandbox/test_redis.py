"""Redis as AWS holds it, asked through boto3."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.project import WHOLE
from tests.support.standing import standing

GROUP, CLUSTER = "dhakacart-staging-aps1-redis", "dhakacart-staging-aps1"
PORT = 6379


@dataclass
class Cache:
    """Staging's, for as long as the module's tests run. They look, and change nothing."""

    aws: Aws
    state: str
    """As the engine keeps it, on disk."""

    @property
    def client(self) -> Any:
        return self.aws.client("elasticache")

    @property
    def group(self) -> dict[str, Any]:
        (group,) = self.client.describe_replication_groups(ReplicationGroupId=GROUP)["ReplicationGroups"]
        return group

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return self.client.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Iterator[Cache]:
    project = standing(tmp_path_factory, WHOLE).project
    (state,) = project.folder.rglob("stacks/**/staging.json")
    with project.sandbox():
        yield Cache(Aws("ap-south-1"), state.read_text())


def test_nodes_and_pods_reach_redis_on_its_port_and_nothing_else_does(cache):
    (group,) = {one["SecurityGroupId"] for node in cache.nodes for one in node["SecurityGroups"]}
    cluster = cache.aws.client("eks").describe_cluster(name=CLUSTER)["cluster"]
    ours = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    (described,) = cache.aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (rule,) = described["IpPermissions"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", PORT, PORT)
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [ours]
    assert not rule["IpRanges"]
    assert not rule["Ipv6Ranges"]
    assert described["IpPermissionsEgress"] == [], "it has nothing to say to anybody"


def test_it_is_reached_where_clients_of_clusters_ask(cache):
    assert cache.group["ClusterEnabled"] is True
    assert cache.group["ConfigurationEndpoint"]["Port"] == PORT
    assert cache.group["ConfigurationEndpoint"]["Address"].startswith(f"clustercfg.{GROUP}.")


def test_nodes_stand_in_the_database_subnets_of_different_zones(cache):
    (shard,) = cache.group["NodeGroups"]
    zones = {member["PreferredAvailabilityZone"] for member in shard["NodeGroupMembers"]}
    database = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in cache.aws.subnets("database")}
    assert zones == set(database.values())
    (name,) = {node["CacheSubnetGroupName"] for node in cache.nodes}
    (group,) = cache.client.describe_cache_subnet_groups(CacheSubnetGroupName=name)["CacheSubnetGroups"]
    assert {subnet["SubnetIdentifier"] for subnet in group["Subnets"]} == set(database)


def test_a_replica_takes_over_by_itself(cache):
    assert cache.group["AutomaticFailover"] == "enabled"
    assert cache.group["MultiAZ"] == "enabled"


def test_it_is_encrypted_on_the_way_and_at_rest_with_a_key_of_ours_that_rotates(cache):
    for node in cache.nodes:
        assert node["TransitEncryptionEnabled"] is True
        assert node["TransitEncryptionMode"] == "required"
        assert node["AtRestEncryptionEnabled"] is True
    kms = cache.aws.client("kms")
    assert kms.get_key_rotation_status(KeyId=cache.group["KmsKeyId"])["KeyRotationEnabled"]


def test_its_only_user_is_the_backends_with_the_password_that_the_secret_has(cache):
    (group,) = cache.client.describe_user_groups(UserGroupId=cache.group["UserGroupIds"][0])["UserGroups"]
    users = [cache.client.describe_users(UserId=it)["Users"][0] for it in group["UserIds"]]
    able = [user for user in users if user["AccessString"].startswith("on ")]
    assert [(user["UserName"], user["Authentication"]["Type"]) for user in able] == [("backend", "password")]
    assert {user["UserName"] for user in users} == {"backend", "default"}
    secret = cache.aws.client("secretsmanager").get_secret_value(SecretId="dhakacart/staging/aps1/redis")
    assert json.loads(secret["SecretString"]).keys() == {"username", "password"}
    password = json.loads(secret["SecretString"])["password"]
    assert password not in str(users)
    assert "redis-user-backend" in cache.state
    assert password not in cache.state


def test_snapshots_are_made_at_night_and_kept_as_long_as_configured(cache):
    assert cache.group["SnapshotRetentionLimit"] == 1
    assert cache.group["SnapshotWindow"] == "20:00-21:00"


def test_both_logs_are_delivered_to_encrypted_groups_that_keep_them_as_long_as_configured(cache):
    delivered = {
        one["LogType"]: one["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"]
        for one in cache.group["LogDeliveryConfigurations"]
    }
    assert delivered.keys() == {"slow-log", "engine-log"}
    for name in delivered.values():
        (group,) = cache.aws.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert group["retentionInDays"] == 14
        assert "kmsKeyId" in group


def test_when_memory_is_short_what_is_nearest_to_its_end_goes(cache):
    (name,) = {node["CacheParameterGroup"]["CacheParameterGroupName"] for node in cache.nodes}
    found = cache.client.describe_cache_parameters(CacheParameterGroupName=name, Source="user")["Parameters"]
    parameters = {one["ParameterName"]: one["ParameterValue"] for one in found}
    assert parameters["maxmemory-policy"] == "volatile-ttl"
    assert parameters["reserved-memory-percent"] == "25"
