"""The working copy of the stack files: fit for a run without an account, and the project's own are left alone."""

from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.stack_file import SALT
from sandbox.workspace import environment, prepare, require_project, require_stack, stack_names

STACK = """\
secretsprovider: awskms://alias/pulumi?region=ap-south-1
encryptedkey: AAAA
config:
  shop:owner: platform
  shop:password: {secure: v1:abc}
"""


@pytest.fixture
def project(tmp_path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    return folder


def test_a_stack_that_keeps_secrets_in_kms_runs_without_it_and_its_secrets_are_named(project, tmp_path):
    assert prepare(project, tmp_path / "work", "prod") == ("shop:password",)
    copy = (tmp_path / "work" / "Pulumi.prod.yaml").read_text()
    assert "awskms" not in copy
    assert "v1:abc" not in copy
    assert copy.startswith(f"encryptionsalt: {SALT}\n")


def test_what_is_no_longer_in_the_stack_file_is_no_longer_in_the_copy(project, tmp_path):
    prepare(project, tmp_path / "work", "prod")
    (project / "Pulumi.prod.yaml").write_text("config: {}\n")
    prepare(project, tmp_path / "work", "prod")
    assert "shop:owner" not in (tmp_path / "work" / "Pulumi.prod.yaml").read_text()


def test_the_projects_own_files_are_left_alone(project, tmp_path):
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    prepare(project, tmp_path / "work", "prod")
    assert {path.name: path.read_bytes() for path in project.iterdir()} == before


def test_stacks_are_named_by_their_files(project):
    (project / "Pulumi.prod-dr.yaml").write_text("config: {}\n")
    assert stack_names(project) == ["prod", "prod-dr"]


def test_a_stack_without_a_file_is_an_error_that_names_those_with_one(project):
    with pytest.raises(SandboxError) as refused:
        require_stack(project, "prodd")
    assert "'prodd'" in refused.value.what
    assert "Stacks: prod." in refused.value.what


@pytest.mark.parametrize("text", ["runtime: python\n", "name: [shop]\n"])
def test_a_project_file_without_a_name_is_an_error_that_names_it(project, text):
    (project / "Pulumi.yaml").write_text(text)
    with pytest.raises(SandboxError) as refused:
        require_project(project)
    assert str(project / "Pulumi.yaml") in refused.value.what


def test_the_engine_is_sent_to_the_sandboxs_backend_home_and_providers(tmp_path):
    settings = environment(tmp_path / "my state", {"aws": 1, "random": 2})
    assert settings["PULUMI_BACKEND_URL"] == f"{(tmp_path / 'my state' / 'backend').as_uri()}?metadata=skip"
    assert (tmp_path / "my state" / "backend").is_dir()
    assert settings["PULUMI_HOME"].startswith(str(tmp_path))
    assert settings["PULUMI_DEBUG_PROVIDERS"] == "aws:1,random:2"
