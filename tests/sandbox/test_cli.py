"""A stack's life by the command line: made, looked at again, changed, refused, destroyed. And what goes wrong."""

import json
import pickle
from dataclasses import dataclass

import pytest

from tests.support.command import Run, execute, interrupted, run
from tests.support.configurations import put
from tests.support.project import Project
from tests.support.proxy import proxied
from tests.support.stacks import PROJECT, STACKS

STACK = "prod-dr"
RUNS_A_STACK = ("up", "preview", "destroy")
OUTPUTS = ("vpc_id", "public_subnet_ids", "app_subnet_ids", "database_subnet_ids", "nat_public_ips", "flow_log_group")


@dataclass(frozen=True)
class Life:
    """What each command said; production's standby, because it refuses to be destroyed and has a region of its own."""

    made: Run
    previewed: Run
    summary: str
    full: str
    refused: Run
    destroyed: Run
    asked: list[str]
    """Hosts beyond this machine that anything of it all wanted to reach."""


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    project = Project(tmp_path_factory.mktemp("life") / "a name with spaces")
    summary, full = project.folder / "summary.md", project.folder / "full.txt"
    edit = {"owner": "shop"}
    with proxied() as asked:
        made = run(project, "up", "--stack", STACK)
        project.edit(STACK, lambda raw: raw.update(put(raw, "network.app_subnets[1]", "10.1.30.0/24") | edit))
        previewed = run(project, "preview", "--stack", STACK, "--summary", str(summary), "--full", str(full))
        refused = run(project, "destroy", "--stack", STACK)
        destroyed = run(project, "destroy", "--stack", STACK, "--unprotect")
    return Life(made, previewed, summary.read_text(), full.read_text(), refused, destroyed, asked)


def test_up_ends_with_the_outputs_of_the_network(life):
    assert life.made.code == 0, life.made.err
    outputs = life.made.out[life.made.out.index("Outputs:") :]
    assert [name for name in OUTPUTS if name not in outputs] == []


def test_nothing_beyond_this_machine_is_asked_for_anything(life):
    assert life.asked == []


def test_what_is_printed_names_no_path_of_the_machine(life):
    for one in (life.made, life.previewed, life.refused, life.destroyed):
        assert str(PROJECT) not in one.out + one.err


def test_preview_of_an_edit_puts_the_replacement_before_the_update(life):
    assert life.previewed.code == 0
    replacements, updates = life.summary.index("Replacements"), life.summary.index("Updates")
    subnet, vpc = life.summary.index("`network-app-subnet-b`"), life.summary.index("`network-vpc-vpc`")
    assert replacements < subnet < updates < vpc


def test_the_full_text_has_each_changed_resource_once(life):
    assert life.full.count(f"urn:pulumi:{STACK}::dhakacart::") >= 40
    assert life.full.count("::network-app-subnet-b\n") == 1


def test_destroy_of_protected_resources_is_refused_with_the_way_to_do_it(life):
    assert life.refused.code == 1
    assert "protect" in life.refused.out
    assert "`destroy --unprotect`" in life.refused.err
    assert "Traceback" not in life.refused.out + life.refused.err


def test_destroy_with_unprotect_leaves_nothing_in_aws_and_says_so(life):
    assert life.destroyed.code == 0, life.destroyed.err
    assert life.destroyed.out.splitlines()[-1] == f"AWS holds nothing of {STACK}."
    assert "stack rm" not in life.destroyed.out, "that deletes the stack's file"


MISTAKES = {
    "a subnet inside another": (
        "network.app_subnets[1]",
        "10.0.1.0/24",
        "dhakacart:network.app_subnets[1]: 10.0.1.0/24",
    ),
    "a region that does not exist": ("region", "ap-middle-9", "dhakacart:region: ap-middle-9"),
    "a key that nobody knows": ("network.nat_gatways", "single", "dhakacart:network.nat_gatways: single"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_broken_configuration_is_told_once_and_nothing_is_registered(project, mistake):
    key, value, told = MISTAKES[mistake]
    project.edit("staging", lambda raw: raw.update(put(raw, key, value)))
    broken = run(project, "up")
    everything = broken.out + broken.err
    assert broken.code == 1
    assert everything.count(told) == 1, everything
    assert "Allowed: " in everything
    assert "Try: " in everything
    assert "Traceback" not in everything
    (checkpoint,) = project.state.glob("backend/.pulumi/stacks/*/staging.json")
    registered = json.loads(checkpoint.read_text())["checkpoint"]["latest"]["resources"]
    assert [resource["type"] for resource in registered] == ["pulumi:pulumi:Stack"]
    assert _made(project) == {}


def _made(project: Project) -> dict[str, str]:
    path = project.state / "aws.pickle"
    return pickle.loads(path.read_bytes())["made"] if path.exists() else {}  # noqa: S301 - written by the sandbox


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [", "is not YAML"),
        ("- config", "is not a mapping of settings"),
        ("config:\n  dhakacart:owner: a\n  dhakacart:owner: b\n", "written twice: dhakacart:owner"),
        ("config:\n  dhakacart:owner: \N{LATIN SMALL LETTER E WITH ACUTE}\n", "is not YAML"),
    ],
    ids=["no YAML", "no mapping", "a key twice", "not UTF-8"],
)
def test_a_stack_file_that_cannot_be_read_is_an_error_that_names_it(project, text, said):
    path = project.folder / "Pulumi.staging.yaml"
    path.write_text(text, encoding="latin-1")
    broken = run(project, "up")
    assert broken.code == 1
    assert broken.err.startswith(f"error: {path} {said}") or said in broken.err
    assert "  Try: " in broken.err


@pytest.mark.parametrize("command", RUNS_A_STACK)
def test_an_unknown_stack_is_an_error_that_names_the_stacks(project, command):
    unknown = run(project, command, "--stack", "production")
    assert unknown.code == 1
    assert "'production'" in unknown.err
    assert all(stack in unknown.err for stack in STACKS)


def test_an_error_of_the_sandbox_reaches_the_shell_as_exit_code_1_and_one_message(tmp_path):
    failed = execute("-m", "sandbox", "up", "--stack", "nope", "--state", str(tmp_path))
    assert failed.code == 1
    assert failed.out == ""
    assert failed.err.startswith("error: there is no stack 'nope'")
    assert len(failed.err.splitlines()) == 2, "a traceback?"


@pytest.mark.parametrize("text", ["boom", "fail", "fail:", "delay:*:soon", ":3"])
def test_a_fault_that_is_none_is_an_error_that_shows_how_to_write_one(project, text):
    failed = run(project, "up", "--fault", text)
    assert failed.code == 1
    assert repr(text) in failed.err
    assert "  Try: " in failed.err
    assert not project.state.exists()


def test_a_failed_call_fails_the_command_and_says_how_to_go_on(project):
    failed = run(project, "up", "--fault", "fail:CreateVpc")
    assert failed.code == 1
    assert "CreateVpc failed on demand" in failed.out
    assert "run up again" in failed.err


@pytest.mark.exhaustive
def test_an_interrupt_is_left_to_the_engine_to_end_in_good_order(project):
    arguments = ("up", "--fault", "delay:CreateVpc:1")
    cut = interrupted(project.state, "aws:ec2:Vpc network-vpc-vpc creating", *arguments)
    assert cut.code == 130
    assert "update canceled" in cut.out
    assert cut.err.splitlines()[-1] == "interrupted: run the same command again to go on"
    assert "Traceback" not in cut.err
    (checkpoint,) = project.state.glob("backend/.pulumi/stacks/*/staging.json")
    assert json.loads(checkpoint.read_text())["checkpoint"]["latest"].get("pending_operations", []) == []


@pytest.mark.parametrize("option", ["--summary", "--full"])
def test_a_summary_that_cannot_be_written_is_told_before_the_engine_starts(project, option):
    failed = run(project, "preview", option, str(project.folder / "missing" / "summary.md"))
    assert failed.code == 1
    assert "missing/summary.md cannot be written: No such file or directory." in failed.err
    assert not project.state.exists()
