"""What the shop's pods are told of their data."""

from dataclasses import dataclass

import pulumi
import pytest

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.config.cache import CacheConfig
from dhakacart_infra.config.service_rules import DATA_VARIABLES
from dhakacart_infra.data import Postgres, PostgresArgs, Redis, RedisArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.workloads.data_access import DataAccess, DataAccessArgs
from tests.support.recorder import Recorder, record
from tests.support.topic import topic

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
SERVICE = "kubernetes:core/v1:Service"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope


class Shell(Component, token="test:index:Shell"):
    access: DataAccess

    def build(self, args: ShellArgs) -> None:
        alarms = topic(self)
        database = Postgres(
            "database",
            PostgresArgs(
                config=DatabaseConfig(read_replicas=1),
                vpc_id=pulumi.Output.from_input("vpc-1"),
                subnet_ids={"ap-south-1a": pulumi.Output.from_input("subnet-a")},
                owner=None,
                source_arn=None,
                alarms=alarms,
            ),
            self.child(),
        )
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=None), self.child())
        named = CredentialsArgs(secret_name="shop/prod/aps1/redis", username="backend", key=key)
        credentials = Credentials("credentials", named, self.child())
        cache = RedisArgs(
            config=CacheConfig(),
            vpc_id=pulumi.Output.from_input("vpc-1"),
            subnet_ids=[pulumi.Output.from_input("subnet-a")],
            credentials=credentials,
            alarms=alarms,
        )
        redis = Redis("redis", cache, self.child())
        asked = DataAccessArgs(
            namespace=pulumi.Output.from_input("shop"),
            database=database,
            address=database.address,
            user="application_b",
            redis=redis,
            ready=[database],
        )
        self.access = DataAccess("access", asked, self.child())


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=True)
    return record(lambda: Shell("shell", ShellArgs(scope=scope)))


def test_the_secret_has_each_variable_that_the_application_reads(recorder):
    variables = recorder.of(SECRET)["access-variables-secret"]["spec"]["target"]["template"]["data"]
    assert variables.keys() == {"DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "DB_READ_HOST", "REDIS_URL"}
    assert variables.keys() == set(DATA_VARIABLES), "what the configuration keeps services from saying otherwise"
    assert (variables["DB_PORT"], variables["DB_NAME"]) == ("5432", "dhakacart")
    assert variables["DB_HOST"] == "shop-prod-aps1.example"
    assert variables["DB_READ_HOST"] == "shop-prod-aps1-replica-1.example"


def test_user_and_password_stay_in_secrets_manager_until_they_are_in_the_cluster(recorder):
    spec = recorder.of(SECRET)["access-variables-secret"]["spec"]
    variables = spec["target"]["template"]["data"]
    assert (variables["DB_USER"], variables["DB_PASSWORD"]) == ("{{ .database_username }}", "{{ .database_password }}")
    found = {one["secretKey"]: one["remoteRef"]["key"] for one in spec["data"]}
    assert found == dict.fromkeys(("database_username", "database_password"), "shop/prod/database/application_b") | (
        dict.fromkeys(("redis_username", "redis_password"), "shop/prod/aps1/redis")
    )


def test_redis_is_spoken_to_over_tls_and_by_name(recorder):
    variables = recorder.of(SECRET)["access-variables-secret"]["spec"]["target"]["template"]["data"]
    user, _, host = variables["REDIS_URL"].removeprefix("rediss://").partition("@")
    assert user == "{{ .redis_username }}:{{ .redis_password }}"
    assert host == "redis.example:6379"


def test_a_name_in_the_cluster_leads_to_the_database(recorder):
    service = recorder.of(SERVICE)["access-service"]
    assert service["spec"]["type"] == "ExternalName"
    assert service["metadata"] == {"name": "database", "namespace": "shop"}
