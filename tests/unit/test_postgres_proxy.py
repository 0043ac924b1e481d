"""RDS Proxy on mocks: who reaches it, whom it lets through, how much of the database it takes."""

import json
from dataclasses import dataclass

import pulumi

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.data import (
    DatabaseUsers,
    DatabaseUsersArgs,
    Postgres,
    PostgresArgs,
    PostgresProxy,
    PostgresProxyArgs,
)
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record
from tests.support.topic import topic

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
PROXY, GROUP = "aws:rds/proxy:Proxy", "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"
LOG_GROUP, POLICY = "aws:cloudwatch/logGroup:LogGroup", "aws:iam/rolePolicy:RolePolicy"
IN, OUT = (f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule" for way in ("Ingress", "Egress"))


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    config: DatabaseConfig


class Shell(Component, token="test:index:Shell"):
    proxy: PostgresProxy

    def build(self, args: ShellArgs) -> None:
        vpc, subnet = pulumi.Output.from_input("vpc-1"), pulumi.Output.from_input("subnet-a")
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=None), self.child())
        users = DatabaseUsers("users", DatabaseUsersArgs(key=key, generation=1), self.child())
        alarms = topic(self)
        asked = PostgresArgs(
            config=args.config,
            vpc_id=vpc,
            subnet_ids={"ap-south-1a": subnet},
            owner=users.owner,
            source_arn=None,
            alarms=alarms,
        )
        database = Postgres("database", asked, self.child())
        wanted = PostgresProxyArgs(
            config=args.config,
            vpc_id=vpc,
            subnet_ids=[subnet],
            database=database,
            users=users.application,
            alarms=alarms,
        )
        self.proxy = PostgresProxy("proxy", wanted, self.child())


def made(**settings: object) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=True)
    config = DatabaseConfig.model_validate(settings)
    return record(lambda: Shell("shell", ShellArgs(scope=scope, config=config)))


def test_it_speaks_tls_alone_and_lets_the_application_s_users_through_and_nobody_else():
    recorder = made()
    proxy = recorder.of(PROXY)["proxy-proxy"]
    assert proxy["requireTls"] is True
    arns = ["arn:of:users-application-a-value", "arn:of:users-application-b-value"]
    assert [one["secretArn"] for one in proxy["auths"]] == arns
    (statement,) = json.loads(recorder.of(POLICY)["proxy-reading"]["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["secretsmanager:GetSecretValue"], arns)


def test_it_reaches_the_database_alone_and_the_database_lets_it_in():
    recorder = made()
    (out,) = recorder.of(OUT).values()
    assert (out["referencedSecurityGroupId"], out["fromPort"], out["toPort"]) == ("database-port-access-id", 5432, 5432)
    let_in = recorder.of(IN)["database-port-from-proxy"]
    assert let_in["referencedSecurityGroupId"] == out["securityGroupId"] == "proxy-port-access-id"


def test_it_takes_what_the_pods_ask_for_and_leaves_the_rest_to_migrations_and_people():
    pool = made(connections={"pods": 50, "pool_size": 20}).of(GROUP)["proxy-connections"]["connectionPoolConfig"]
    assert pool["maxConnectionsPercent"] == 74, "1,260 of the 1,712 connections that db.r7g.large holds"
    assert pool["maxIdleConnectionsPercent"] <= pool["maxConnectionsPercent"]
    assert pool["connectionBorrowTimeout"] < 30


def test_its_log_is_in_a_group_of_ours_from_the_start():
    log = made(log_retention_days=30).of(LOG_GROUP)["proxy-log"]
    assert (log["name"], log["retentionInDays"]) == ("/aws/rds/proxy/shop-prod-aps1-proxy", 30)
    assert log["kmsKeyId"] == "arn:of:database-log-encryption-key"
