"""These tests read the pinned charts and run the real Helm, which come as Go modules."""

import pytest

from tests.support import charts


@pytest.fixture(autouse=True, scope="session")
def charts_at_hand() -> None:
    if reason := charts.missing():
        pytest.skip(reason)
