"""The state folder: one command at a time, and whatever is wrong with it is told with what to do about it."""

import pickle
import shutil

import pytest

from sandbox.aws.store import versions
from sandbox.errors import SandboxError
from tests.support.command import Run, run
from tests.support.project import Project, up

WHAT_TO_DO = "  Try: remove the whole state folder: what it simulates, of every stack, is lost, and nothing else is"


def damaged(project: Project, name: str, content: bytes, command: str = "up") -> Run:
    """What a command says about a state folder with such a file in it."""
    path = project.state / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    said = run(project, command)
    assert said.code == 1
    assert "Traceback" not in said.out + said.err
    return said


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage\n", pickle.dumps([]), pickle.dumps({"versions": versions()}), pickle.dumps({})[:-1]],
    ids=["empty", "no pickle", "another pickle", "a part missing", "cut short"],
)
def test_what_aws_held_that_cannot_be_read_is_an_error_that_names_the_file(project, content):
    said = damaged(project, "aws.pickle", content)
    assert said.err.startswith(f"error: {project.state / 'aws.pickle'} is damaged")
    assert said.err.splitlines()[-1] == WHAT_TO_DO


def test_what_another_version_of_the_simulator_wrote_is_refused_and_both_are_named(project):
    theirs = {**versions(), "moto": "4.0.1"}
    said = damaged(project, "aws.pickle", pickle.dumps({"versions": theirs, "backends": {}, "made": {}}))
    assert "4.0.1" in said.err
    assert versions()["moto"] in said.err
    assert "Try: go back to those; or remove the whole state folder" in said.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("backend/.pulumi/meta.yaml", b"{"),
        ("backend/.pulumi/stacks/dhakacart/staging.json", b"garbage"),
        ("backend/.pulumi/stacks/dhakacart/staging.json", b'{"version": 99, "checkpoint": {}}'),
    ],
    ids=["index", "no JSON", "a version to come"],
)
def test_an_engine_state_that_cannot_be_read_is_an_error_and_not_a_traceback(project, name, content):
    current = project.state / "backend" / ".pulumi" / "meta.yaml"
    if name.endswith(".json"):  # it is found only where the index says that stacks belong to projects
        current.parent.mkdir(parents=True)
        current.write_text("version: 1\n")
    said = damaged(project, name, content)
    assert said.err.startswith("error: ")
    assert str(project.state) in said.err
    assert said.err.splitlines()[-1] == WHAT_TO_DO


def test_a_file_where_the_engines_folder_has_to_be_costs_nothing_but_that_file(project):
    said = damaged(project, "backend", b"a file")
    assert said.err.startswith(f"error: {project.state / 'backend'} cannot be used: File exists.")
    assert "Try: make way for a folder there" in said.err


def test_removing_the_state_folder_helps(project):
    damaged(project, "aws.pickle", b"garbage")
    shutil.rmtree(project.state)
    assert run(project, "preview").code == 0


def test_no_file_of_the_engines_state_is_written_in_place(project):
    with project.sandbox() as sandbox:
        sandbox.stack("staging")
    stacks = project.state / "backend" / ".pulumi" / "stacks" / "dhakacart"
    assert not list(stacks.glob("*.attrs")), "a kill in the middle of writing it leaves an unreadable state"
    assert (stacks / "staging.json").is_file(), "this is not where the engine keeps its state"


def test_preview_of_a_damaged_stack_says_what_to_do_too(project):
    (project.state / "backend" / ".pulumi").mkdir(parents=True)
    (project.state / "backend" / ".pulumi" / "meta.yaml").write_text("version: 1\n")
    said = damaged(project, "backend/.pulumi/stacks/dhakacart/staging.json", b"{", "preview")
    assert "failed to load checkpoint" in said.err
    assert WHAT_TO_DO.removeprefix("  Try: ") in said.err


@pytest.mark.parametrize("command", ["up", "preview", "destroy", "serve"])
def test_a_second_command_on_the_same_state_is_refused_while_the_first_runs(project, command):
    with project.sandbox():
        second = run(project, command)
    assert second.code == 1
    assert second.err.startswith(f"error: another sandbox command is using {project.state}.")
    assert "--state" in second.err


def test_a_second_sandbox_in_the_process_of_one_is_refused_and_leaves_it_its_aws(project, tmp_path):
    other = Project(tmp_path / "other")
    with project.sandbox() as sandbox:
        made = sandbox.gateway.call("ap-south-1", "sqs", "CreateQueue", {"QueueName": "orders"})
        with pytest.raises(SandboxError, match="belongs to another sandbox"), other.sandbox():
            pass
        assert sandbox.gateway.call("ap-south-1", "sqs", "ListQueues", {})["QueueUrls"] == [made["QueueUrl"]]
    with other.sandbox():
        pass


def test_the_state_is_free_again_once_a_command_has_failed(project):
    assert run(project, "up", "--stack", "nope").code == 1
    with project.sandbox() as sandbox:
        assert sandbox.store.made() == {}


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_where_the_state_folder_has_to_be_is_an_error_that_names_it(project, inside):
    file = project.folder / "file"
    file.write_text("mine")
    said = run(project, "up", "--state", str(file / inside))
    assert said.code == 1
    assert said.err.startswith(f"error: the state folder {file / inside} cannot be used: ")
    assert "Try: make way for a folder there, or name another with --state" in said.err
    assert file.read_text() == "mine"


@pytest.mark.exhaustive
@pytest.mark.parametrize("kept", [0, 1000], ids=["empty", "cut short"])
def test_a_state_that_a_full_disk_cut_short_is_taken_from_the_backup_beside_it(project, kept):
    with project.sandbox(write_through=True) as sandbox:
        up(sandbox)
    (state,) = project.state.glob("backend/.pulumi/stacks/*/staging.json")
    state.write_bytes(state.read_bytes()[:kept])
    again = run(project, "up")
    assert again.code == 0, again.out + again.err
    assert "The engine's state of staging was cut short: its last backup is used." in again.out
    assert run(project, "destroy").out.splitlines()[-1] == "AWS holds nothing of staging."
