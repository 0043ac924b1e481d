"""The backend's user, on a real Redis in cluster mode with one shard, as ElastiCache has it."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from dhakacart_infra.config.keyspace import KEYSPACE, access
from tests.support import redis_server
from tests.support.redis_server import Writer

PASSWORD = "a-password-of-twenty"
SLOTS = 16_384
COUNT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('PTTL', KEYS[1])}
"""
"""As rate limiting middleware does it: one script, so that no counter is left without an end."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of one whose user the backend's is; every test has keys of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="redis") as folder,
        redis_server.server(Path(folder), "--cluster-enabled", "yes") as port,
    ):
        administrator = redis_server.connect(port)
        administrator.execute_command("CLUSTER ADDSLOTSRANGE", 0, SLOTS - 1)
        _wait_until_it_serves(administrator)
        administrator.execute_command("ACL SETUSER", "backend", f">{PASSWORD}", *access().split())
        administrator.execute_command("ACL SETUSER", "default", "off", "-@all")
        yield port


def _wait_until_it_serves(administrator: redis.Redis, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while administrator.cluster("info")["cluster_state"] != "ok":
        assert time.monotonic() < deadline, "the cluster does not come up"
        time.sleep(0.02)


@pytest.fixture
def backend(port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=port, username="backend", password=PASSWORD, decode_responses=True) as client:
        yield client


def test_nobody_comes_in_without_the_password(port: int):
    for who in ({}, {"password": PASSWORD}, {"username": "backend", "password": "another"}):
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(port=port, **who).get("cart:1")


@pytest.mark.parametrize("keys", KEYSPACE, ids=lambda keys: keys.name)
def test_the_backend_writes_reads_and_deletes_keys_of_the_keyspace(backend: redis.Redis, keys):
    writer = Writer(backend, seed=2)
    writer.fill(keys, 3)
    for key in writer.ttl:
        assert backend.hgetall(key) if keys.type == "hash" else backend.get(key)
        assert backend.delete(key) == 1


def test_two_tabs_that_add_to_a_cart_at_once_both_count(backend: redis.Redis):
    for _ in range(2):
        backend.hincrby("cart:two-tabs", "12345", 1)
    assert backend.hgetall("cart:two-tabs") == {"12345": "2"}


def test_a_counter_counts_in_a_script_and_in_a_transaction(backend: redis.Redis):
    key = "rate_limit:203.0.113.7:/api/orders"
    digest = backend.script_load(COUNT)
    assert [backend.evalsha(digest, 1, key, 60_000)[0] for _ in range(2)] == [1, 2]
    transaction = backend.pipeline(transaction=True).incr(key).pexpire(key, 60_000)
    assert transaction.execute() == [3, True]


@pytest.mark.parametrize("key", ["admin:1", "sessions:1", "cart", "*"])
def test_other_keys_are_not_the_backends(backend: redis.Redis, key):
    with pytest.raises(redis.exceptions.NoPermissionError):
        backend.get(key)
    with pytest.raises(redis.exceptions.NoPermissionError):
        backend.evalsha(backend.script_load("return redis.call('GET', KEYS[1])"), 1, key)


@pytest.mark.parametrize(
    "command",
    [
        *("KEYS *", "SCAN 0", "FLUSHALL", "FLUSHDB", "CONFIG GET *", "ACL LIST", "CLIENT LIST", "CLIENT KILL x:1"),
        *("SHUTDOWN NOSAVE", "MONITOR", "REPLICAOF NO ONE", "INFO", "SUBSCRIBE c", "PUBLISH c m"),
        *("EVAL return(1) 0", "SCRIPT FLUSH", "FUNCTION FLUSH", "CLUSTER RESET", "CLUSTER FAILOVER", "SAVE"),
        *("RENAME cart:1 cart:2", "RESTORE cart:1 0 x", "SORT cart:1", "BLPOP session:1 0", "SLOWLOG GET"),
    ],
)
def test_what_the_backend_does_not_need_it_may_not_do(backend: redis.Redis, command):
    with pytest.raises(redis.exceptions.NoPermissionError):
        backend.execute_command(*command.split())


def test_a_client_that_knows_clusters_finds_its_way_with_what_the_backend_may_do(port: int):
    with redis.RedisCluster(host="127.0.0.1", port=port, username="backend", password=PASSWORD) as cluster:
        for number in range(20):
            cluster.set(f"session:{number:032x}", "{}", ex=60)
        assert cluster.get(f"session:{7:032x}") == b"{}"
