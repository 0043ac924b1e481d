"""Wrong values of the logs: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

STORAGE = "logging.storage_gib"


def a_number_out_of_range(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {
        "logging.nodes": (0, 10),
        "logging.memory_gib": (1, 64),
        "logging.snapshot_retention_days": (3651,),
    }.items():
        inside = put(raw, STORAGE, 16_384)
        yield from changed(inside, *((key, number, str(number)) for number in wrong if stack == "staging" or number))


def a_number_that_disks_do_not_suit(stack: str, raw: Raw) -> Iterator[Variant]:
    roomy = put(raw, STORAGE, 16_384)
    yield from changed(roomy, ("logging.daily_gib", 0, "0"), ("logging.retention_days", 366, "366"))
    yield from changed(raw, (STORAGE, 4, "4"), (STORAGE, 16_385, "16385"))


def a_pair(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(put(raw, STORAGE, 16_384), "logging.nodes", 2), "logging.nodes", "2"


def disks_that_do_not_hold_what_is_kept(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(put(raw, STORAGE, 100), "logging.daily_gib", 50), STORAGE, "100"
    yield put(put(raw, STORAGE, 150), "logging.retention_days", 300), STORAGE, "150"


def what_production_forbids(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield put(put(raw, STORAGE, 16_384), "logging.nodes", 1), "logging.nodes", "1"
        yield from changed(raw, *(("logging.snapshot_retention_days", days, str(days)) for days in (1, 29)))
