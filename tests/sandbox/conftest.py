"""A network that stands, for the tests that only look; an account with nothing in it, to try rules on."""

from collections.abc import Iterator

import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from sandbox.aws.gateway import Gateway, Region
from sandbox.session import Sandbox
from tests.support.aws import ACCOUNT, Aws
from tests.support.project import Project
from tests.support.standing import standing as standing_copy
from tests.support.world import World

GATEWAY = Gateway()  # shared: its clients take longer to make than a test takes


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


@pytest.fixture(scope="module")
def simulated() -> Iterator[None]:
    """moto in AWS's place while the module's tests run: to put it there takes longer than most of them."""
    with mock_aws():
        yield


@pytest.fixture
def account(simulated: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty one, not that of a stack which stands meanwhile."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    yield ACCOUNT
    for backend in list(BackendDict._instances):
        backend.pop(ACCOUNT, None)
    for bucket, (_, owner) in list(s3_backends.bucket_accounts.items()):
        if owner == ACCOUNT:
            del s3_backends.bucket_accounts[bucket]


@pytest.fixture
def world(account: str) -> World:
    return World()


@pytest.fixture
def home() -> Region:
    return GATEWAY.region("ap-south-1")


@pytest.fixture
def edge() -> Region:
    """Where CloudFront has what belongs to no region."""
    return GATEWAY.region("us-east-1")
