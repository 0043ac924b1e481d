"""A network that stands, for the tests that only look; an account with nothing in it, to try rules on."""

from collections.abc import Iterator
from itertools import count

import pytest
from moto import mock_aws

from sandbox.aws.gateway import Gateway, Region
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import Project
from tests.support.standing import standing as standing_copy
from tests.support.world import World

GATEWAY = Gateway()  # shared: its clients take longer to make than a test takes
ACCOUNTS = count(800)


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


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """In an account of the test's own."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", f"{next(ACCOUNTS):012}")
    with mock_aws():
        yield World()


@pytest.fixture
def home() -> Region:
    return GATEWAY.region("ap-south-1")


@pytest.fixture
def edge() -> Region:
    """Where CloudFront has what belongs to no region."""
    return GATEWAY.region("us-east-1")
