"""What GitHub runs to preview a pull request, run here: the lines of its job, in order, by the shell that it names."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.support.checkout import checkout as copied
from tests.support.checkout import github_step, give_environment
from tests.support.command import clean
from tests.support.stacks import PROJECT

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("pull-request")]  # two minutes

WORKFLOW = PROJECT / ".github" / "workflows" / "pull-request.yml"
STACK = "staging"
AUTHOR = {f"GIT_{who}_{what}": "shop" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class Checkout:
    """As ``actions/checkout`` leaves it, with what ``make setup`` makes."""

    folder: Path
    temp: Path

    @property
    def summary(self) -> str:
        return (self.temp / "step-summary.md").read_text()

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, env=clean() | AUTHOR, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "-qm", "change")

    def run(self, step: str) -> str:
        """What a step prints."""
        own = {"RUNNER_TEMP": str(self.temp), "GITHUB_STEP_SUMMARY": str(self.temp / "step-summary.md"), "STACK": STACK}
        done = github_step(step, folder=self.folder, env=clean() | own)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(copied(tmp_path / "checkout"), tmp_path / "temp")
    made.temp.mkdir()
    made.git("init", "-q")
    made.commit()
    give_environment(made.folder)
    return made


def steps() -> list[str]:
    """Of the job that previews in the sandbox; ``make setup`` has been run, or no test would."""
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["preview"]
    return [step["run"] for step in job["steps"] if "run" in step and step["run"] != "make setup"]


def edit(checkout: Checkout, old: str, new: str) -> None:
    path = checkout.folder / f"Pulumi.{STACK}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_pull_request_is_shown_what_it_changes_of_a_stack_that_stands(checkout):
    edit(checkout, "dhakacart:owner: ", "dhakacart:owner: new-")
    checkout.commit()
    for step in steps():
        checkout.run(step)
    assert checkout.summary.startswith(f"### `{STACK}`: ")
    assert "0 to create" in checkout.summary
    assert "`network-vpc-vpc`" in checkout.summary
    assert "::network-vpc-vpc\n" in (checkout.temp / "full.txt").read_text()


def test_where_the_base_does_not_stand_up_everything_is_new(checkout):
    edit(checkout, "dhakacart:region: ap-south-1", "dhakacart:region: ap-middle-9")
    checkout.commit()
    edit(checkout, "dhakacart:region: ap-middle-9", "dhakacart:region: ap-south-1")
    checkout.commit()
    for step in steps():
        checkout.run(step)
    assert checkout.summary.startswith("The base of this pull request does not stand up: everything shows as new.\n")
    assert "0 unchanged" in checkout.summary
