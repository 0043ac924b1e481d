"""What holds data and is protected: a change that would lose it, and the end of a stack that somebody insists on."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.command import Run, run
from tests.support.project import Project
from tests.support.stacks import PROJECT

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("protection")]  # a quarter of a minute

REGISTRY = PROJECT / "tests" / "support" / "registry_program.py"
FRONTEND = "dhakacart/prod/frontend"
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": "sha256:" + "0" * 64},
    "layers": [],
}


@dataclass(frozen=True)
class Life:
    """A service taken off the list of a registry whose repositories have images, and then the end of it all."""

    previewed: Run
    changed: Run
    policies: list[str]
    images: list[str]
    ended: Run


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    project = Project(tmp_path_factory.mktemp("prod") / "project", REGISTRY)
    assert run(project, "up", "--stack", "prod").code == 0
    with project.sandbox() as sandbox:
        ecr = Aws("ap-south-1").client("ecr")
        ecr.put_image(repositoryName=FRONTEND, imageManifest=json.dumps(MANIFEST), imageTag="1.0.0")
        sandbox.store.save()
    project.edit("prod", _without_frontend)
    previewed, changed = (run(project, command, "--stack", "prod") for command in ("preview", "up"))
    with project.sandbox():
        ecr = Aws("ap-south-1").client("ecr")
        policies = [name for name in _repositories(ecr) if _has_policy(ecr, name)]
        images = [image["imageTag"] for image in ecr.list_images(repositoryName=FRONTEND)["imageIds"]]
    return Life(previewed, changed, policies, images, run(project, "destroy", "--stack", "prod", "--unprotect"))


def _without_frontend(values: dict[str, Any]) -> None:
    values["registry"]["repositories"] = ["backend", "schema"]


def _repositories(ecr: Any) -> list[str]:
    return sorted(one["repositoryName"] for one in ecr.describe_repositories()["repositories"])


def _has_policy(ecr: Any, repository: str) -> bool:
    return bool(ecr.get_lifecycle_policy(repositoryName=repository)["lifecyclePolicyText"])


def test_a_change_that_would_lose_images_is_refused_in_preview_already(life):
    assert life.previewed.code == life.changed.code == 1
    assert "registry-lifecycle-frontend" in life.previewed.out
    assert "protected" in life.previewed.out


def test_what_was_refused_has_changed_nothing(life):
    assert life.policies == [f"dhakacart/prod/{service}" for service in ("backend", "frontend", "schema")]
    assert life.images == ["1.0.0"]


def test_the_advice_for_a_refused_change_names_no_command_that_deletes_more_than_the_change(life):
    for one in (life.previewed, life.changed):
        assert "destroy" not in one.err
        assert "pulumi state unprotect" in one.err


def test_destroy_of_a_stack_that_was_unprotected_takes_repositories_with_their_images(life):
    assert life.ended.code == 0, life.ended.out + life.ended.err
    assert life.ended.out.splitlines()[-1] == "AWS holds nothing of prod."
