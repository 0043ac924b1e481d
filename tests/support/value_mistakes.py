"""Wrong values other than addresses, one at a time: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, get, put, remove


def _other(region: str) -> str:
    return "ap-southeast-1" if region == "ap-south-1" else "ap-south-1"


def _sections(raw: Raw) -> list[str]:
    always = ["", "network.", "network.flow_logs.", "cluster.", "cluster.node_limits.", "registry.", "cache."]
    return [*always, "peer."] if "peer" in raw else always


def a_misspelt_key(stack: str, raw: Raw) -> Iterator[Variant]:
    for prefix in _sections(raw):
        section = get(raw, prefix.rstrip(".")) if prefix else raw
        for name in section:
            swapped = name[0] + name[2] + name[1] + name[3:]
            for wrong in {name[:-1], name + "s", name.replace("_", "-"), swapped} - {name, "region_"}:
                shown = get(raw, prefix + name)
                text = shown if isinstance(shown, str) and not shown.isdigit() else ""
                yield put(remove(raw, prefix + name), prefix + wrong, shown), prefix + wrong, text


def a_key_nobody_knows(stack: str, raw: Raw) -> Iterator[Variant]:
    for prefix in _sections(raw):
        for name in ("colour", "x"):
            yield put(raw, prefix + name, "blue"), prefix + name, "blue"


def a_missing_value(stack: str, raw: Raw) -> Iterator[Variant]:
    required = ("environment", "region", "account_id", "owner", "cost_centre", "network", "cluster")
    inner = ("network.cidr", "network.pod_cidr", "network.availability_zones")
    inner += ("cluster.public_access_cidrs", "cluster.administrators")
    peers = [f"peer.{key}" for key in ("stack", "region", "cidr", "pod_cidr") if "peer" in raw]
    for key in (*required, *inner, *peers):
        yield remove(raw, key), key, "nothing"
        yield put(raw, key, ""), key, "nothing"


def another_type(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _leaves(raw, "network", "cluster", "registry", "cache"):
        yield from changed(raw, (key, {"a": 1}, '{"a": 1}'), (key, True, "true"), (key, 2.5, "2.5"))
    for key in (
        "network",
        "network.flow_logs",
        "peer",
        "cluster",
        "cluster.node_limits",
        "registry",
        "cache",
        "mirrors",
    ):
        yield from changed(raw, (key, [1], "[1]"), (key, 7, "7"), (key, "none", "none"))
    yield from changed(raw, ("protect_data", "yes", "yes"), ("protect_data", 1, "1"))
    yield from changed(raw, ("network.flow_logs.retention_days", "90", '"90"'))
    if "peer" in raw:
        yield from changed(raw, ("peer.copy_buckets", "yes", "yes"), ("peer.copy_buckets", 1, "1"))


def _leaves(raw: Raw, *sections: str) -> Iterator[str]:
    for section in sections:
        for name, value in get(raw, section).items():
            if isinstance(value, dict):
                yield from _leaves(raw, f"{section}.{name}")
            else:
                yield f"{section}.{name}"


def text_of_another_form(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {
        "environment": ("Prod", "p", "a-name-that-is-too-long", "1st", "pro--d", "prod-"),
        "region": ("Mumbai", "ap-south", "ap-suoth-1", "us-gov-west-1", "cn-north-1"),
        "account_id": ("12345678901", "1234-5678-9012", "mine"),
        "owner": ("{team}", "x" * 257, "-"),
        "cost_centre": ("half;half", "<none>"),
        "network.availability_zones[0]": ("ap-south-1", "a", "1a"),
        **({"peer.stack": ("a stack", "prod/dr"), "peer.region": ("Singapore",)} if "peer" in raw else {}),
    }.items():
        yield from changed(raw, *((key, value, value[:60]) for value in wrong))


def a_word_that_is_no_choice(stack: str, raw: Raw) -> Iterator[Variant]:
    for word in ("passive", "Active", "standbye"):
        if (raw["role"] == "standby") == (word == "standbye"):
            yield put(raw, "role", word), "role", word
    for word in ("one_per_zone", "both", "one-per-zon"):
        yield put(raw, "network.nat_gateways", word), "network.nat_gateways", word
    for key in ("network.flow_logs.retention_days", "cluster.log_retention_days"):
        yield from changed(raw, *((key, days, str(days)) for days in (91, 100, 10000)))
    key = "cluster.architecture"
    yield from changed(raw, *((key, word, word) for word in ("arm", "amd64", "x86-64", "ARM64")))


def an_endpoint_that_is_none(stack: str, raw: Raw) -> Iterator[Variant]:
    for service in ("s3", "ecr", "ECR.API"):
        yield put(raw, "network.interface_endpoints[0]", service), "network.interface_endpoints[0]", service
    yield put(raw, "network.interface_endpoints", ["logs", "logs"]), "network.interface_endpoints[1]", "logs"


def zones_that_cannot_be(stack: str, raw: Raw) -> Iterator[Variant]:
    key, region = "network.availability_zones", raw["region"]
    yield put(raw, f"{key}[1]", f"{region}a"), f"{key}[1]", f"{region}a"
    for index in (0, 1):
        yield put(raw, f"{key}[{index}]", "eu-west-1a"), f"{key}[{index}]", "eu-west-1a"
    yield put(raw, key, [f"{region}a"]), key, f"[{region}a]"
    yield put(raw, key, []), key, "[]"
    yield put(raw, key, [f"{region}{letter}" for letter in "abcde"]), key, f"{region}a"
    if "app_subnets" in raw["network"]:
        yield put(raw, key, [f"{region}{letter}" for letter in "abc"]), key, f"{region}c"


def a_region_that_cannot_be(stack: str, raw: Raw) -> Iterator[Variant]:
    for region in ("eu-west-1", _other(raw["region"])):
        yield put(raw, "region", region), "region", region
    if "peer" in raw:
        yield put(raw, "peer.region", raw["region"]), "peer.region", raw["region"]


def a_stack_that_does_not_belong(stack: str, raw: Raw) -> Iterator[Variant]:
    wrong = "prod" if raw["environment"] == "staging" else "staging"
    yield put(raw, "environment", wrong), "environment", wrong
    if "peer" in raw:
        yield from changed(raw, ("peer.stack", stack, stack), ("peer.stack", "staging", "staging"))
    if raw["role"] == "standby":
        yield remove(raw, "peer"), "peer", "nothing"
    elif "peer" not in raw:
        yield put(raw, "role", "standby"), "peer", "nothing"


def what_production_forbids(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        yield from changed(raw, ("protect_data", False, "false"), ("network.nat_gateways", "single", "single"))
        for days in ("network.flow_logs.retention_days", "cluster.log_retention_days"):
            yield from changed(raw, (days, 14, "14"), (days, 1, "1"))
