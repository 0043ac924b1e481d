"""Wrong values of monitoring: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

DAYS, STORAGE = "monitoring.retention_days", "monitoring.storage_gib"


def a_number_out_of_range(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {DAYS: (0, 365), STORAGE: (5, 2000)}.items():
        yield from changed(raw, *((key, number, str(number)) for number in wrong))


def days_that_the_disk_does_not_hold(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(put(raw, DAYS, 90), STORAGE, 10), STORAGE, "10"
    many = put(put(raw, "cluster.node_limits.spot_vcpu", 1000), DAYS, 60)
    yield put(many, STORAGE, 20), STORAGE, "20"


def what_production_forbids(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield from changed(raw, *((DAYS, days, str(days)) for days in (1, 7)))
        yield put(raw, "monitoring.replicated", False), "monitoring.replicated", "false"
