"""A network that stands, for the tests that only look."""

from collections.abc import Iterator

import pytest

from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import Project
from tests.support.standing import standing as standing_copy


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def standing(tmp_path_factory) -> Iterator[Sandbox]:
    """Staging's network, up for as long as the module's tests run. They look, and change nothing."""
    with standing_copy(tmp_path_factory).project.sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def aws(standing) -> Aws:
    return Aws("ap-south-1")
