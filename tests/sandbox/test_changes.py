"""What a change of the stack file would do, and what a destroy leaves."""

import pytest

from tests.support.aws import Aws
from tests.support.project import preview, up
from tests.support.standing import standing


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
    """Staging stands; a test edits the stack file, previews, and puts it back."""
    project = standing(tmp_path_factory).project
    with project.sandbox() as sandbox:
        yield project, sandbox


def change(changing, edit):
    project, sandbox = changing
    path = project.folder / "Pulumi.staging.yaml"
    before = path.read_text()
    project.edit("staging", edit)
    try:
        return preview(sandbox)
    finally:
        path.write_text(before)


def test_nothing_changes_without_an_edit(changing):
    assert change(changing, lambda values: None) == {}


def test_another_subnet_block_replaces_that_subnet_and_what_hangs_on_it(changing):
    def move(values):
        values["network"]["database_subnets"] = ["10.0.150.0/24", "10.0.200.0/24"]

    steps = change(changing, move)
    assert steps["network-database-subnet-1"] in {"replace", "create-replacement"}
    assert not any("subnet-2" in name or "app" in name for name in steps), "others stay where they are"


def test_another_vpc_block_replaces_the_vpc(changing):
    def renumber(values):
        network = values["network"]
        network["cidr"] = "10.9.0.0/16"
        for tier in ("public_subnets", "app_subnets", "database_subnets"):
            network[tier] = [cidr.replace("10.0.", "10.9.") for cidr in network[tier]]

    assert change(changing, renumber)["network-vpc-vpc"] in {"replace", "create-replacement"}


def test_another_tag_updates_and_replaces_nothing(changing):
    steps = change(changing, lambda values: values.update(owner="another-team"))
    assert steps["network-vpc-vpc"] == "update"
    assert set(steps.values()) == {"update"}


def test_another_retention_updates_the_log_group_alone(changing):
    steps = change(changing, lambda values: values["network"]["flow_logs"].update(retention_days=30))
    assert steps == {"network-flow-logs-group": "update"}


def test_a_third_zone_only_creates(changing):
    def third(values):
        network = values["network"]
        network["availability_zones"].append("ap-south-1c")
        network["public_subnets"].append("10.0.3.0/24")
        network["app_subnets"].append("10.0.30.0/24")
        network["database_subnets"].append("10.0.150.0/24")
        network["pod_subnets"].append("100.64.128.0/18")

    steps = change(changing, third)
    others = {name: step for name, step in steps.items() if step != "create"}
    endpoints = {f"network-endpoints-{name}" for name in ("s3", "ecr-api", "ecr-dkr", "logs")}
    assert others == dict.fromkeys(endpoints, "update"), "endpoints gain an interface or a route in the new zone"
    assert steps["network-app-subnet-3"] == "create"


def test_a_change_in_place_reaches_aws_and_leaves_the_rest_alone(changing):
    project, sandbox = changing
    path = project.folder / "Pulumi.staging.yaml"
    before = path.read_text()
    project.edit("staging", lambda values: values["network"]["flow_logs"].update(retention_days=30))
    assert up(sandbox)["update"] == 1
    (group,) = Aws("ap-south-1").client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 30
    path.write_text(before)
    assert up(sandbox)["update"] == 1
