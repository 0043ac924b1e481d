"""Wrong values of the domain: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put, remove

ZONE = {"id": "Z0123456789EXAMPLE", "name": "dhakacart.example"}


def _with(raw: Raw) -> Raw:
    return put(raw, "domain", {"name": "dhakacart.example", "zone": ZONE})


def a_domain_outside_its_zone(stack: str, raw: Raw) -> Iterator[Variant]:
    for name in ("dhaka-cart.example", "notdhakacart.example"):
        yield put(_with(raw), "domain.name", name), "domain.name", name


def a_sticky_api(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, key := "services.backend.sticky", True), key, "true"
    search = {"port": 8080, "sticky": True, "scaling": {"max_pods": 3}}
    yield put(raw, "services.search", search), "services.search.sticky", "true"


def a_domain_of_no_form(stack: str, raw: Raw) -> Iterator[Variant]:
    key = "domain.name"
    names = ("dhakacart", "Dhakacart.example", "https://dhakacart.example", "dhakacart.example.", "a" * 60 + ".example")
    yield from changed(_with(raw), *((key, name, name) for name in names))
    yield from changed(_with(raw), ("domain.zone.id", "/hostedzone/Z1", "/hostedzone/Z1"), ("domain.zone.id", 7, "7"))
    yield put(_with(raw), "domain", "dhakacart.example"), "domain", "dhakacart.example"
    yield remove(_with(raw), "domain.zone.id"), "domain.zone.id", "nothing"


def a_zone_beside_the_environments(stack: str, raw: Raw) -> Iterator[Variant]:
    if stack == "prod-dr":
        yield put(raw, "domain", {"name": "dhakacart.example"}), "domain.zone", "nothing"


def a_domain_that_leads_nowhere(stack: str, raw: Raw) -> Iterator[Variant]:
    inside = put(put(_with(raw), "services.frontend.routes", []), "services.frontend.sticky", False)
    yield put(inside, "services.backend.routes", []), "domain.name", "dhakacart.example"
    yield put(_with(raw), "services", {}), "domain.name", "dhakacart.example"
