"""Wrong values of the cache: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

NODE_TYPE = "cache.node_type"


def a_number_out_of_range(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {
        "cache.concurrent_users": (0, -5),
        "cache.shards": (0, 91),
        "cache.replicas_per_shard": (0, 6),
        "cache.snapshot_retention_days": (36, 100),
        "cache.log_retention_days": (45, 91),
    }.items():
        yield from changed(raw, *((key, number, str(number)) for number in wrong))


def a_word_that_is_no_choice(stack: str, raw: Raw) -> Iterator[Variant]:
    """Of which the closest suits the rest."""
    modes = ("Disabled", "disable")
    if raw["environment"] == "prod":
        modes = ("asynch", "synk")
        yield from changed(
            raw, *((NODE_TYPE, word, word) for word in ("m7g.large", "cache.m7g.larg", "cache.R7g.large"))
        )
    yield from changed(raw, *(("cache.durability", word, word) for word in modes))


def nodes_without_a_transaction_log(stack: str, raw: Raw) -> Iterator[Variant]:
    durable = put(raw, "cache.durability", "sync")
    yield from changed(durable, *((NODE_TYPE, word, word) for word in ("cache.t4g.micro", "cache.t4g.medium")))


def nodes_that_do_not_hold_the_keyspace(stack: str, raw: Raw) -> Iterator[Variant]:
    small = put(put(raw, NODE_TYPE, "cache.m7g.large"), "cache.concurrent_users", 1_000_000)
    yield small, NODE_TYPE, "cache.m7g.large"
    yield put(put(small, "cache.shards", 3), "cache.concurrent_users", 3_000_000), NODE_TYPE, "cache.m7g.large"


def more_customers_than_any_node_holds(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "cache.concurrent_users", 10_000_000), NODE_TYPE, raw["cache"]["node_type"]
    yield put(raw, "cache.concurrent_users", 10_000_001), "cache.concurrent_users", "10000001"


def what_production_forbids(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield put(raw, "cache.durability", "disabled"), "cache.durability", "disabled"
        yield from changed(raw, *(("cache.snapshot_retention_days", days, str(days)) for days in (1, 6)))
        yield from changed(raw, *(("cache.log_retention_days", days, str(days)) for days in (1, 14)))
