"""Configurations to test with: changed copies of the real ones, and generated valid ones."""

import json
from collections.abc import Iterator, Mapping
from copy import copy
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import strategies as st

from dhakacart_infra.config import ConfigurationError, Problem, parse
from dhakacart_infra.config.address_rules import list_key
from dhakacart_infra.config.addresses import TIERS, AddressPlan, plan
from tests.support import stacks

Raw = dict[str, Any]
Variant = tuple[Raw, str, str]
"""A wrong configuration, the key to be blamed, the value as the report has to show it."""


def as_engine(raw: Mapping[str, object]) -> dict[str, str]:
    """As the engine hands them to a program: text as it is, everything else as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in raw.items()}


def put(raw: Raw, key: str, value: object) -> Raw:
    """A copy of ``raw`` with the value at a dotted key such as ``network.app_subnets[1]``."""
    changed, place, last = _opened(raw, key)
    place[last] = value
    return changed


def remove(raw: Raw, key: str) -> Raw:
    """A copy of ``raw`` without what is at a dotted key."""
    changed, place, last = _opened(raw, key)
    del place[last]
    return changed


def get(raw: Raw, key: str) -> Any:
    place, last = _place(raw, key)
    return place[last]


def changed(raw: Raw, *changes: tuple[str, object, str]) -> Iterator[Variant]:
    """Variants with one change each: the key, the wrong value, how the report has to show it."""
    for key, value, shown in changes:
        yield put(raw, key, value), key, shown


def _opened(raw: Raw, key: str) -> tuple[Raw, Any, Any]:
    """A copy of ``raw`` on the way to a key, what holds the value there, and its key. What is beside it they share."""
    *path, last = _path(key)
    changed = place = copy(raw)
    for step in path:
        place[step] = copy(place[step])
        place = place[step]
    return changed, place, last


def _place(raw: Raw, key: str) -> tuple[Any, Any]:
    """What holds the value at a dotted key, and its key there."""
    *path, last = _path(key)
    place: Any = raw
    for step in path:
        place = place[step]
    return place, last


def _path(key: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in key.replace("[", ".").replace("]", "").split(".")]


def without_lists(raw: Raw) -> Raw:
    """The same with every subnet planned."""
    network = {key: value for key, value in raw["network"].items() if not key.endswith("_subnets")}
    return {**raw, "network": network}


def vpc_blocks() -> st.SearchStrategy[IPv4Network]:
    private = [IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    return st.tuples(st.sampled_from(private), st.integers(16, 19)).flatmap(lambda pair: _within(*pair))


def pod_blocks() -> st.SearchStrategy[IPv4Network]:
    return st.integers(16, 20).flatmap(lambda prefix: _within(IPv4Network("100.64.0.0/10"), prefix))


def _within(block: IPv4Network, prefix: int) -> st.SearchStrategy[IPv4Network]:
    numbers = st.integers(0, 2 ** (prefix - block.prefixlen) - 1)
    return numbers.map(lambda number: IPv4Network((int(block.network_address) + (number << (32 - prefix)), prefix)))


def plans(max_zones: int = 4) -> st.SearchStrategy[AddressPlan]:
    return st.builds(plan, vpc_blocks(), pod_blocks(), st.integers(2, max_zones).map(range))


def public_blocks() -> st.SearchStrategy[list[str]]:
    """Of what may reach the Kubernetes API, in production too."""
    owned = st.integers(11, 99).map(lambda first: IPv4Network((first << 24, 8)))
    block = st.tuples(owned, st.integers(8, 32)).flatmap(lambda pair: _within(*pair))
    return st.lists(block.map(str), max_size=40, unique=True)


@st.composite
def configurations(draw: st.DrawFn) -> tuple[str, Raw]:
    """A stack's name and a valid configuration of it, some tiers listed, the others planned."""
    stack = draw(st.sampled_from(stacks.STACKS))
    raw = stacks.raw(stack)
    theirs = raw.get("peer", {})
    taken = [IPv4Network(theirs[key]) for key in ("cidr", "pod_cidr") if key in theirs]
    drawn = draw(plans().filter(lambda one: not any(map(one.vpc.overlaps, taken))))
    if any(map(drawn.pod_block.overlaps, taken)):
        drawn = plan(drawn.vpc, IPv4Network("100.127.0.0/16"), range(drawn.zones))
    network = raw["network"]
    network |= {"cidr": str(drawn.vpc), "pod_cidr": str(drawn.pod_block)}
    network["availability_zones"] = [f"{raw['region']}{letter}" for letter in "abcd"[: drawn.zones]]
    for tier in TIERS:
        name = list_key(tier).removeprefix("network.")
        network[name] = [str(subnet) for subnet in drawn.tier(tier)] if draw(st.booleans()) else None
    raw["cluster"] |= {
        "public_access_cidrs": draw(public_blocks()),
        "system_nodes": draw(st.integers(2, 10)),
        "node_limits": {"on_demand_vcpu": draw(st.integers(48, 10_000)), "spot_vcpu": draw(st.integers(0, 10_000))},
    }
    return stack, raw


def problems_of(stack: str, raw: Raw) -> tuple[Problem, ...]:
    """What is wrong with a configuration that is refused."""
    with pytest.raises(ConfigurationError) as caught:
        parse(as_engine(raw), stack=stack)
    return caught.value.problems
