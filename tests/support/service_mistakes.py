"""Wrong values of services: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, put, remove

CPU, MEMORY = "services.frontend.resources.cpu_limit_millicores", "services.frontend.resources.memory_limit_mib"


def more_promised_than_allowed(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, CPU, 99), CPU, "99"
    yield put(raw, MEMORY, 64), MEMORY, "64"


def fewer_pods_at_most_than_at_least(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(put(raw, "services.backend.scaling.min_pods", 6), key := "services.backend.scaling.max_pods", 5), key, "5"


def metrics_for_everybody(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(raw, ("services.backend.metrics_port", 5000, "5000"))


def an_image_without_a_repository(stack: str, raw: Raw) -> Iterator[Variant]:
    without = put(raw, "registry.repositories", ["frontend", "schema"])
    yield put(without, "services.backend.release", "v1"), "registry.repositories", "[frontend, schema]"


def a_route_of_two_services(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(raw, ("services.backend.routes[0]", "/", "/"))
    search = put(raw, "services.search", {"port": 8080, "routes": ["/api"], "scaling": {"max_pods": 3}})
    yield search, "services.search.routes[0]", "/api"


def pods_that_nobody_counted(stack: str, raw: Raw) -> Iterator[Variant]:
    counted = raw["database"]["connections"]["pods"]
    yield put(raw, key := "database.connections.pods", counted - 1), key, str(counted - 1)


def a_shop_that_finds_no_nodes(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, key := "cluster.node_limits.on_demand_vcpu", 5), key, "5"


def what_is_not_there_to_be_reached(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(
        raw,
        ("services.frontend.reaches[0]", "frontend", "frontend"),
        ("services.frontend.reaches[0]", "search", "search"),
        ("services.frontend.reaches[0]", "internet", "internet"),
    )
    yield put(raw, "services.backend.reaches", ["redis", "database", "redis"]), "services.backend.reaches[2]", "redis"


def a_service_called_as_the_data_are(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "services.redis", {"port": 6379, "scaling": {"max_pods": 3}}), "services.redis", "6379"


def what_the_secret_says_already(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(raw, ("services.backend.variables.DB_HOST", "localhost", "localhost"))


def a_service_of_no_form(stack: str, raw: Raw) -> Iterator[Variant]:
    for name in ("Search", "search_engine", "2fa", "a-name-that-is-much-too-long"):
        yield put(raw, f"services.{name}", {"port": 8080}), f"services.{name}", "8080"
    yield from changed(raw, ("services.search", [8080], "[8080]"), ("services.search", 8080, "8080"))
    yield (
        put(raw, "services.search", {"routes": ["/search"], "scaling": {"max_pods": 3}}),
        "services.search.port",
        "nothing",
    )
    yield from changed(raw, ("services", ["frontend"], "[frontend]"), ("services", "none", "none"))
    yield put(raw, "services.frontend.prot", 80), "services.frontend.prot", "80"
    yield remove(raw, "services.frontend.port"), "services.frontend.port", "nothing"


def a_value_of_a_service_out_of_bounds(stack: str, raw: Raw) -> Iterator[Variant]:
    service = "services.frontend"
    yield from changed(
        raw,
        (f"{service}.release", "latest", "latest"),
        (f"{service}.release", "sha256:abc", "sha256:abc"),
        (f"{service}.port", 0, "0"),
        (f"{service}.port", "80", '"80"'),
        (f"{service}.routes[0]", "api", "api"),
        (f"{service}.routes[0]", "/api/", "/api/"),
        (f"{service}.health.path", "health", "health"),
        (f"{service}.health.liveness_path", "/health?deep=1", "/health?deep=1"),
        (f"{service}.health.startup_seconds", 3600, "3600"),
        (f"{service}.resources.cpu_request_millicores", 0, "0"),
        (f"{service}.resources.memory_request_mib", 0, "0"),
        (f"{service}.scaling.min_pods", 1, "1"),
        (f"{service}.scaling.max_surge", 0, "0"),
        (f"{service}.scaling.max_unavailable_percent", 0, "0"),
        (f"{service}.scaling.cpu_percent", 101, "101"),
        (f"{service}.user_id", 0, "0"),
        (f"{service}.writable_paths[0]", "/", "/"),
        (f"{service}.variables.BACKEND_URL", 5000, "5000"),
        (f"{service}.variables.backend_url", "http://backend", "http://backend"),
        ("spare_pods", -1, "-1"),
    )
