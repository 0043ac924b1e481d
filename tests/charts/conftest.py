"""What needs the real Helm, and charts to render with it, is left out where they cannot be had."""

import os

import pytest

from tests.support import charts


@pytest.fixture(scope="session")
def helm_at_hand() -> None:
    if not os.environ.get("CHARTS") and (reason := charts.missing()):
        pytest.skip(reason)
