"""The Job that readies the database: as whom it comes, what it is told, when it runs again."""

from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network

import pulumi
import pytest

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.data import Postgres, PostgresArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.workloads.schema import Schema, SchemaArgs
from tests.support.recorder import Recorder, record
from tests.support.topic import topic

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
SECRET, JOB = "kubernetes:external-secrets.io/v1:ExternalSecret", "kubernetes:batch/v1:Job"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    generation: int


class Shell(Component, token="test:index:Shell"):
    schema: Schema

    def build(self, args: ShellArgs) -> None:
        database = Postgres(
            "database",
            PostgresArgs(
                config=DatabaseConfig(),
                vpc_id=pulumi.Output.from_input("vpc-1"),
                subnet_ids={"ap-south-1a": pulumi.Output.from_input("subnet-a")},
                owner=None,
                source_arn=None,
                alarms=topic(self),
            ),
            self.child(),
        )
        asked = SchemaArgs(
            namespace="shop-schema",
            image=pulumi.Output.from_input("registry.example/shop/prod/schema:v7"),
            database=database,
            data_blocks=[IPv4Network("10.0.100.0/24")],
            generation=args.generation,
            ready=[database],
        )
        self.schema = Schema("schema", asked, self.child())


@cache
def made(generation: int = 1) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=True)
    return record(lambda: Shell("shell", ShellArgs(scope=scope, generation=generation)))


def job(recorder: Recorder) -> dict:
    return recorder.of(JOB)["schema-job"]


def containers(recorder: Recorder) -> dict[str, dict]:
    """By what each does, in the order in which they run."""
    pod = job(recorder)["spec"]["template"]["spec"]
    return {one["args"][0]: one for one in [*pod["initContainers"], *pod["containers"]]}


def environment(container: dict) -> dict[str, str]:
    """What each variable is, or which key of the Secret it comes from."""
    return {one["name"]: one.get("value") or one["valueFrom"]["secretKeyRef"]["key"] for one in container["env"]}


def test_users_are_made_by_the_owner_and_tables_by_the_user_of_the_migrations_alone():
    steps = containers(made())
    assert list(steps) == ["users", "migrate"]
    where = {"PGHOST": "shop-prod-aps1.example", "PGPORT": "5432", "PGDATABASE": "dhakacart"}
    new = ("MIGRATIONS_PASSWORD", "APPLICATION_A_PASSWORD", "APPLICATION_B_PASSWORD")
    assert environment(steps["users"]) == where | {
        "PGUSER": "OWNER_USER",
        "PGPASSWORD": "OWNER_PASSWORD",
        **{name: name for name in new},
    }
    assert environment(steps["migrate"]) == where | {"PGUSER": "migrations", "PGPASSWORD": "MIGRATIONS_PASSWORD"}


def test_every_variable_that_it_reads_is_in_the_secret_and_none_is_said_in_the_clear():
    recorder = made()
    (secret,) = [one["spec"] for one in recorder.of(SECRET).values()]
    keys = secret["target"]["template"]["data"]
    read = {
        one["valueFrom"]["secretKeyRef"]["key"]
        for container in containers(recorder).values()
        for one in container["env"]
        if "valueFrom" in one
    }
    assert keys.keys() == read
    assert all(template.startswith("{{ .") for template in keys.values())
    assert {one["remoteRef"]["key"] for one in secret["data"]} == {
        f"shop/prod/database/{user}" for user in ("owner", "migrations", "application_a", "application_b")
    }


def test_a_new_generation_of_passwords_is_waited_for_under_a_name_of_its_own():
    first, second = made(1), made(2)
    names = [next(iter(one.of(SECRET).values()))["metadata"]["name"] for one in (first, second)]
    assert names == ["users-1", "users-2"]
    assert job(first)["spec"]["template"] != job(second)["spec"]["template"], "the Job would not run again"


def test_one_that_failed_is_begun_again_and_gives_up_before_pulumi_does():
    recorder = made()
    assert job(recorder)["metadata"]["annotations"] == {"pulumi.com/replaceUnready": "true"}
    spec = job(recorder)["spec"]
    assert spec["activeDeadlineSeconds"] < 35 * 60
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


@pytest.mark.parametrize("step", ["users", "migrate"])
def test_its_pods_meet_the_strictest_standard_and_say_why_they_failed(step):
    recorder = made()
    container = containers(recorder)[step]
    assert container["terminationMessagePolicy"] == "FallbackToLogsOnError"
    security = container["securityContext"]
    assert (security["allowPrivilegeEscalation"], security["readOnlyRootFilesystem"]) == (False, True)
    assert security["capabilities"] == {"drop": ["ALL"]}
    pod = job(recorder)["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
