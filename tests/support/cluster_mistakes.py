"""Wrong values of the cluster, registry and mirrors: (the configuration, the key to blame, what the report shows)."""

import copy
from collections.abc import Iterator

from tests.support.configurations import Raw, Variant, changed, get, put

ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
PUBLIC = "cluster.public_access_cidrs"
PEOPLE = ("cluster.administrators", "cluster.deployers", "cluster.readers")
NO_PRINCIPALS = (
    *("*", "admin", "arn:aws:iam::*:role/platform-admin", f"arn:aws:iam::{ACCOUNT}:root"),
    *(f"arn:aws:iam::{ACCOUNT}:{tail}" for tail in ("role/*", "role/admin*", "role/team/*", "group/admins", "role/")),
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_PlatformAdmin_*",
    *("permission-set/", "permission-set/Platform*", "permission-set/Platform Admin", "permission-set/" + "x" * 33),
    f"arn:aws:sts::{ACCOUNT}:assumed-role/platform/session",
    "arn:aws:iam::12345:role/platform-admin",
)


def a_principal_that_is_none(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in PEOPLE:
        yield from changed(raw, *((f"{key}[0]", text, text[:60]) for text in NO_PRINCIPALS))


def a_principal_of_another_account(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in PEOPLE:
        theirs = f"arn:aws:iam::{OTHER_ACCOUNT}:role/team/platform"
        yield put(raw, f"{key}[0]", theirs), f"{key}[0]", theirs[:60]


def more_people_than_a_trust_policy_holds(stack: str, raw: Raw) -> Iterator[Variant]:
    many = [f"permission-set/Developers{number:02}" for number in range(17)]
    for key in PEOPLE:
        yield put(raw, key, many), key, many[0]


def nobody_in_charge(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "cluster.administrators", []), "cluster.administrators", "[]"


def what_is_listed_twice(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in (*PEOPLE, PUBLIC, "registry.repositories"):
        listed = get(raw, key)
        yield put(raw, key, [*listed, listed[0]]), f"{key}[{len(listed)}]", listed[0][:60]


def zones_that_the_control_plane_cannot_be_in(stack: str, raw: Raw) -> Iterator[Variant]:
    key, (first, second) = "cluster.control_plane_zones", raw["network"]["availability_zones"]
    strange = f"{raw['region']}f"
    yield put(raw, key, [first]), key, first
    yield put(raw, key, [first, second, first]), f"{key}[2]", first
    yield put(raw, key, [first, strange]), f"{key}[1]", strange
    yield put(raw, key, [first, "Mumbai"]), f"{key}[1]", "Mumbai"


def a_block_that_nothing_comes_from(stack: str, raw: Raw) -> Iterator[Variant]:
    forms = ("203.0.113.7", "203.0.113.7/24", "the office", "::/0", "203.0.113.0/33")
    inner = (
        "10.0.0.0/8",
        "172.20.1.0/24",
        "192.168.1.7/32",
        "100.64.0.0/10",
        "127.0.0.1/32",
        "0.0.0.0/1",
        "240.0.0.0/4",
    )
    yield from changed(raw, *((f"{PUBLIC}[0]", text, text) for text in (*forms, *inner)))


def a_block_that_is_for_documentation(stack: str, raw: Raw) -> Iterator[Variant]:
    """Once the account is a real one."""
    theirs = _moved_to(OTHER_ACCOUNT, raw)
    for text in ("203.0.113.0/24", "198.51.100.7/32", "192.0.2.128/25"):
        yield put(theirs, PUBLIC, ["8.8.8.0/24", text]), f"{PUBLIC}[1]", text


def more_blocks_than_eks_takes(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, PUBLIC, [f"8.8.8.{last}/32" for last in range(41)]), PUBLIC, "[8.8.8.0/32, 8.8.8.1/32"


def production_open_to_the_internet(stack: str, raw: Raw) -> Iterator[Variant]:
    if raw["environment"] == "prod":
        for text in ("0.0.0.0/0", "2.0.0.0/7", "16.0.0.0/5"):
            yield put(raw, f"{PUBLIC}[0]", text), f"{PUBLIC}[0]", text


def a_number_out_of_range(stack: str, raw: Raw) -> Iterator[Variant]:
    for key, wrong in {
        "cluster.system_nodes": (0, 1, 11),
        "cluster.node_limits.on_demand_vcpu": (10_001,),
        "cluster.node_limits.spot_vcpu": (-1, 1_000_000),
        "registry.keep_releases": (0, 1, 1001),
    }.items():
        yield from changed(raw, *((key, number, str(number)) for number in wrong))


def no_node_of_use(stack: str, raw: Raw) -> Iterator[Variant]:
    yield from changed(raw, *(("cluster.node_limits.on_demand_vcpu", number, str(number)) for number in (-8, 0, 3)))


def no_repository_or_none_of_ecr(stack: str, raw: Raw) -> Iterator[Variant]:
    yield put(raw, "registry.repositories", []), "registry.repositories", "[]"
    key = "registry.repositories[1]"
    names = ("Backend", "back end", "-api", "api-", "a__b", "team/api", "backend:latest", "x" * 64)
    yield from changed(raw, *((key, name, name) for name in names))


def a_mirror_of_another_form(stack: str, raw: Raw) -> Iterator[Variant]:
    mirrored = put(raw, "mirrors", {})
    charts = ("https://charts.example.com", "registry.example.com/charts", "oci://registry.example.com/", "oci://a@b/c")
    images = ("https://registry.example.com", "registry.example.com/", "oci://registry.example.com", "reg/Public")
    yield from changed(mirrored, *(("mirrors.charts", text, text) for text in charts))
    yield from changed(mirrored, *(("mirrors.images", text, text) for text in images))


def _moved_to(account: str, raw: Raw) -> Raw:
    moved = copy.deepcopy(raw)
    moved["account_id"] = account
    moved.pop("domain", None)
    moved.pop("cdn", None)
    moved["alerts"]["emails"] = ["on-call@dhakacart.com"]
    for key in PEOPLE:
        moved = put(moved, key, [principal.replace(ACCOUNT, account) for principal in get(raw, key)])
    return moved
