"""Stack and project files by the command line: what is wrong in one is told of that one, and costs nothing else."""

from typing import Any

import pytest

from tests.support.command import run
from tests.support.project import Project, up
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive  # half a minute


def rewrite(project: Project, name: str, old: str, new: str) -> None:
    path = project.folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_an_account_id_that_begins_with_a_nought_is_one(project):
    path = project.folder / "Pulumi.staging.yaml"
    path.write_text(
        path.read_text()
        .replace("123456789012", "012345678912")
        .replace("203.0.113.0/24", "")
        .replace("dhakacart.example", "dhakacart.shop")
    )
    rewrite(project, path.name, "cost_centre: dhakacart-staging", 'cost_centre: "00815"')
    previewed = run(project, "preview")
    assert previewed.code == 0, previewed.out


def test_a_renamed_project_is_told_and_its_old_name_finds_everything_again(project):
    rewrite(project, "Pulumi.yaml", "name: dhakacart", "name: shop")
    for command in ("preview", "up", "destroy"):
        refused = run(project, command)
        assert refused.code == 1
        assert "calls the project 'shop'" in refused.err
        assert "Try: `name: dhakacart`" in refused.err
        assert "remove" not in refused.err
    rewrite(project, "Pulumi.yaml", "name: shop", "name: dhakacart")
    assert run(project, "preview").code == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("Pulumi.staging.yaml", "dhakacart:owner: platform", "dhakacart:owner: .inf", "unsupported value: +Inf"),
        ("Pulumi.staging.yaml", "dhakacart:owner:", "a:b:c:d:", "could not parse a:b:c:d"),
        ("Pulumi.yaml", "name: python", "name: ''", "runtime"),
    ],
    ids=["a number that JSON lacks", "a key of no form", "no runtime"],
)
def test_what_the_engine_refuses_in_a_file_is_told_of_the_file_and_not_of_the_state(project, name, old, new, said):
    rewrite(project, name, old, new)
    refused = run(project, "preview")
    assert refused.code == 1
    assert refused.err.startswith("error: the engine refuses Pulumi.yaml or Pulumi.staging.yaml: ")
    assert said in refused.err
    assert "state" not in refused.err
    assert "  Try: correct there what it names" in refused.err


def test_a_stack_that_stands_goes_on_after_its_secrets_moved_to_a_key_elsewhere(tmp_path_factory):
    project = standing(tmp_path_factory).project
    with project.sandbox() as sandbox:
        rewrite(
            project, "Pulumi.staging.yaml", "config:", "secretsprovider: awskms://alias/x\nencryptedkey: AAAA\nconfig:"
        )
        assert up(sandbox).keys() == {"same"}


def test_an_encrypted_value_is_named_and_stands_for_itself_where_its_form_permits(project):
    rewrite(project, "Pulumi.staging.yaml", "owner: platform", "owner: {secure: v1:a:b}")
    previewed = run(project, "preview")
    assert previewed.code == 0, previewed.out
    assert "Pulumi.staging.yaml is encrypted at dhakacart:owner: here " in previewed.out


def test_a_standby_that_was_told_a_key_as_a_secret_is_previewed(project):
    """As the README has one write it, and as pull requests then find it."""

    def told(values: dict[str, Any]) -> None:
        values["domain"] = {"name": "dhakacart.example", "zone": {"id": "Z1EXAMPLE", "name": "dhakacart.example"}}
        values["cdn"] = {"origin_key": {"secure": "v1:a:b"}}

    project.edit("prod-dr", told)
    previewed = run(project, "preview", "--stack", "prod-dr")
    assert previewed.code == 0, previewed.out
    assert "Pulumi.prod-dr.yaml is encrypted at dhakacart:cdn.origin_key: here" in previewed.out


@pytest.mark.parametrize("command", ["preview", "up"])
def test_an_encrypted_value_whose_form_does_not_permit_a_word_is_refused_by_its_key(project, command):
    rewrite(project, "Pulumi.staging.yaml", "owner: platform", "owner: {secure: v1:a:b}")
    rewrite(project, "Pulumi.staging.yaml", "10.0.20.0/24]", "{secure: v1:a:b}]")
    refused = run(project, command)
    assert refused.code == 1
    assert "What is encrypted at dhakacart:network.app_subnets[1] cannot be read without its key" in refused.err
    assert "plain text" in refused.err
    assert "`pulumi preview -s staging`" in refused.err
