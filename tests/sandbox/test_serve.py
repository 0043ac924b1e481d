"""``serve``: an ordinary Pulumi program and an ordinary AWS client, each in a process of its own."""

import signal
import socket
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from sandbox import engine
from sandbox.session import Sandbox
from tests.support.command import Run, execute, free_ports, run, serving
from tests.support.project import Project

ORDINARY = """
import runpy, sys
from pulumi import automation

folder = sys.argv[1]
stack = automation.create_or_select_stack(
    "staging",
    project_name="dhakacart",
    program=lambda: runpy.run_path(folder + "/__main__.py", run_name="__main__"),
    opts=automation.LocalWorkspaceOptions(work_dir=folder),
)
print(stack.up().outputs["vpc_id"].value)
"""
EXPORTS = {
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_SKIP_UPDATE_CHECK",
    "PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL",
    "PULUMI_DEBUG_PROVIDERS",
}


@dataclass
class Served:
    """What was seen from outside while it served, and what was left when it had stopped."""

    exports: dict[str, str] = field(default_factory=dict)
    blocks_before: list[str] = field(default_factory=list)
    program: Run | None = None
    vpcs: dict[str, str] = field(default_factory=dict)
    stopped: Run | None = None
    again: Run | None = None


def packages(exports: dict[str, str]) -> list[str]:
    """The providers that pulumi is told to attach to; for all others it takes its own plugins."""
    return [entry.partition(":")[0] for entry in exports["PULUMI_DEBUG_PROVIDERS"].split(",")]


def blocks(ec2: Any) -> dict[str, str]:
    """The address block of each VPC, by id."""
    return {vpc["VpcId"]: vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"]}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Served:
    project, seen = Project(tmp_path_factory.mktemp("served") / "project"), Served()
    pulumi = engine.resolve(print).parent
    with serving(project.state) as server, pytest.MonkeyPatch.context() as environment:
        seen.exports = server.exports
        for name, value in server.exports.items():
            environment.setenv(name, value)
        ec2 = boto3.client("ec2")
        seen.blocks_before = list(blocks(ec2).values())
        own = {"PATH": str(pulumi), "PULUMI_HOME": str(project.folder / "home")}
        seen.program = execute("-c", ORDINARY, str(project.folder), env=server.exports | own)
        seen.vpcs = blocks(ec2)
        seen.stopped = server.stop(signal.SIGINT)
    seen.again = run(project, "up")
    return seen


@pytest.mark.exhaustive
@pytest.mark.xdist_group("serve")
def test_what_it_prints_is_all_that_pulumi_and_aws_need(served):
    assert served.exports.keys() == EXPORTS
    assert packages(served.exports) == ["aws", "random", "eks", "kubernetes"]


@pytest.mark.exhaustive
@pytest.mark.xdist_group("serve")
def test_an_aws_client_that_knows_only_the_exports_sees_an_empty_account(served):
    assert served.blocks_before == ["172.31.0.0/16"], "more or less than the default VPC"


@pytest.mark.exhaustive
@pytest.mark.xdist_group("serve")
def test_an_ordinary_pulumi_program_stands_the_network_up_where_the_aws_client_sees_it(served):
    assert served.program.code == 0, served.program.err
    assert served.vpcs[served.program.out.strip()] == "10.0.0.0/16"


@pytest.mark.exhaustive
@pytest.mark.xdist_group("serve")
def test_an_interrupt_ends_it_in_good_order(served):
    assert served.stopped.code == 0, served.stopped.err
    assert served.stopped.out.splitlines()[-1] == "# Stopped; what stands is remembered."
    assert "Traceback" not in served.stopped.err


@pytest.mark.exhaustive
@pytest.mark.xdist_group("serve")
def test_what_stood_when_it_stopped_needs_no_change_by_the_next_command(served):
    assert served.again.code == 0
    assert served.again.out.splitlines()[-1].startswith("Nothing changed: ")
    assert served.again.out.count(" creating ") == 0


@pytest.mark.exhaustive
def test_only_what_was_asked_for_is_served_and_a_scripts_kill_ends_it_as_well(tmp_path):
    with serving(tmp_path / "state", "--only", "aws") as server:
        assert packages(server.exports) == ["aws"]
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "ap-south-1"}
        ec2 = boto3.client("ec2", endpoint_url=server.exports["AWS_ENDPOINT_URL"], **keys)
        made = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        stopped = server.stop(signal.SIGTERM)
    assert (stopped.code, stopped.err) == (0, "")
    with Sandbox(state=tmp_path / "state"):
        assert blocks(boto3.client("ec2", **keys))[made] == "10.9.0.0/16", "what aws made is forgotten"


def test_the_real_kubernetes_plugin_takes_over_where_it_is_left_out(tmp_path):
    with serving(tmp_path / "state", "--only", "aws,random,eks") as server:
        assert packages(server.exports) == ["aws", "random", "eks"]


def test_a_provider_that_nobody_simulates_is_an_error_that_names_those_there_are(project):
    failed = run(project, "serve", "--port", str(free_ports()), "--only", "aws,google")
    assert failed.code == 1
    assert failed.err.splitlines() == [
        "error: there is no simulated provider google.",
        "  Try: choose from aws, random, eks, kubernetes",
    ]


@pytest.mark.parametrize("which", [0, 1, 4], ids=["of AWS", "of its provider", "of the last provider"])
def test_a_port_in_use_is_an_error_that_names_it(project, which):
    first = free_ports()
    with socket.create_server(("127.0.0.1", first + which)):
        failed = run(project, "serve", "--port", str(first))
    assert failed.code == 1
    assert failed.err.startswith(f"error: port {first + which} ")
    assert "--port" in failed.err
    assert failed.out == ""
