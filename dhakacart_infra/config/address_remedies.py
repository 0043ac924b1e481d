"""What to try instead of a wrong address: a block or subnet that is free, as near to the one meant as can be."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from dhakacart_infra.config.address_rules import (
    BLOCKS,
    PODS,
    VPC,
    ZONES,
    Addresses,
    allowed_subnet,
    block_key,
    joinable,
    list_key,
)
from dhakacart_infra.config.addresses import (
    LARGEST,
    LONGEST,
    TIERS,
    Tier,
    first_free,
)
from dhakacart_infra.config.leaves import SHARED
from dhakacart_infra.config.problem import Problem

USUAL = {
    VPC: IPv4Network("10.0.0.0/8"),
    PODS: SHARED,
    "peer.cidr": IPv4Network("10.0.0.0/8"),
    "peer.pod_cidr": SHARED,
}
LISTS: Mapping[str, Tier] = {list_key(tier): tier for tier in TIERS}


def with_remedies(problems: list[Problem], addresses: Addresses) -> list[Problem]:
    """The same problems; those with addresses say what is free."""
    wrong = {problem.key for problem in problems}
    free = _Free(addresses, wrong)
    return [free.advise(problem) for problem in problems]


class _Free:
    """What is taken and what is free once the ``wrong`` keys are left out. What is suggested is taken from then on."""

    def __init__(self, addresses: Addresses, wrong: set[str]) -> None:
        self.addresses = addresses
        self.wrong = wrong
        self.blocks = {key: block for key, block in addresses.blocks.items() if key not in wrong}
        self.suggested = {key: self._block(key) for key in BLOCKS if key in wrong}
        kept = [subnet for subnet in addresses.listed if subnet.key not in wrong]
        self.taken = [subnet.network for subnet in [*kept, *addresses.planned(self.blocks)]]

    def advise(self, problem: Problem) -> Problem:
        name, _, index = problem.key.rstrip("]").partition("[")
        if problem.key in self.suggested:
            return self._replace_block(problem)
        if name in LISTS and index:
            return self._replace_subnet(problem, LISTS[name], int(index))
        if name in LISTS and self.addresses.zones:
            return replace(problem, remedy=self._whole_list(LISTS[name], len(self.addresses.zones)))
        if problem.key == ZONES and not problem.remedy:
            return replace(problem, remedy=self._longer_lists())
        return problem

    def _replace_block(self, problem: Problem) -> Problem:
        block = self.suggested[problem.key]
        return replace(problem, remedy=f"{block}, which is free") if block else problem

    def _replace_subnet(self, problem: Problem, tier: Tier, index: int) -> Problem:
        subnet = self._subnet(tier, index, _meant(problem.value))
        allowed = allowed_subnet(tier, self.blocks)
        if subnet is None:
            remedy = f"a larger {block_key(tier)}: no {tier} subnet is free in it"
        else:
            remedy = f"{subnet}, the first free /{subnet.prefixlen} of this tier"
        return replace(problem, allowed=allowed, remedy=remedy)

    def _subnet(self, tier: Tier, index: int, meant: IPv4Network | None = None) -> IPv4Network | None:
        block = self.blocks.get(block_key(tier))
        if block is None:
            return None
        subnet = meant if meant and self._is_free(meant, tier, block) else None
        subnet = subnet or first_free(tier, self.addresses.place(index), block, self.taken)
        if subnet:
            self.taken.append(subnet)
        return subnet

    def _is_free(self, subnet: IPv4Network, tier: Tier, block: IPv4Network) -> bool:
        fits = LARGEST <= subnet.prefixlen <= LONGEST[tier] and subnet.subnet_of(block)
        return fits and not any(map(subnet.overlaps, self.taken))

    def _whole_list(self, tier: Tier, zones: int) -> str:
        its = {subnet.index: subnet.network for subnet in self.addresses.listed if subnet.tier == tier}
        whole = [its.get(index) or self._subnet(tier, index) for index in range(zones)]
        return f"[{', '.join(map(str, whole))}]"

    def _longer_lists(self) -> str:
        """For zones that were added while the lists of subnets stayed as they were."""
        zones = len(self.addresses.zones or ())
        count = len(next(iter(self.addresses.lists.values())))
        if zones < count:
            return f"naming {count} zones, or only the first {zones} subnets of each list"
        more = (
            f"{list_key(tier).removeprefix('network.')} {self._subnet(tier, index)}"
            for index in range(count, zones)
            for tier in self.addresses.lists
        )
        return f"adding {', '.join(more)}"

    def _block(self, key: str) -> IPv4Network | None:
        block = next((one for one in self._candidates(key) if self._may_be(key, one)), None)
        if block:
            self.blocks[key] = block
        return block

    def _candidates(self, key: str) -> Iterator[IPv4Network]:
        its = [subnet.network for subnet in self.addresses.listed if block_key(subnet.tier) == key]
        around = Counter(subnet.supernet(new_prefix=LARGEST) for subnet in its)
        yield from (block for block, _ in around.most_common())
        yield from USUAL[key].subnets(new_prefix=LARGEST)

    def _may_be(self, key: str, block: IPv4Network) -> bool:
        others = [other for name, other in self.blocks.items() if name != key]
        pair = {VPC: self.blocks.get(VPC), PODS: self.blocks.get(PODS), key: block}
        vpc, pods = pair[VPC], pair[PODS]
        return not any(map(block.overlaps, others)) and (vpc is None or pods is None or joinable(vpc, pods))


def _meant(value: str) -> IPv4Network | None:
    """The block that holds what was written, if it was an address and a length."""
    try:
        return IPv4Network(value, strict=False)
    except ValueError:
        return None
