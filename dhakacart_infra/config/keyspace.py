"""The keyspace: which keys the shop keeps in Redis, for how long, how many there are of each, and what they weigh.

A contract between the backend, which writes them, and the cache: its user may touch no other key (data/redis.py), and
its nodes have to hold as many as this (cache_rules.py). What is said of bytes and of eviction is measured on a real
Redis, by tests/redis.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

VISIT_SECONDS = 15 * 60
"""Assumed: how long a customer stays. Whoever has left in the last ``ttl_seconds`` still has a session: at a peak that
lasts, users x (visit + ttl) / visit of them (Little's law), not users alone."""
RESERVED_PERCENT = 25
"""Of a node's maxmemory, for the copies that a snapshot makes of pages written meanwhile, and for replicas' buffers
(ElastiCache guide, "Managing reserved memory"); its default of ``reserved-memory-percent``."""
EVICTION = "volatile-ttl"
"""What is nearest to its end goes first: caches, then sessions long idle, carts last. By least recent use a cart that
nobody touched since yesterday would go before a product that somebody looked at a minute ago."""
EVICTION_SAMPLES = 10
"""Keys among which the nearest to its end is looked for. By the default of 5, sessions with ten minutes left went
while products with one were there still."""


@dataclass(frozen=True, kw_only=True)
class Keys:
    """One kind of key."""

    name: str
    holds: str
    type: Literal["string", "hash"]
    why: str
    ttl_seconds: int
    payload_bytes: int
    """Of the value; of a hash, its fields and their values."""
    bytes_each: int
    """Of memory, with the key and all that is kept of it, at worst: its table of keys has just doubled. Redis 7.0."""
    per_user: float = 0
    """How many for each concurrent user."""
    always: int = 0
    """How many besides, whoever is there."""
    commands: tuple[str, ...]
    """What the backend does with them, and its user may do."""

    @property
    def pattern(self) -> str:
        """As an access list has it."""
        return f"{self.name}:*"

    def count(self, users: int) -> int:
        """Keys that there are with so many concurrent users."""
        return round(self.per_user * users) + self.always


def _lasting(ttl_seconds: int) -> float:
    """How many users' keys there are for each that is there, if each visit leaves one that lives on so long."""
    return (VISIT_SECONDS + ttl_seconds) / VISIT_SECONDS


SESSION_SECONDS = 3600
WINDOW_SECONDS = 900
LIMITED_ENDPOINTS = 3  # assumed, of those a visit comes by
KEYSPACE: tuple[Keys, ...] = (
    Keys(
        name="session",
        holds="{userId, cartItems, expiresAt} by session id",
        type="string",
        why="JSON: the session's middleware reads and writes it whole",
        ttl_seconds=SESSION_SECONDS,  # after the last request: each one sets it anew
        payload_bytes=1024,
        bytes_each=1470,
        per_user=_lasting(SESSION_SECONDS),
        commands=("get", "set", "del", "expire"),
    ),
    Keys(
        name="cart",
        holds="quantity by product id, and total, by user id",
        type="hash",
        why="two tabs that add at once both count, which two that write the whole would not",
        ttl_seconds=7 * 86_400,
        payload_bytes=75,  # ten items
        bytes_each=250,
        per_user=3,  # assumed: the week's customers who left something, beside the peak's users
        commands=("hgetall", "hset", "hincrby", "hdel", "del", "expire"),
    ),
    Keys(
        name="product",
        holds="{id, name, price, stock, ...} by product id",
        type="string",
        why="JSON: read whole, written from the database's row",
        ttl_seconds=300,  # so old a price or a stock may be shown; the order asks the database
        payload_bytes=2048,
        bytes_each=2720,
        always=50_000,  # assumed: the whole catalogue
        commands=("get", "set", "del"),
    ),
    Keys(
        name="category",
        holds="{id, name, products[]} by category id",
        type="string",
        why="JSON: read whole, written from the database's rows",
        ttl_seconds=300,
        payload_bytes=8192,  # a thousand ids
        bytes_each=10_600,
        always=500,
        commands=("get", "set", "del"),
    ),
    Keys(
        name="rate_limit",
        holds="count by address and endpoint; what is left of the key's life is resetTime",
        type="string",
        why="a number: counted by one command, so that none is lost between pods",
        ttl_seconds=WINDOW_SECONDS,  # longer than the caches': by then most of those go before it
        payload_bytes=4,
        bytes_each=165,
        per_user=LIMITED_ENDPOINTS * _lasting(WINDOW_SECONDS),
        commands=("incr", "incrby", "decr", "pexpire", "pttl", "get", "del", "evalsha", "script|load"),
    ),
)


FOR_A_CONNECTION = (
    *("+@connection", "-@dangerous"),
    *("+cluster|slots", "+cluster|shards", "+cluster|info"),  # how a client finds the nodes
    *("+multi", "+exec", "+discard"),
)


def access() -> str:
    """What the backend's user may do, as Redis's access lists have it: these commands, on these keys."""
    commands = sorted({f"+{command}" for keys in KEYSPACE for command in keys.commands})
    return " ".join(("on", *(f"~{keys.pattern}" for keys in KEYSPACE), "-@all", *FOR_A_CONNECTION, *commands))


def needed(users: int) -> Mapping[str, int]:
    """Bytes by kind of key."""
    return {keys.name: keys.count(users) * keys.bytes_each for keys in KEYSPACE}
