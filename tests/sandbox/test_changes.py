"""What a change of the stack file would do, and what a destroy leaves."""

import pytest
from pulumi import automation

from tests.support.aws import Aws
from tests.support.project import preview, up
from tests.support.standing import standing

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("changes")]  # three quarters of a minute

SUBNET_LISTS = ("public_subnets", "app_subnets", "database_subnets", "pod_subnets")


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
        values["network"]["public_subnets"] = ["10.0.7.0/24", "10.0.2.0/24"]

    steps = change(changing, move)
    assert steps["network-public-subnet-a"] in {"replace", "create-replacement"}
    assert not [name for name in steps if name.endswith("-b")], "the other zone's stay where they are"


def renumbered(values):
    network = values["network"]
    network["cidr"] = "10.9.0.0/16"
    for tier in ("public_subnets", "app_subnets", "database_subnets"):
        network[tier] = [cidr.replace("10.0.", "10.9.") for cidr in network[tier]]


def swapped(values):
    values["network"]["availability_zones"].reverse()


def moved(values):
    values["network"]["database_subnets"] = ["10.0.150.0/24", "10.0.200.0/24"]


@pytest.mark.parametrize(
    ("edit", "report"),
    [
        (moved, "dhakacart:network.database_subnets[0]: 10.0.150.0/24 is another block than the cache has in ap-south"),
        (renumbered, "dhakacart:network.cidr: 10.9.0.0/16 is another block than the VPC was made with"),
        (swapped, "dhakacart:network.availability_zones: [ap-south-1b, ap-south-1a] gives subnets that stand to other"),
    ],
)
def test_what_cannot_be_changed_on_a_living_stack_is_refused_in_preview_by_name(changing, edit, report):
    with pytest.raises(automation.CommandError) as caught:
        change(changing, edit)
    said = str(caught.value)
    assert report in said
    assert "1 problem; nothing was registered" in said
    assert "Traceback" not in said
    assert "aws:" not in said, "nothing of AWS is planned once a change is refused"


def test_a_new_order_of_zones_and_lists_alike_changes_nothing(changing):
    def reverse(values):
        network = values["network"]
        for name in ("availability_zones", *SUBNET_LISTS):
            network[name].reverse()

    assert change(changing, reverse) == {}


def test_another_tag_updates_and_replaces_nothing(changing):
    steps = change(changing, lambda values: values.update(owner="another-team"))
    assert steps["network-vpc-vpc"] == "update"
    assert set(steps.values()) == {"update"}


def test_another_retention_updates_the_log_group_alone(changing):
    steps = change(changing, lambda values: values["network"]["flow_logs"].update(retention_days=30))
    assert steps == {"network-flow-logs-group": "update"}


def third_zone(values):
    network = values["network"]
    network["availability_zones"].append("ap-south-1c")
    for name, block in zip(
        SUBNET_LISTS, ("10.0.3.0/24", "10.0.30.0/24", "10.0.150.0/24", "100.64.128.0/18"), strict=True
    ):
        network[name].append(block)


def test_a_third_zone_only_creates(changing):
    steps = change(changing, third_zone)
    others = {name: step for name, step in steps.items() if step != "create"}
    endpoints = {f"network-endpoints-{name}" for name in ("s3", "ecr-api", "ecr-dkr", "logs")}
    assert others == dict.fromkeys(endpoints, "update"), "endpoints gain an interface or a route in the new zone"
    assert steps["network-app-subnet-c"] == "create"


def test_a_zone_in_the_middle_goes_and_takes_only_its_own_with_it(changing):
    def without_the_second(values):
        third_zone(values)
        for name in ("availability_zones", *SUBNET_LISTS):
            del values["network"][name][1]

    project, sandbox = changing
    path = project.folder / "Pulumi.staging.yaml"
    before = path.read_text()
    try:
        project.edit("staging", third_zone)
        up(sandbox)
        path.write_text(before)
        project.edit("staging", without_the_second)
        steps = preview(sandbox)
        up(sandbox)
        assert [subnet["AvailabilityZone"][-1] for subnet in Aws("ap-south-1").subnets("app")] == ["a", "c"]
        assert preview(sandbox) == {}
    finally:
        path.write_text(before)
        up(sandbox)
    of_the_zone = {name for name in steps if "-b-" in f"{name}-"}
    assert {name for name, step in steps.items() if step == "delete"} == of_the_zone
    assert {step for name, step in steps.items() if name not in of_the_zone} == {"update"}, "endpoints leave the zone"


def test_a_nat_gateway_in_another_subnet_keeps_its_address_there_and_back(changing):
    project, sandbox = changing
    path = project.folder / "Pulumi.staging.yaml"
    before, addresses = path.read_text(), public_addresses()
    project.edit("staging", lambda values: values["network"].update(public_subnets=["10.0.7.0/24", "10.0.2.0/24"]))
    try:
        assert up(sandbox)["replace"] > 0
        assert [subnet["CidrBlock"] for subnet in Aws("ap-south-1").subnets("public")] == ["10.0.7.0/24", "10.0.2.0/24"]
        assert public_addresses() == addresses
    finally:
        path.write_text(before)
        up(sandbox)
    assert public_addresses() == addresses
    assert preview(sandbox) == {}


def public_addresses() -> set[str]:
    found = Aws("ap-south-1").ec2.describe_nat_gateways()["NatGateways"]
    return {gateway["NatGatewayAddresses"][0]["PublicIp"] for gateway in found if gateway["State"] == "available"}


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
