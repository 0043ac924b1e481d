"""A real Redis (or Valkey) of the tests' own, and keys as the keyspace has them."""

import os
import random
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import redis

from dhakacart_infra.config.keyspace import Keys

OLDEST = 7  # permissions on single subcommands came with it
REMEDY = "install it (apt-get install redis-server), or name the program: REDIS_SERVER=/path/redis-server"
Redis = redis.Redis
BATCH = 2_000


class NoRedisError(Exception):
    """There is none that is new enough."""


@cache
def program() -> str:
    """The server. Raises NoRedisError."""
    named = os.environ.get("REDIS_SERVER")
    for candidate in (named,) if named else ("redis-server", "valkey-server"):
        found = shutil.which(candidate)
        version = re.search(r"v=(\d+)\.", _said([found, "--version"])) if found else None
        if found and version and int(version[1]) >= OLDEST:
            return found
    raise NoRedisError(f"the keyspace is measured on a real Redis {OLDEST} or later, and there is none: {REMEDY}")


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def server(folder: Path, *options: str) -> Iterator[int]:
    """The port of one that runs until the block is left."""
    port = _free_port()
    command = [program(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def connect(port: int) -> Redis:
    return redis.Redis(port=port, decode_responses=True)


def _free_port() -> int:
    """Low enough for a cluster's second one, which is 10,000 above it."""
    while True:
        port = random.randrange(20_000, 50_000)  # noqa: S311
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port


def _wait(port: int, process: "subprocess.Popen[bytes]", seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with connect(port) as client:
                client.ping()
        except redis.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def used(client: Redis) -> int:
    """Bytes, what ``maxmemory`` is held against."""
    return client.info("memory")["used_memory"]


def limit(client: Redis, percent: int) -> None:
    """Leave the server so much of the memory it uses, and wait until it has made do: it evicts a little at a time."""
    limit = used(client) * percent // 100
    client.config_set("maxmemory", limit)
    while used(client) > limit:
        client.set("session:another", "{}", ex=60)


class Writer:
    """Writes keys as the backend would; the same ones for the same seed."""

    def __init__(self, client: Redis, seed: int = 1) -> None:
        self.client, self.chance = client, random.Random(seed)  # noqa: S311
        self.ttl: dict[str, int] = {}
        """By key, what it had left when it was written."""

    def fill(self, keys: Keys, count: int, *, aged: bool = False, start: int = 0) -> None:
        """``aged``: as they stand at any moment, each with some of its time gone."""
        for first in range(start, start + count, BATCH):
            pipe = self.client.pipeline(transaction=False)
            for number in range(first, min(first + BATCH, start + count)):
                ttl = self.chance.randint(1, keys.ttl_seconds) if aged else keys.ttl_seconds
                self._put(pipe, keys, self.key(keys, number), ttl)
            pipe.execute()

    def key(self, keys: Keys, number: int) -> str:
        match keys.name:
            case "session":
                return f"session:{self.chance.getrandbits(128):032x}"
            case "rate_limit":
                address = ".".join(str(part) for part in (number >> 24 or 103, *number.to_bytes(3, "big")))
                return f"rate_limit:{address}:/api/products"
            case name:
                return f"{name}:{number}"

    def _put(self, pipe: Redis, keys: Keys, key: str, ttl: int) -> None:
        self.ttl[key] = ttl
        if keys.type == "hash":
            items = {str(self.chance.randrange(10_000, 99_999)): str(self.chance.randint(1, 9)) for _ in range(10)}
            pipe.hset(key, mapping={**items, "total": "123456.78"})
            pipe.expire(key, ttl)
        elif keys.name == "rate_limit":
            pipe.set(key, self.chance.randint(1, 100), ex=ttl)
        else:
            pipe.set(key, self.chance.randbytes(keys.payload_bytes // 2).hex(), ex=ttl)
