"""The working copy of the stack files: fit for a run without an account, and the project's own are left alone."""

from pathlib import Path

import pytest
import yaml

from sandbox.errors import SandboxError
from sandbox.workspace import SECRET, environment, prepare, require_stack, stack_names

STACK = """
secretsprovider: awskms://alias/pulumi?region=ap-south-1
encryptedkey: AAAA
config:
  shop:owner: platform
  shop:password: {secure: v1:abc}
  shop:list: [{secure: v1:def}, {key: {secure: v1:ghi}}]
  shop:entry: {secure: v1:jkl, beside: it}
"""


@pytest.fixture
def project(tmp_path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    return folder


def prepared(project: Path, folder: Path) -> dict:
    prepare(project, folder, "prod")
    return yaml.safe_load((folder / "Pulumi.prod.yaml").read_text())


def test_a_stack_that_keeps_secrets_in_kms_runs_without_it(project, tmp_path):
    assert prepared(project, tmp_path / "work").keys() == {"config"}


def test_what_only_the_real_key_decrypts_is_replaced_wherever_it_stands(project, tmp_path):
    config = prepared(project, tmp_path / "work")["config"]
    assert config["shop:password"] == SECRET
    assert config["shop:list"] == [SECRET, {"key": SECRET}]


def test_plain_values_stay_as_they_are(project, tmp_path):
    config = prepared(project, tmp_path / "work")["config"]
    assert config["shop:owner"] == "platform"
    assert config["shop:entry"] == {"secure": "v1:jkl", "beside": "it"}


def test_the_salt_that_the_engine_wrote_into_the_copy_is_kept(project, tmp_path):
    copy = tmp_path / "work" / "Pulumi.prod.yaml"
    prepared(project, copy.parent)
    copy.write_text(copy.read_text() + "encryptionsalt: v1:salt\n")
    assert prepared(project, copy.parent)["encryptionsalt"] == "v1:salt"


def test_a_salt_of_the_real_stack_is_not_taken_over(project, tmp_path):
    (project / "Pulumi.prod.yaml").write_text("encryptionsalt: v1:real\nconfig: {}\n")
    assert "encryptionsalt" not in prepared(project, tmp_path / "work")


def test_what_is_no_longer_in_the_stack_file_is_no_longer_in_the_copy(project, tmp_path):
    prepared(project, tmp_path / "work")
    (project / "Pulumi.prod.yaml").write_text("config: {}\n")
    assert prepared(project, tmp_path / "work") == {"config": {}}


def test_the_projects_own_files_are_left_alone(project, tmp_path):
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    prepared(project, tmp_path / "work")
    assert {path.name: path.read_bytes() for path in project.iterdir()} == before


def test_stacks_are_named_by_their_files(project):
    (project / "Pulumi.prod-dr.yaml").write_text("config: {}\n")
    assert stack_names(project) == ["prod", "prod-dr"]


def test_a_stack_without_a_file_is_an_error_that_names_those_with_one(project):
    with pytest.raises(SandboxError) as refused:
        require_stack(project, "prodd")
    assert "'prodd'" in refused.value.what
    assert "Stacks: prod." in refused.value.what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [", "is not YAML"),
        ("", "is not a mapping"),
        ("a: 1\na: 2\n", "written twice: a"),
        ("config:\n  b: {c: 1, c: 2}\n", "written twice: c"),
    ],
)
def test_a_stack_file_that_cannot_be_read_is_an_error_that_names_it(project, tmp_path, text, said):
    path = project / "Pulumi.prod.yaml"
    path.write_text(text)
    with pytest.raises(SandboxError) as refused:
        prepare(project, tmp_path / "work", "prod")
    assert str(path) in refused.value.what
    assert said in refused.value.what


def test_a_yaml_merge_overrides_what_it_merges_and_is_no_key_twice(project, tmp_path):
    (project / "Pulumi.prod.yaml").write_text("base: &base {a: 1}\nconfig:\n  <<: *base\n  a: 2\n")
    assert prepared(project, tmp_path / "work")["config"] == {"a": 2}


def test_the_engine_is_sent_to_the_sandboxs_backend_home_and_providers(tmp_path):
    settings = environment(tmp_path / "my state", {"aws": 1, "random": 2})
    assert settings["PULUMI_BACKEND_URL"] == f"{(tmp_path / 'my state' / 'backend').as_uri()}?metadata=skip"
    assert (tmp_path / "my state" / "backend").is_dir()
    assert settings["PULUMI_HOME"].startswith(str(tmp_path))
    assert settings["PULUMI_DEBUG_PROVIDERS"] == "aws:1,random:2"
