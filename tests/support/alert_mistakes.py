"""Wrong values of alerts: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

ADDRESS = "on-call@dhakacart.example"


def a_budget_of_no_size(stack: str, raw: Raw) -> Iterator[Variant]:
    key = "alerts.monthly_budget_usd"
    if stack != "prod-dr":
        yield from changed(raw, (key, 0, "0"), (key, 20_000_000, "20000000"))


def an_address_of_no_form(stack: str, raw: Raw) -> Iterator[Variant]:
    for text in ("on-call", "on-call@", "on call@dhakacart.com", "on-call@dhakacart", "mailto:on-call@dhakacart.com"):
        yield put(raw, "alerts.emails", [text]), "alerts.emails[0]", text


def an_address_listed_twice(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "alerts.emails", [ADDRESS, ADDRESS]), "alerts.emails[1]", ADDRESS


def production_that_tells_nobody(stack: str, raw: Raw) -> Iterator[Variant]:
    if stack != "staging":
        yield put(raw, "alerts.emails", []), "alerts.emails", "[]"


def a_budget_that_counts_twice(stack: str, raw: Raw) -> Iterator[Variant]:
    if stack == "prod-dr":
        yield put(raw, key := "alerts.monthly_budget_usd", 5000), key, "5000"
