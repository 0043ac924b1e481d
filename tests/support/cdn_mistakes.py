"""Wrong values of the CDN: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put

ZONE = {"id": "Z0123456789EXAMPLE", "name": "dhakacart.example"}
KEY = {"secure": "v1:a:b"}
FIREWALL = {"managed_rules": "block", "guarded_paths": ["/api/login"], "log_retention_days": 90}
STATIC, GUARDED = "cdn.static_paths", "cdn.firewall.guarded_paths"


def _with(stack: str, raw: Raw) -> Raw:
    """Each stack as it is once there is a CDN."""
    told = {"origin_key": KEY} if stack.endswith("-dr") else {}
    domain = {"name": "dhakacart.example", "zone": ZONE}
    return {**raw, "domain": domain, "cdn": {"static_paths": ["/static"], "firewall": FIREWALL, **told}}


def a_number_of_requests_that_aws_does_not_count(stack: str, raw: Raw) -> Iterator[Variant]:
    few = put(_with(stack, raw), "cdn.firewall.requests_per_address_to_guarded", 10)
    for name in ("requests_per_address", "requests_per_address_to_guarded"):
        yield put(few, key := f"cdn.firewall.{name}", 9), key, "9"


def more_for_guarded_paths_than_altogether(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(_with(stack, raw), key := "cdn.firewall.requests_per_address_to_guarded", 40_000), key, "40000"


def what_is_neither_counted_nor_blocked(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(_with(stack, raw), ("cdn.firewall.managed_rules", "blocked", "blocked"))


def answers_for_one_that_are_kept_for_all(stack: str, raw: Raw) -> Iterator[Variant]:
    for path in ("/api", "/api/products", "/media", "/errors/mine"):
        yield put(_with(stack, raw), STATIC, ["/static", path]), f"{STATIC}[1]", path
    deep = put(put(_with(stack, raw), "services.backend.routes", ["/shop/api"]), GUARDED, [])
    yield put(deep, STATIC, ["/shop"]), f"{STATIC}[0]", "/shop"


def a_path_listed_twice(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(_with(stack, raw), STATIC, ["/static", "/static"]), f"{STATIC}[1]", "/static"
    yield put(_with(stack, raw), GUARDED, ["/api/login", "/api/login"]), f"{GUARDED}[1]", "/api/login"


def a_route_to_what_the_bucket_has(stack: str, raw: Raw) -> Iterator[Variant]:
    for route in ("/media", "/errors/report"):
        search = {"port": 8080, "routes": [route], "scaling": {"max_pods": 3}}
        yield put(_with(stack, raw), "services.search", search), "services.search.routes[0]", route


def more_paths_than_cloudfront_tells_apart(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(_with(stack, raw), STATIC, [f"/static-{index}" for index in range(72)]), STATIC, "[/static-0, /static-1"


def more_guarded_paths_than_the_firewall_reads(stack: str, raw: Raw) -> Iterator[Variant]:
    long = [f"/api/{index}-{'x' * 80}" for index in range(6)]
    yield put(_with(stack, raw), GUARDED, long), GUARDED, "[/api/0-"


def a_guard_where_nobody_is(stack: str, raw: Raw) -> Iterator[Variant]:
    inside = put(put(_with(stack, raw), "services.frontend.routes", ["/pages"]), GUARDED, ["/api/login", "/login"])
    yield inside, f"{GUARDED}[1]", "/login"


def a_cdn_without_a_name(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(_with(stack, raw), "domain", None), "cdn", '{"static_paths": ["/static"]'


def a_key_that_two_make_up_or_nobody(stack: str, raw: Raw) -> Iterator[Variant]:
    key = "cdn.origin_key"
    if stack.endswith("-dr"):
        yield put(_with(stack, raw), key, None), key, "nothing"
        yield put(_with(stack, raw), key, {"secure": 1}), key, '{"secure": 1}'
    else:
        yield put(_with(stack, raw), key, KEY), key, '{"secure": "v1:a:b"}'


def a_secret_in_plain_text(stack: str, raw: Raw) -> Iterator[Variant]:
    for text in ("k" * 40, "short"):
        yield put(_with(stack, raw), key := "cdn.origin_key", text), key, "[secret]"
