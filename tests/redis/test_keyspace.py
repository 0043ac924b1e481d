"""What the keyspace says of bytes and of eviction, on a real Redis."""

import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

import pytest
import redis

from dhakacart_infra.config.keyspace import EVICTION, EVICTION_SAMPLES, KEYSPACE, needed
from tests.support.redis_server import Redis, Writer, limit, used

KINDS = {keys.name: keys for keys in KEYSPACE}
USERS = 2_000
SHARE = 50
"""Of the keys that are always there, one in so many: as these users are to a hundred thousand."""
DOUBLED = {"category": 1_100, "session": 17_000, "product": 17_000}
"""How many of a kind make a table of keys that has just doubled."""
MARGIN = 1.06
"""What is said of a key may be more than it takes by this much, and never less."""


@pytest.mark.parametrize("keys", KEYSPACE, ids=KINDS)
def test_a_key_takes_what_is_said_of_it(client: Redis, keys):
    before, count = used(client), DOUBLED.get(keys.name, 34_000)
    Writer(client).fill(keys, count)
    measured = (used(client) - before) / count
    assert measured <= keys.bytes_each <= measured * MARGIN, f"{keys.name}: {measured:.0f} bytes"
    name = client.randomkey()
    assert client.type(name) == keys.type
    size = client.strlen(name) if keys.type == "string" else sum(map(len, sum(client.hgetall(name).items(), ())))
    assert size <= keys.payload_bytes <= max(size * MARGIN, 4)


def test_a_whole_keyspace_takes_no_more_than_what_is_needed(client: Redis):
    before, writer = used(client), Writer(client)
    for keys in KEYSPACE:
        writer.fill(keys, keys.count(USERS) if keys.per_user else keys.count(0) // SHARE)
    said = sum(size if KINDS[name].per_user else size / SHARE for name, size in needed(USERS).items())
    assert said / 1.1 <= used(client) - before <= said


@dataclass
class Shortage:
    """A keyspace at some moment of the day, which has outgrown its memory by a share."""

    client: Redis
    policy: str
    short_percent: int
    writer: Writer = field(init=False)
    lost: dict[str, list[int]] = field(default_factory=dict)
    """By kind of key: what each that went had left, in seconds."""

    def __post_init__(self) -> None:
        self.writer = Writer(self.client)
        # From the start: without a limit Redis has one object for all equal numbers, whose use is nobody's.
        self.client.config_set("maxmemory", 2**30)
        self.client.config_set("maxmemory-policy", self.policy)
        self.client.config_set("maxmemory-samples", EVICTION_SAMPLES)
        for keys in sorted(KEYSPACE, key=lambda keys: -keys.ttl_seconds):
            self.writer.fill(keys, keys.count(USERS) if keys.per_user else keys.count(0) // SHARE, aged=True)
            time.sleep(2 if keys.name == "cart" else 0)  # Redis counts idle time in whole seconds: carts lie longest
        limit(self.client, 100 - self.short_percent)
        kept = set(self.client.keys())
        for key, ttl in self.writer.ttl.items():
            if key not in kept:
                self.lost.setdefault(key.partition(":")[0], []).append(ttl)

    def share(self, kind: str) -> float:
        """Of the keys of a kind, those that went."""
        written = Counter(key.partition(":")[0] for key in self.writer.ttl)
        return len(self.lost.get(kind, ())) / written[kind]

    def longest(self, kind: str) -> int:
        return max(self.lost.get(kind, [0]))

    def most(self, kind: str) -> int:
        """What nineteen of twenty that went had left at most: Redis looks at some keys only, and errs now and then."""
        return quantiles(self.lost[kind], n=20)[-1]


def test_when_memory_is_short_caches_go_and_carts_stay(client: Redis):
    short = Shortage(client, EVICTION, short_percent=5)
    assert short.share("product") > 0.2
    assert short.share("cart") < 0.001
    assert short.longest("cart") <= KINDS["rate_limit"].ttl_seconds


def test_a_session_that_goes_had_little_left(client: Redis):
    short = Shortage(client, EVICTION, short_percent=5)
    assert short.most("session") <= KINDS["product"].ttl_seconds
    assert short.share("session") < 0.1


def test_a_counter_that_goes_lets_its_address_begin_anew_minutes_early_and_no_more(client: Redis):
    short = Shortage(client, EVICTION, short_percent=5)
    assert short.most("rate_limit") <= KINDS["product"].ttl_seconds < KINDS["rate_limit"].ttl_seconds / 2
    assert short.share("rate_limit") < 0.2


@pytest.mark.parametrize("policy", ["volatile-lru", "allkeys-lru"])
def test_by_least_recent_use_carts_would_go_with_most_of_their_week_left(client: Redis, policy):
    short = Shortage(client, policy, short_percent=5)
    assert short.share("cart") > 0.5
    assert short.longest("cart") > 6 * 86_400
    assert short.share("product") < short.share("cart") / 10, "what any shop could spare"


def test_without_eviction_nobody_new_could_come_in(client: Redis):
    with pytest.raises(redis.OutOfMemoryError):
        Shortage(client, "noeviction", short_percent=5)


def test_when_nothing_is_left_but_carts_they_go_nearest_to_their_end_first(client: Redis):
    """What no longer holds: so much too small a cache loses carts."""
    writer = Writer(client)
    client.config_set("maxmemory-policy", EVICTION)
    client.config_set("maxmemory-samples", EVICTION_SAMPLES)
    writer.fill(KINDS["cart"], 10_000, aged=True)
    limit(client, 90)
    kept = set(client.keys())
    lost = [ttl for key, ttl in writer.ttl.items() if key not in kept]
    assert 0 < max(lost) < KINDS["cart"].ttl_seconds / 2
