"""Wrong values of the database: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

POOL = "database.connections.pool_size"


def connections_that_run_out(stack: str, raw: Raw) -> Iterator[Variant]:
    large = put(raw, "database.connections.pods", 50)
    small = put(large, "database.instance_class", "db.t4g.medium")
    yield put(small, POOL, 20), POOL, "20"
    yield put(put(large, "database.instance_class", "db.r7g.large"), POOL, 27), POOL, "27"


def storage_that_cannot_grow(stack: str, raw: Raw) -> Iterator[Variant]:
    for least, most in ((100, 109), (100, 20), (500, 500)):
        yield put(put(raw, "database.storage_gib", least), key := "database.max_storage_gib", most), key, str(most)


def what_production_cannot_lose(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield from changed(
            raw,
            ("database.multi_az", False, "false"),
            ("database.backup_retention_days", 6, "6"),
            ("database.log_retention_days", 14, "14"),
        )


def users_that_nobody_makes(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "database.password_generation", 2), "database.schema_release", "nothing"


def an_image_without_a_repository(stack: str, raw: Raw) -> Iterator[Variant]:
    without = put(raw, "registry.repositories", ["backend", "frontend"])
    yield put(without, "database.schema_release", "v1"), "registry.repositories", "[backend, frontend]"


def a_proxy_without_the_passwords(stack: str, raw: Raw) -> Iterator[Variant]:
    if stack == "prod-dr":
        yield put(raw, "database.proxy", True), "database.proxy", "true"


def a_database_of_no_size(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(
        raw,
        ("database.instance_class", "db.m5.large", "db.m5.large"),
        ("database.backup_retention_days", 0, "0"),
        ("database.backup_retention_days", 36, "36"),
        ("database.read_replicas", 6, "6"),
        ("database.storage_gib", 10, "10"),
        ("database.schema_release", "latest", "latest"),
        ("database.schema_release", "v1@sha256", "v1@sha256"),
        ("database.password_generation", 0, "0"),
    )
