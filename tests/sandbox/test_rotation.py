"""A release of the schema and a new generation of passwords, on a whole staging that stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi import automation

from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import WHOLE, Project, preview, up
from tests.support.standing import standing

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("rotation")]  # half a minute

REGION, NAME = "ap-south-1", "dhakacart-staging-aps1"
USERS = ("owner", "migrations", "application_a", "application_b")


@dataclass(frozen=True)
class Moment:
    passwords: dict[str, str]
    told: str
    """The secret that the shop's pods have user and password from."""
    image: str
    """Of the Job that ran last."""


@dataclass(frozen=True)
class Life:
    released: Moment
    rotated: Moment
    order: list[str]
    """Resources in the order in which the new generation reached them."""
    left: set[str]


def look(sandbox: Sandbox) -> Moment:
    secrets, eks = Aws(REGION).client("secretsmanager"), Aws(REGION).client("eks")
    values = {
        user: json.loads(secrets.get_secret_value(SecretId=f"dhakacart/staging/database/{user}")["SecretString"])
        for user in USERS
    }
    objects = sandbox.kubernetes.objects(eks.describe_cluster(name=NAME)["cluster"]["endpoint"])
    (job,) = [one for one in objects if one["kind"] == "Job" and one["metadata"]["name"] == "schema"]
    (data,) = [one for one in objects if one["kind"] == "ExternalSecret" and one["metadata"]["name"] == "data"]
    remote = {one["secretKey"]: one["remoteRef"]["key"] for one in data["spec"]["data"]}
    return Moment(
        passwords={user: value["password"] for user, value in values.items()},
        told=remote["database_password"],
        image=job["spec"]["template"]["spec"]["containers"][0]["image"],
    )


def database(project: Project, **settings: Any) -> None:
    project.edit("staging", lambda values: values["database"].update(settings))


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Iterator[Life]:
    project = standing(tmp_path_factory, WHOLE).project
    with project.sandbox() as sandbox:
        database(project, schema_release="v1")
        up(sandbox)
        released = look(sandbox)
        database(project, password_generation=2)
        order: list[str] = []

        def note(event: automation.EngineEvent) -> None:
            if event.res_outputs_event and event.res_outputs_event.metadata.op.value != "same":
                order.append(event.res_outputs_event.metadata.urn.rpartition("::")[2])

        sandbox.stack("staging").up(on_event=note)
        rotated = look(sandbox)
        assert preview(sandbox) == {}
        sandbox.stack("staging").destroy()
        yield Life(released=released, rotated=rotated, order=order, left=set(sandbox.store.made()))


def test_a_release_of_the_schema_is_run_from_the_stack_s_own_registry(life):
    assert life.released.image.endswith(f".dkr.ecr.{REGION}.amazonaws.com/dhakacart/staging/schema:v1")


def test_pods_at_work_keep_their_password_and_new_ones_connect_as_the_other_user(life):
    before, after = life.released, life.rotated
    assert before.told == "dhakacart/staging/database/application_a"
    assert after.told == "dhakacart/staging/database/application_b"
    kept = {user for user in USERS if before.passwords[user] == after.passwords[user]}
    assert kept == {"application_a"}


def test_the_database_has_the_passwords_before_the_shop_is_told_of_them(life):
    secret, job, told = (
        life.order.index(name) for name in ("users-application-b-value", "schema-job", "shop-data-variables-secret")
    )
    assert secret < job < told


def test_nothing_of_it_is_left_behind(life):
    assert life.left == set()
