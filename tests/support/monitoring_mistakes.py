"""Wrong values of monitoring: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

DAYS, STORAGE = "monitoring.retention_days", "monitoring.storage_gib"


def a_number_out_of_range(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {DAYS: (0, 7, 365), STORAGE: (5, 2000)}.items():
        yield from changed(raw, *((key, number, str(number)) for number in wrong))


def what_production_forbids(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield put(raw, "monitoring.replicated", False), "monitoring.replicated", "false"
