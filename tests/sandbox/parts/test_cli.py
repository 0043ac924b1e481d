"""The command line before any work begins: help, usage, and what it costs to be told."""

import subprocess
import sys

import pytest

from sandbox.cli import LAST_PORT, main, parser
from tests.support.stacks import PROJECT

COMMON = ["--state", "--fault", "--kube-endpoint", "--kube-ca"]
OPTIONS = {
    "up": ["--stack", *COMMON],
    "preview": ["--stack", *COMMON, "--summary", "--full"],
    "destroy": ["--stack", *COMMON, "--unprotect"],
    "serve": ["--port", "--only", *COMMON],
}


def ended(arguments: list[str]) -> int:
    """The exit code with which the command line sends one away."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert isinstance(end.value.code, int)
    return end.value.code


def test_help_lists_every_command(capsys):
    assert ended(["--help"]) == 0
    listed = capsys.readouterr().out
    assert [command for command in OPTIONS if f"\n    {command} " not in listed] == []


@pytest.mark.parametrize("command", OPTIONS)
def test_help_of_a_command_lists_its_options(command, capsys):
    assert ended([command, "--help"]) == 0
    listed = capsys.readouterr().out
    assert [option for option in OPTIONS[command] if f"\n  {option} " not in listed] == []


def test_help_costs_no_import_of_pulumi_or_of_the_simulated_aws():
    script = (
        "import sys, sandbox.cli as cli\ntry: cli.main(['up', '--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = run.stdout.splitlines()[-1].split()
    assert "sandbox.cli" in loaded
    assert {"pulumi", "moto", "boto3", "grpc"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["apply"],
        ["up", "staging"],
        ["up", "--only", "aws"],
        ["serve", "--stack", "staging"],
        ["serve", "--port", "http"],
        ["serve", "--port", "0"],
        ["serve", "--port", str(LAST_PORT + 1)],
        ["destroy", "--summary", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_code_2_and_shows_the_right_one(arguments, capsys):
    assert ended(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: sandbox")


def test_staging_is_the_stack_that_is_meant_when_none_is_named():
    assert parser().parse_args(["up"]).stack == "staging"


def test_faults_add_up():
    assert parser().parse_args(["up", "--fault", "fail:1", "--fault", "cut:*"]).fault == ["fail:1", "cut:*"]
