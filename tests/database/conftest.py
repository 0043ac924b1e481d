"""One real PostgreSQL for all of these tests, a database of its own for each."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.shop import Shop

NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Postgres]:
    with tempfile.TemporaryDirectory(prefix="pg") as folder, postgres.server(Path(folder)) as running:
        yield running


@pytest.fixture
def shop(server: postgres.Postgres) -> Shop:
    """The database as the running shop has it: products, with rows in them."""
    name = f"shop_{next(NUMBERS)}"
    with server.connect() as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {postgres.OWNER}")  # a name that is made here
    return Shop(server, name)
