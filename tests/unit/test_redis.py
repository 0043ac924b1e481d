"""Redis on mocks: who reaches it, what its user may do, what is kept of it."""

import json
import re
from dataclasses import dataclass
from functools import cache

import pulumi
import pytest

from dhakacart_infra.config.cache import MAXMEMORY, CacheConfig, usable
from dhakacart_infra.config.keyspace import KEYSPACE, needed
from dhakacart_infra.data.redis import MAINTENANCE_WINDOW, SNAPSHOT_WINDOW, Redis, RedisArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record
from tests.support.topic import topic

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
GROUP, USER, USERS = (
    f"aws:elasticache/{kind[0].lower()}{kind[1:]}:{kind}" for kind in ("ReplicationGroup", "User", "UserGroup")
)
PARAMETERS, RULE = (
    "aws:elasticache/parameterGroup:ParameterGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
SECURITY_GROUP, LOG_GROUP, KEY = (
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:kms/key:Key",
)
DHAKA_HOURS = 6


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    cache: CacheConfig


class Shell(Component, token="test:index:Shell"):
    redis: Redis

    def build(self, args: ShellArgs) -> None:
        alarms = topic(self)
        vpc = pulumi.Output.from_input("vpc-1")
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=None), self.child())
        asked = CredentialsArgs(secret_name="shop/prod/redis", username="backend", key=key)
        credentials = Credentials("redis-credentials", asked, self.child())
        cache = RedisArgs(
            config=args.cache,
            vpc_id=vpc,
            subnet_ids=[pulumi.Output.from_input(f"subnet-{zone}") for zone in "ab"],
            credentials=credentials,
            alarms=alarms,
        )
        self.redis = Redis("redis", cache, self.child())
        self.redis.port.allow_from("cluster", vpc)


@cache
def made(*, protected: bool = True, **cache: object) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protected)
    args = ShellArgs(scope=scope, cache=CacheConfig.model_validate(cache))
    return record(lambda: Shell("shell", args))


def cluster(recorder: Recorder) -> dict:
    (inputs,) = recorder.of(GROUP).values()
    return inputs


def test_only_who_is_let_in_reaches_it_and_only_on_its_port():
    recorder = made()
    rule = recorder.of(RULE)["redis-port-from-cluster"]
    group = recorder.of(SECURITY_GROUP)["redis-port-access"]
    assert not {"ingress", "egress"} & group.keys(), "rules of its own would stand beside those of others"
    assert cluster(recorder)["securityGroupIds"] == ["redis-port-access-id"]
    assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (6379, 6379, "tcp")
    assert "cidrIpv4" not in rule


def test_it_fails_over_to_another_zone_whatever_its_size():
    for size in ({}, {"shards": 3, "replicas_per_shard": 2}):
        inputs = cluster(made(**size))
        assert inputs["automaticFailoverEnabled"] is inputs["multiAzEnabled"] is True
        assert inputs["replicasPerNodeGroup"] >= 1


def test_it_is_encrypted_both_ways_and_unencrypted_clients_are_turned_away():
    inputs = cluster(made())
    assert inputs["atRestEncryptionEnabled"] is inputs["transitEncryptionEnabled"] is True
    assert inputs["transitEncryptionMode"] == "required"
    assert inputs["kmsKeyId"] == "arn:of:redis-encryption-key"


def test_the_backend_has_the_password_that_was_made_for_it_and_everybody_else_is_off():
    recorder = made()
    backend, nobody = (recorder.of(USER)[f"redis-user-{role}"] for role in ("backend", "default"))
    assert backend["authenticationMode"]["passwords"] == ["made-for-redis-credentials-password"]
    assert nobody["userName"] == "default"
    assert nobody["accessString"] == "off -@all"
    (group,) = recorder.of(USERS).values()
    assert set(group["userIds"]) == {backend["userId"], nobody["userId"]}
    assert cluster(recorder)["userGroupIds"] == [group["userGroupId"]]


def test_the_backend_may_touch_the_keys_of_the_keyspace_and_no_others():
    words = made().of(USER)["redis-user-backend"]["accessString"].split()
    assert {word for word in words if word.startswith(("~", "%", "&"))} == {f"~{keys.name}:*" for keys in KEYSPACE}
    assert words.index("-@all") < words.index("+@connection") < words.index("-@dangerous")
    assert not {"+@all", "allkeys", "~*", "+@admin", "+keys", "+flushall", "+eval"} & set(words)


def test_what_runs_short_of_memory_gives_up_what_is_nearest_to_its_end():
    (group,) = made().of(PARAMETERS).values()
    given = {one["name"]: one["value"] for one in group["parameters"]}
    assert given["maxmemory-policy"] == "volatile-ttl"
    assert given["cluster-enabled"] == "yes"
    assert group["family"] == "valkey9"
    assert "name" not in group, "another major version could not be made beside it"


def test_snapshots_and_upkeep_come_while_dhaka_sleeps_and_never_together():
    inputs = cluster(made(snapshot_retention_days=14))
    assert inputs["snapshotRetentionLimit"] == 14
    snapshot, upkeep = (_hours(window) for window in (SNAPSHOT_WINDOW, MAINTENANCE_WINDOW))
    assert all(1 <= hour <= 6 for hour in snapshot + upkeep)
    assert max(snapshot) < min(upkeep)


def _hours(window: str) -> list[float]:
    return [int(hour) + int(minute) / 60 + DHAKA_HOURS - 24 for hour, minute in re.findall(r"(\d\d):(\d\d)", window)]


def test_a_cluster_that_is_protected_leaves_a_snapshot_of_a_name_that_was_never_used():
    inputs = cluster(made())
    assert inputs["finalSnapshotIdentifier"].startswith("shop-prod-aps1-redis-last-")
    assert "finalSnapshotIdentifier" not in cluster(made(protected=False))


def test_slow_commands_and_what_the_engine_says_go_to_encrypted_log_groups():
    recorder = made(log_retention_days=60)
    groups = recorder.of(LOG_GROUP)
    ours = {name: groups[f"redis-{name}"] for name in ("slow-log", "engine-log")}
    for one in ours.values():
        assert one["kmsKeyId"] == "arn:of:redis-encryption-key"
        assert one["retentionInDays"] == 60
    delivered = {one["logType"]: one["destination"] for one in cluster(recorder)["logDeliveryConfigurations"]}
    assert delivered == {name: one["name"] for name, one in ours.items()}
    statements = json.loads(recorder.of(KEY)["redis-encryption-key"]["policy"])["Statement"]
    named = {one["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"] for one in statements[1:]}
    assert named == {NAMING.arn("logs", f"log-group:{one['name']}") for one in ours.values()}


def test_the_longest_environment_has_names_that_elasticache_takes():
    longest = Naming(
        project="dhakacart", environment="a-bcdefghi-1", region="ap-southeast-1", account_id="123456789012"
    )
    scope = Scope(naming=longest, artifacts=Artifacts.of(longest), launch_tags={}, protect_data=True)
    args = ShellArgs(scope=scope, cache=CacheConfig())
    recorder = record(lambda: Shell("shell", args))
    names = [cluster(recorder)["replicationGroupId"], *(one["userId"] for one in recorder.of(USER).values())]
    assert all(re.fullmatch(r"(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]", name) for name in names)
    assert len(set(names)) == len(names)


def test_aws_raises_no_version_by_itself():
    inputs = cluster(made())
    assert inputs["autoMinorVersionUpgrade"] is False
    assert (inputs["engine"], inputs["engineVersion"]) == ("valkey", "9.0")


@pytest.mark.parametrize("users", [1, 5_000, 100_000, 1_000_000])
def test_the_keyspace_grows_with_the_customers_and_the_catalogue_does_not(users):
    more, fewer = needed(users + 1), needed(users)
    assert {name for name in more if more[name] > fewer[name]} == {"session", "cart", "rate_limit"}


def test_node_types_are_in_the_order_of_their_memory_and_a_quarter_of_it_is_kept_back():
    assert list(MAXMEMORY.values()) == sorted(MAXMEMORY.values())
    assert usable("cache.m7g.large", 2) == 2 * 6_854_542_746 * 3 // 4
