"""The shop's database as it is before any migration, and the application that runs on it meanwhile."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.support.postgres import OWNER, Postgres

PRODUCTS = """
CREATE TABLE products (
  id SERIAL PRIMARY KEY,
  name TEXT NOT NULL,
  price NUMERIC NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
)
"""
ROWS = "INSERT INTO products (name, price) SELECT 'product ' || n, n::numeric / 1000 FROM generate_series(1, %s) AS n"


@dataclass
class Shop:
    server: Postgres
    name: str

    def connect(self, user: str = OWNER, password: str = OWNER) -> "psycopg.Connection[Any]":
        return self.server.connect(self.name, user, password)

    def superuser(self) -> "psycopg.Connection[Any]":
        return self.server.connect(self.name)

    def stock(self, rows: int) -> None:
        """What the current schema holds; prices have up to three digits after the point."""
        with self.connect() as connection:
            connection.execute(PRODUCTS)
            connection.execute(ROWS, (rows,))
        self.ready()

    def ready(self) -> None:
        """The users are made, and those who migrate have the tables."""
        code, said = self.users()
        assert code == 0, said

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def users(self, **passwords: str) -> tuple[int, str]:
        return _end(self.server.users(self.name, **passwords))

    def migrate(self) -> tuple[int, str]:
        return _end(self.server.migrate(self.name))


def _end(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """The exit code of the program and what it said."""
    said, _ = process.communicate()
    return process.returncode, said


@dataclass
class Traffic:
    """What the old application did, and how long it ever had to wait for the table."""

    inserted: int = 0
    read: int = 0
    longest_wait_seconds: float = 0.0
    errors: list[str] = field(default_factory=list[str])


@contextmanager
def old_application(shop: Shop) -> Iterator[Traffic]:
    """A writer that inserts by name and price, and a reader that reads by id, until the block is left."""
    traffic, done = Traffic(), threading.Event()

    def write(connection: "psycopg.Connection[Any]") -> None:
        connection.execute("INSERT INTO products (name, price) VALUES ('new', 9.999)")
        traffic.inserted += 1

    def read(connection: "psycopg.Connection[Any]") -> None:
        (row,) = connection.execute("SELECT id, name, price, created_at FROM products WHERE id = 1").fetchall()
        assert row[1] == "product 1"
        traffic.read += 1

    def keep(act: Any) -> None:
        try:
            with shop.connect() as connection:
                while not done.is_set():
                    started = time.monotonic()
                    act(connection)
                    traffic.longest_wait_seconds = max(traffic.longest_wait_seconds, time.monotonic() - started)
                    time.sleep(0.001)
        except Exception as error:  # noqa: BLE001 - whatever it is, the application has failed
            traffic.errors.append(repr(error))

    threads = [threading.Thread(target=keep, args=(act,)) for act in (write, read)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        done.set()
        for thread in threads:
            thread.join()
