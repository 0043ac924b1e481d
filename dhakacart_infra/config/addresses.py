"""The address plan: which subnet stands where, so that nothing overlaps and a zone can be added without moving any.

The VPC is a grid of 256 equal slots, /24s of a /16. Each tier owns fixed slots, one for each place, and a zone has its
place by its letter: whatever zone comes or goes, in whatever order they are listed, the others stay where they are.
Pods have a block of their own, cut into one part for each of the four zones there can be.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from itertools import chain
from typing import Literal

Tier = Literal["public", "app", "database", "pods"]

TIERS: tuple[Tier, ...] = ("public", "app", "database", "pods")
MIN_ZONES = 2  # EKS, load balancers and databases ask for two
MAX_ZONES = 4  # what the table below has room for; halves of the pods' block would leave none for a third
SLOTS: Mapping[Tier, tuple[int, ...]] = {
    "public": (1, 2, 3, 4),
    "app": (10, 20, 30, 40),
    "database": (100, 200, 150, 250),
    "pods": (0, 1, 2, 3),
}
LONGEST: Mapping[Tier, int] = {
    "public": 27,  # a load balancer needs a /27 with 8 free addresses
    "app": 27,  # AWS keeps 5 addresses, EKS asks for 16, endpoints and nodes take one each
    "database": 28,  # AWS's own limit
    "pods": 22,  # a node holds 8 prefixes of 16 addresses; half of it, less what AWS keeps, is 31: three nodes
}
"""The smallest subnet that serves a tier, as the length of its prefix."""
LARGEST = 16  # AWS's own limit, of a VPC's blocks too
LONGEST_VPC = 19  # its slots are the /27s that load balancers need
LONGEST_POD_BLOCK = 20
SLOT_BITS = 8
POD_PART_BITS = 2

NONE_LISTED: Mapping[Tier, Sequence[IPv4Network]] = {}


@dataclass(frozen=True, kw_only=True)
class AddressPlan:
    """Subnets by tier, one a zone in the zones' order, inside the two blocks of the VPC."""

    vpc: IPv4Network
    pod_block: IPv4Network
    public: tuple[IPv4Network, ...]
    app: tuple[IPv4Network, ...]
    database: tuple[IPv4Network, ...]
    pods: tuple[IPv4Network, ...]

    @property
    def zones(self) -> int:
        return len(self.public)

    @property
    def subnets(self) -> frozenset[IPv4Network]:
        return frozenset(chain.from_iterable(self.tier(tier) for tier in TIERS))

    def tier(self, tier: Tier) -> tuple[IPv4Network, ...]:
        return {"public": self.public, "app": self.app, "database": self.database, "pods": self.pods}[tier]

    def block(self, tier: Tier) -> IPv4Network:
        return self.pod_block if tier == "pods" else self.vpc

    def with_zone(self) -> "AddressPlan":
        """The same plan and one zone more. ``ValueError`` when four zones stand or a tier has no room left."""
        if self.zones >= MAX_ZONES:
            raise ValueError(f"the plan has room for {MAX_ZONES} zones")
        taken = set(self.subnets)
        added: dict[Tier, IPv4Network] = {}
        for tier in TIERS:
            subnet = first_free(tier, self.zones, self.block(tier), taken)
            if subnet is None:
                raise ValueError(f"no room for another {tier} subnet in {self.block(tier)}")
            added[tier] = subnet
            taken.add(subnet)
        return replace(
            self,
            public=(*self.public, added["public"]),
            app=(*self.app, added["app"]),
            database=(*self.database, added["database"]),
            pods=(*self.pods, added["pods"]),
        )


def plan(
    vpc: IPv4Network,
    pod_block: IPv4Network,
    zone_places: Sequence[int],
    listed: Mapping[Tier, Sequence[IPv4Network]] = NONE_LISTED,
) -> AddressPlan:
    """Subnets for zones in these places; what is ``listed`` for a tier is taken as it is, unchecked."""

    def subnets(tier: Tier, block: IPv4Network) -> tuple[IPv4Network, ...]:
        return tuple(listed.get(tier) or (planned(tier, place, block) for place in zone_places))

    return AddressPlan(
        vpc=vpc,
        pod_block=pod_block,
        public=subnets("public", vpc),
        app=subnets("app", vpc),
        database=subnets("database", vpc),
        pods=subnets("pods", pod_block),
    )


def places(zones: Sequence[object]) -> tuple[int, ...]:
    """Each zone's place, from 0: that of its letter, so that it depends on no other zone.

    Zones beyond ``d``, which few regions have, take the last places left. Where zones are wrong themselves (two of one
    letter, more than there is room for) they go by position.
    """
    letters = [ord(zone[-1]) - ord("a") for zone in zones if isinstance(zone, str)]
    if len(set(letters)) < len(zones) or len(zones) > MAX_ZONES:
        return tuple(range(min(len(zones), MAX_ZONES)))
    left = [place for place in range(MAX_ZONES) if place not in letters]
    beyond = dict(zip(sorted(letter for letter in letters if letter >= MAX_ZONES), reversed(left), strict=False))
    return tuple(beyond.get(letter, letter) for letter in letters)


def planned(tier: Tier, place: int, block: IPv4Network) -> IPv4Network:
    """The tier's subnet in the zone of that place, from 0: a pure function of the block it is cut from."""
    return _slot(block, SLOTS[tier][place], POD_PART_BITS if tier == "pods" else SLOT_BITS)


def first_free(tier: Tier, place: int, block: IPv4Network, taken: Collection[IPv4Network]) -> IPv4Network | None:
    """A subnet of the tier for a zone's place: its planned slot, else one that no tier plans with, else any."""
    unused = (slot for slot in _candidates(tier, place, block) if not any(map(slot.overlaps, taken)))
    return next(unused, None)


def prefix_reservation(subnet: IPv4Network) -> IPv4Network:
    """The upper half of a pod subnet, kept for prefixes of 16 addresses.

    Single addresses (a node's interface takes one) stay in the lower half and cannot break a prefix up.
    """
    return list(subnet.subnets())[1]


def _candidates(tier: Tier, place: int, block: IPv4Network) -> Iterator[IPv4Network]:
    yield planned(tier, place, block)
    if tier == "pods":
        yield from block.subnets(POD_PART_BITS)
        return
    spoken_for = set(chain.from_iterable(SLOTS[other] for other in TIERS if other != "pods"))
    # Slot 0 last: the VPC's own addresses (router, DNS) are in it.
    numbers = [*range(1, 2**SLOT_BITS), 0]
    yield from (_slot(block, number, SLOT_BITS) for number in numbers if number not in spoken_for)
    yield from (_slot(block, number, SLOT_BITS) for number in numbers)


def _slot(block: IPv4Network, number: int, bits: int) -> IPv4Network:
    prefix = block.prefixlen + bits
    return IPv4Network((int(block.network_address) + (number << (block.max_prefixlen - prefix)), prefix))
