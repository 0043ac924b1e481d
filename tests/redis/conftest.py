"""A real Redis for each test, empty, without eviction."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import redis_server


@pytest.fixture
def client() -> Iterator[redis_server.Redis]:
    with (
        tempfile.TemporaryDirectory(prefix="redis") as folder,
        redis_server.server(Path(folder)) as port,
        redis_server.connect(port) as client,
    ):
        yield client
