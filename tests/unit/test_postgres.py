"""PostgreSQL on mocks: what an instance is made with, where its data come from, and what it leaves behind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.config.database import ConnectionsConfig
from dhakacart_infra.data import DatabaseUsers, DatabaseUsersArgs, Postgres, PostgresArgs
from dhakacart_infra.data.postgres_parameters import parameters
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record
from tests.support.topic import topic

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
INSTANCE = "aws:rds/instance:Instance"
SOURCE = "arn:aws:rds:ap-southeast-1:123456789012:db:shop-prod-apse1"
ZONES = ("ap-south-1a", "ap-south-1b", "ap-south-1c")
DHAKA_HOURS = 6
LATEST_HOUR_OF_SHOPPING, FIRST_HOUR_OF_SHOPPING = 1, 7


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    config: DatabaseConfig
    source: str | None
    owned: bool


class Shell(Component, token="test:index:Shell"):
    database: Postgres

    def build(self, args: ShellArgs) -> None:
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=None), self.child())
        users = DatabaseUsers("users", DatabaseUsersArgs(key=key, generation=1), self.child()) if args.owned else None
        asked = PostgresArgs(
            config=args.config,
            vpc_id=pulumi.Output.from_input("vpc-1"),
            subnet_ids={zone: pulumi.Output.from_input(f"subnet-{zone}") for zone in ZONES},
            owner=users.owner if users else None,
            source_arn=args.source,
            alarms=topic(self),
        )
        self.database = Postgres("database", asked, self.child())


@cache
def made(*, source: str | None = None, owned: bool = True, protected: bool = True, **settings: Any) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protected)
    args = ShellArgs(scope=scope, config=DatabaseConfig(**settings), source=source, owned=owned)
    return record(lambda: Shell("shell", args))


def primary(recorder: Recorder) -> Mapping[str, Any]:
    return recorder.of(INSTANCE)["database-primary"]


def test_a_database_of_its_own_begins_with_a_user_whose_password_is_a_secret():
    instance = primary(made())
    assert (instance["engine"], instance["engineVersion"]) == ("postgres", "15")
    assert instance["username"] == "shop_owner"
    assert instance["password"][rpc._special_sig_key] == rpc._special_secret_sig


def test_a_copy_is_given_nothing_that_it_takes_from_its_source():
    instance = primary(made(source=SOURCE, owned=False))
    assert instance["replicateSourceDb"] == SOURCE
    taken = {"engine", "engineVersion", "username", "password", "dbName", "allocatedStorage"}
    assert not taken & instance.keys()
    assert instance["skipFinalSnapshot"] is True, "RDS takes none of a replica"


def test_a_promoted_copy_is_told_nothing_of_how_it_began():
    instance = primary(made(owned=False))
    assert not {"replicateSourceDb", "engine", "username", "password", "dbName"} & instance.keys()
    assert instance["skipFinalSnapshot"] is False


def test_production_s_database_leaves_a_snapshot_and_its_backups_and_staging_s_nothing():
    kept = primary(made())
    assert re.fullmatch(r"shop-prod-aps1-last-\w+", kept["finalSnapshotIdentifier"])
    assert (kept["deleteAutomatedBackups"], kept["deletionProtection"]) == (False, True)
    gone = primary(made(protected=False))
    assert gone["skipFinalSnapshot"] is True
    assert gone["deletionProtection"] is False
    assert "deleteAutomatedBackups" not in gone, "RDS deletes them then"


def test_replicas_stand_in_zones_of_their_own_and_follow_the_instance():
    recorder = made(read_replicas=2)
    replicas = [one for name, one in recorder.of(INSTANCE).items() if "replica" in name]
    assert {one["availabilityZone"] for one in replicas} == {"ap-south-1b", "ap-south-1c"}
    assert {one["replicateSourceDb"] for one in replicas} == {"shop-prod-aps1"}
    assert {one["identifier"] for one in replicas} == {"shop-prod-aps1-replica-1", "shop-prod-aps1-replica-2"}
    assert not any("multiAz" in one for one in replicas), "RDS chooses the zones of those itself"


@pytest.mark.parametrize("name", ["backupWindow", "maintenanceWindow"])
def test_what_slows_the_database_down_happens_while_dhaka_sleeps(name):
    for instance in made(read_replicas=1).of(INSTANCE).values():
        for hour in re.findall(r"(\d\d):\d\d", instance.get(name, "20:00")):
            assert LATEST_HOUR_OF_SHOPPING < (int(hour) + DHAKA_HOURS) % 24 < FIRST_HOUR_OF_SHOPPING


def test_replicas_are_at_a_new_version_before_their_source():
    instances = made(read_replicas=1).of(INSTANCE)
    days = [instances[f"database-{role}"]["maintenanceWindow"][:3] for role in ("replica-1", "primary")]
    assert days == ["mon", "tue"]


def test_connections_are_as_many_as_the_configuration_was_checked_against():
    config = DatabaseConfig(instance_class="db.r7g.large")
    values = {one.name: one.value for one in parameters(config)}
    assert int(values["max_connections"]) == config.max_connections
    assert config.connections.needed <= config.max_connections


def test_a_release_rolls_with_as_many_pods_more_as_kubernetes_starts():
    connections = ConnectionsConfig(pods=50, pool_size=20)
    assert connections.pods_at_once == 63, "a quarter of 50, rounded up"
    assert connections.needed == 63 * 20 + 20


@pytest.mark.parametrize("size", ["db.t4g.medium", "db.r7g.4xlarge"])
def test_sorting_in_every_connection_at_once_leaves_memory_for_the_rest(size):
    config = DatabaseConfig(instance_class=size)
    values = {one.name: int(one.value) for one in parameters(config) if one.value.isdecimal()}
    gib = values["work_mem"] * values["max_connections"] / 2**20
    assert gib <= {"db.t4g.medium": 4, "db.r7g.4xlarge": 128}[size] / 2


def test_it_lets_in_nobody_who_was_not_named():
    recorder = made()
    assert recorder.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == {}
    assert recorder.of("aws:ec2/securityGroup:SecurityGroup")["database-port-access"].keys() == {
        "vpcId",
        "description",
        "tags",
    }
