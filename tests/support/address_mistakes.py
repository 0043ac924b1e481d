"""Wrong addresses, one at a time: (the configuration, the key to blame, what the report shows)."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from tests.support.configurations import Raw, Variant, changed, get, put

TIER_LISTS = {
    "network.public_subnets": (28, "network.cidr"),
    "network.app_subnets": (28, "network.cidr"),
    "network.database_subnets": (29, "network.cidr"),
    "network.pod_subnets": (23, "network.pod_cidr"),
}
"""The lists of subnets; the first prefix that is too long for the tier; the block it belongs to."""
NO_BLOCKS = ("10.0.1", "10.0.1.0", "10.0.300.0/24", "10.0.1.0/33", "10.0.1.0/x", "ten", "10.0.1.0-10.0.1.255")


def _lists(raw: Raw) -> list[str]:
    return [key for key in TIER_LISTS if key.removeprefix("network.") in raw["network"]]


def _subnets(raw: Raw) -> Iterator[str]:
    for key in _lists(raw):
        yield from (f"{key}[{index}]" for index in range(len(get(raw, key))))


def _blocks(raw: Raw) -> list[str]:
    return ["network.cidr", "network.pod_cidr", *(["peer.cidr", "peer.pod_cidr"] if "peer" in raw else [])]


def no_block_at_all(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in (*_blocks(raw), *_subnets(raw)):
        yield from changed(raw, *((key, text, text) for text in NO_BLOCKS))


def an_address_that_begins_no_block(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in (*_blocks(raw), *_subnets(raw)):
        block = IPv4Network(get(raw, key))
        text = f"{block[7]}/{block.prefixlen}"
        yield put(raw, key, text), key, text


def a_block_of_a_wrong_size(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _blocks(raw):
        start = IPv4Network(get(raw, key)).network_address
        too_small = 20 if key.endswith(".cidr") else 21
        yield from changed(raw, *((key, text, text) for text in (f"{start}/{too_small}", f"{start}/28")))
    for key in ("network.cidr", "network.pod_cidr"):
        wide = IPv4Network(get(raw, key)).supernet(new_prefix=12)
        yield put(raw, key, str(wide)), key, str(wide)
    for key in _subnets(raw):
        text = f"{IPv4Network(get(raw, key)).network_address}/{TIER_LISTS[key.partition('[')[0]][0]}"
        yield put(raw, key, text), key, text


def a_block_aws_would_refuse(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _blocks(raw):
        yield from changed(raw, *((key, text, text) for text in ("11.0.0.0/16", "8.8.0.0/16", "224.0.0.0/16")))
    for text in ("172.20.0.0/16", "192.168.0.0/16"):
        yield put(raw, "network.pod_cidr", text), "network.pod_cidr", text


def blocks_that_overlap(stack: str, raw: Raw) -> Iterator[Variant]:
    ours = {key: get(raw, key) for key in ("network.cidr", "network.pod_cidr")}
    half = str(list(IPv4Network(ours["network.cidr"]).subnets())[1])
    yield put(raw, "network.pod_cidr", half), "network.pod_cidr", half
    if "peer" in raw:
        yield put(raw, "peer.cidr", ours["network.cidr"]), "peer.cidr", ours["network.cidr"]
        yield put(raw, "peer.pod_cidr", ours["network.pod_cidr"]), "peer.pod_cidr", ours["network.pod_cidr"]
        yield put(raw, "peer.pod_cidr", half), "peer.pod_cidr", half
    if _lists(raw):
        theirs = raw.get("peer", {"cidr": "10.7.0.0/16", "pod_cidr": "100.90.0.0/16"})
        for name in ("cidr", "pod_cidr"):
            yield put(raw, f"network.{name}", theirs[name]), f"network.{name}", theirs[name]


def subnets_that_overlap(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _subnets(raw):
        for other in _subnets(raw):
            if key != other and TIER_LISTS[key[:-3]][1] == TIER_LISTS[other[:-3]][1]:
                subnet = get(raw, other)
                yield put(raw, key, subnet), key, subnet


def a_subnet_over_many_others(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _subnets(raw):
        whole = get(raw, TIER_LISTS[key[:-3]][1])
        yield put(raw, key, whole), key, whole


def a_subnet_outside_its_block(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _subnets(raw):
        for text in ("10.200.0.0/22", "192.168.0.0/22", "100.99.0.0/22"):
            yield put(raw, key, text), key, text


def a_list_of_a_wrong_length(stack: str, raw: Raw) -> Iterator[Variant]:
    for key in _lists(raw):
        listed = get(raw, key)
        yield put(raw, key, listed[:1]), key, listed[0]
        yield put(raw, key, []), key, "[]"
        spare = str(list(IPv4Network(get(raw, TIER_LISTS[key][1])).subnets(6))[32])
        yield put(raw, key, [*listed, spare]), key, spare
