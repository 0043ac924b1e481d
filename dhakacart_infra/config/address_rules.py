"""What must hold between addresses: blocks apart, subnets inside their block, apart, and one a zone.

One mistake, one problem: a block that holds none of its subnets is wrong itself, and of subnets that overlap the one
that stands where it should not is wrong. The remedies of all problems with addresses are in ``address_remedies``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations
from typing import cast

from dhakacart_infra.config.addresses import LARGEST, LONGEST, MAX_ZONES, MIN_ZONES, TIERS, Tier, places, planned
from dhakacart_infra.config.leaves import PRIVATE, SHARED
from dhakacart_infra.config.problem import Problem

VPC, PODS, PEER_VPC, PEER_PODS = "network.cidr", "network.pod_cidr", "peer.cidr", "peer.pod_cidr"
BLOCKS = (VPC, PODS, PEER_VPC, PEER_PODS)
ZONES = "network.availability_zones"
APART = "a block that overlaps no other of this stack's and its peer's"
JOINABLE = f"{APART}, in {SHARED} or in the private range of {VPC}"


def list_key(tier: Tier) -> str:
    return "network.pod_subnets" if tier == "pods" else f"network.{tier}_subnets"


def block_key(tier: Tier) -> str:
    return PODS if tier == "pods" else VPC


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A subnet of a stack file, or one that is planned because its tier is not listed."""

    tier: Tier
    index: int
    network: IPv4Network
    is_planned: bool = False

    @property
    def key(self) -> str:
        return f"{list_key(self.tier)}[{self.index}]"

    def __str__(self) -> str:
        name = self.key.removeprefix("network.")
        return f"the planned {name} ({self.network})" if self.is_planned else f"{name} ({self.network})"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The addresses of a configuration as far as each is right by itself."""

    blocks: Mapping[str, IPv4Network]
    listed: tuple[Listed, ...]
    lists: Mapping[Tier, tuple[object, ...]]
    """Of each listed tier, with ``None`` for a wrong element."""
    unlisted: tuple[Tier, ...]
    zones: tuple[object, ...] | None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "Addresses":
        elements = {key: cast("tuple[object, ...]", found) for key, found in values.items() if isinstance(found, tuple)}
        lists: dict[Tier, tuple[object, ...]] = {
            tier: elements[list_key(tier)] for tier in TIERS if list_key(tier) in elements
        }
        return cls(
            blocks={key: block for key in BLOCKS if isinstance(block := values.get(key), IPv4Network)},
            listed=tuple(
                Listed(tier=tier, index=index, network=subnet)
                for tier, found in lists.items()
                for index, subnet in enumerate(found)
                if isinstance(subnet, IPv4Network)
            ),
            lists=lists,
            unlisted=tuple(tier for tier in TIERS if values.get(list_key(tier), ...) is None),
            zones=elements.get(ZONES),
        )

    def place(self, index: int) -> int:
        """That of the zone so far down the list; the last one of zones that are not there."""
        known = places(self.zones or ())
        return known[index] if index < len(known) else min(index, MAX_ZONES - 1)

    def planned(self, blocks: Mapping[str, IPv4Network]) -> Iterator[Listed]:
        """Subnets of the tiers that are not listed, in those of the ``blocks`` that are known."""
        for tier in self.unlisted:
            if (block := blocks.get(block_key(tier))) is not None:
                for index, place in enumerate(places(self.zones or ())):
                    subnet = planned(tier, place, block)
                    yield Listed(tier=tier, index=index, network=subnet, is_planned=True)


def misplaced(addresses: Addresses) -> Iterator[Problem]:
    """Every problem between addresses; the remedies are still to be filled in."""
    bad: set[str] = set()
    for problem in _blocks(addresses):
        bad.add(problem.key)
        yield problem
    good = {key: block for key, block in addresses.blocks.items() if key not in bad}
    inside: list[Listed] = []
    for subnet in addresses.listed:
        key = block_key(subnet.tier)
        block = good.get(key)
        if block is not None and not subnet.network.subnet_of(block):
            yield _subnet_problem(subnet, f"is outside {key} ({block})", good)
        else:
            inside.append(subnet)
    yield from _overlaps([*inside, *addresses.planned(good)], addresses, good)
    yield from _counts(addresses)


def _blocks(addresses: Addresses) -> Iterator[Problem]:
    """Blocks in the way of each other, then what is left of blocks in the wrong place; each is blamed once."""
    blocks = dict(addresses.blocks)
    deserted = {key for key in (VPC, PODS) if key in blocks and _is_deserted(key, addresses)}
    for first, second in combinations(BLOCKS, 2):
        if first in blocks and second in blocks and (conflict := _conflict(blocks, first, second)):
            key, other = (first, second) if first in deserted and second not in deserted else (second, first)
            reason = conflict.format(other=f"{other} ({blocks[other]})")
            yield Problem(key=key, reason=reason, allowed=JOINABLE if key == PODS else APART)
            del blocks[key]
    for key in sorted(deserted & blocks.keys()):
        allowed = "the block that holds its subnets, clear of this stack's and its peer's other blocks"
        yield Problem(key=key, reason="holds none of the subnets listed for it", allowed=allowed)


def _is_deserted(key: str, addresses: Addresses) -> bool:
    its = [subnet.network for subnet in addresses.listed if block_key(subnet.tier) == key]
    return len(its) > 1 and not any(subnet.subnet_of(addresses.blocks[key]) for subnet in its)


def _conflict(blocks: Mapping[str, IPv4Network], first: str, second: str) -> str | None:
    if blocks[first].overlaps(blocks[second]):
        return "overlaps {other}"
    if (first, second) == (VPC, PODS) and not joinable(blocks[first], blocks[second]):
        return "cannot be in one VPC with {other}: AWS does not allow that pair"
    return None


def joinable(vpc: IPv4Network, added: IPv4Network) -> bool:
    """Whether AWS lets a VPC with the private block ``vpc`` add another one.

    Documented under "IPv4 CIDR block association restrictions" in the VPC user guide: 100.64.0.0/10 always; of the
    private ranges only the VPC's own, of which it keeps 10.0.0.0/16 (for VPCs near it) and 172.31.0.0/16 back.
    """
    if added.subnet_of(SHARED):
        return True
    near, kept, default = map(IPv4Network, ("10.0.0.0/15", "10.0.0.0/16", "172.31.0.0/16"))
    if added.subnet_of(default) or (vpc.subnet_of(near) and added.subnet_of(kept)):
        return False
    return any(vpc.subnet_of(range_) and added.subnet_of(range_) for range_ in PRIVATE)


def _overlaps(subnets: list[Listed], addresses: Addresses, good: Mapping[str, IPv4Network]) -> Iterator[Problem]:
    """Blames the subnet in the way of most others, then one that is not in its planned place, then the later."""
    left = list(subnets)
    while pairs := [pair for pair in combinations(left, 2) if pair[0].network.overlaps(pair[1].network)]:
        involved = [subnet for pair in pairs for subnet in pair]
        culprit = max(
            (subnet for subnet in left if subnet in involved and not subnet.is_planned),
            key=lambda subnet: (involved.count(subnet), not _in_place(subnet, addresses, good), left.index(subnet)),
        )
        other = next(b if a is culprit else a for a, b in pairs if culprit in (a, b))
        yield _subnet_problem(culprit, f"overlaps {other}", good)
        left.remove(culprit)


def _in_place(subnet: Listed, addresses: Addresses, good: Mapping[str, IPv4Network]) -> bool:
    block = good.get(block_key(subnet.tier))
    if block is None or subnet.index >= MAX_ZONES:
        return False
    return subnet.network == planned(subnet.tier, addresses.place(subnet.index), block)


def _counts(addresses: Addresses) -> Iterator[Problem]:
    zones = len(addresses.zones or ())
    if not MIN_ZONES <= zones <= MAX_ZONES:
        return  # a mistake of its own
    lengths = {len(listed) for listed in addresses.lists.values()}
    if len(addresses.lists) > 1 and len(lengths) == 1 and zones not in lengths:
        count = lengths.pop()
        reason = f"lists {zones}, but every list of subnets has {count}"
        yield Problem(key=ZONES, reason=reason, allowed=f"{count} zones, or {zones} subnets in each list")
        return
    for tier, listed in addresses.lists.items():
        if len(listed) != zones:
            allowed = f"{zones} blocks, one a zone in the zones' order"
            yield Problem(key=list_key(tier), reason=f"is not {zones} subnets for {zones} zones", allowed=allowed)


def _subnet_problem(subnet: Listed, reason: str, good: Mapping[str, IPv4Network]) -> Problem:
    return Problem(key=subnet.key, reason=reason, allowed=allowed_subnet(subnet.tier, good))


def allowed_subnet(tier: Tier, blocks: Mapping[str, IPv4Network]) -> str:
    key = block_key(tier)
    return f"a /{LARGEST} to /{LONGEST[tier]} inside {blocks.get(key, key)} that overlaps no other subnet"
