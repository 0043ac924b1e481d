"""What a stack that stands refuses: changes that AWS makes to nothing that lives, found before one is begun.

Everything else is free, changed in place, or replaced: docs/configuration-changes.md says which.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from dhakacart_infra.config.address_rules import PODS, VPC, ZONES, Listed, list_key
from dhakacart_infra.config.addresses import TIERS, Tier, first_free, places
from dhakacart_infra.config.model import StackConfig
from dhakacart_infra.config.network import NetworkConfig
from dhakacart_infra.config.problem import NOTHING, ConfigurationError, Problem, show

CONTROL_PLANE = "cluster.control_plane_zones"
Subnets = Mapping[tuple[Tier, str], IPv4Network]
HELD: Mapping[Tier, str] = {
    "pods": "pods in {zone} have, and a node keeps the addressing it started with",
    "database": "the cache has in {zone}, and ElastiCache moves no node to another subnet",
}
"""Tiers whose subnets are held by what is in them for as long as it lives."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """As much of a stack as holds it in place; ``None`` and nothing where it does not stand, or not yet."""

    account_id: str | None = None
    region: str | None = None
    environment: str | None = None
    vpc: IPv4Network | None = None
    pod_block: IPv4Network | None = None
    subnets: Subnets = field(default_factory=dict[tuple[Tier, str], IPv4Network])
    """By tier and zone."""
    control_plane: frozenset[str] = frozenset()
    """Its zones."""
    database: bool = False
    database_source: str | None = None
    """The ARN of the instance that it follows."""


def require_possible(config: StackConfig, standing: Standing, *, stack: str) -> None:
    """Raises ``ConfigurationError`` with every change of what stands that cannot be made."""
    problems = (
        list(_identity(config, standing))
        or list(_blocks(config.network, standing))
        or [*_data(config, standing), *_zones(config, standing), *_subnets(config.network, standing)]
    )
    if problems:
        raise ConfigurationError(stack, problems)


def _identity(config: StackConfig, standing: Standing) -> Iterator[Problem]:
    for key, wanted, stands, reason in (
        ("account_id", config.account_id, standing.account_id, "is another account than this stack stands in"),
        ("region", config.region, standing.region, "is another region than this stack stands in"),
        (
            "environment",
            config.environment,
            standing.environment,
            "is another environment than this stack was made as, and what it has made is named for that",
        ),
    ):
        if stands is not None and wanted != stands:
            yield _fixed(key, wanted, stands, reason)


def _data(config: StackConfig, standing: Standing) -> Iterator[Problem]:
    """RDS makes a replica of nothing that has data of its own, and only the peer's data can be followed."""
    if config.role == "standby" and standing.database and not standing.database_source:
        yield Problem(
            key="role",
            value="standby",
            reason="asks for a copy of the peer's data, and the database that stands here has data of its own",
            allowed="active, for as long as that database stands",
            remedy="active; to fail back, follow docs/runbooks/failover.md",
        )
    if config.role == "active" and not config.makes_passwords and not standing.database:
        yield Problem(
            key="role",
            value="active",
            reason="asks for a database with the environment's data, and no copy of them stands here yet",
            allowed="standby, until the stack stands",
            remedy="standby",
        )


def _blocks(network: NetworkConfig, standing: Standing) -> Iterator[Problem]:
    for key, wanted, stands, reason in (
        (VPC, network.cidr, standing.vpc, "is another block than the VPC was made with, and AWS changes that of none"),
        (
            PODS,
            network.pod_cidr,
            standing.pod_block,
            "is another block than pods have, and a node keeps the addressing it started with",
        ),
    ):
        if stands is not None and wanted != stands:
            yield _fixed(key, str(wanted), str(stands), reason)


def _fixed(key: str, wanted: str, stands: str, reason: str) -> Problem:
    return Problem(
        key=key,
        value=show(wanted),
        reason=reason,
        allowed=f"{show(stands)}, for as long as this stack stands",
        remedy=f"{show(stands)}, or another stack with {show(wanted)}, to which the shop moves",
    )


def _zones(config: StackConfig, standing: Standing) -> Iterator[Problem]:
    """EKS keeps a control plane in the zones it was made with (containers-roadmap#2258)."""
    stands, zones = sorted(standing.control_plane), config.network.availability_zones
    kept = f"[{', '.join(stands)}]"
    if lost := [zone for zone in stands if zone not in zones]:
        yield Problem(
            key=ZONES,
            value=show(list(zones)),
            reason=f"lacks {', '.join(lost)}, where the control plane and the system nodes stand",
            allowed=f"{kept} and others, for as long as this stack stands",
            remedy=f"adding {', '.join(lost)} again, with the blocks it had",
        )
    elif stands and list(config.control_plane_zones) != stands:
        given = config.cluster.control_plane_zones
        chosen = "are" if given else f"is set, and the first zones, {' and '.join(config.control_plane_zones)}, are"
        yield Problem(
            key=CONTROL_PLANE,
            value=show(list(given)) if given else NOTHING,
            reason=f"{chosen} not the zones that the cluster was made with: EKS takes it to no others",
            allowed=f"{kept}, for as long as this stack stands",
            remedy=kept,
        )


def _subnets(network: NetworkConfig, standing: Standing) -> Iterator[Problem]:
    """A subnet is made before the one it replaces goes, and what a zone leaves is freed when all else is done."""
    if order := _order(network, standing.subnets):
        listed = f"[{', '.join(order)}]"
        yield Problem(
            key=ZONES,
            value=show(list(network.availability_zones)),
            reason="gives subnets that stand to other zones",
            allowed=f"{listed}, the order of the lists of subnets; zones and lists may be reordered together",
            remedy=listed,
        )
        return
    taken = {*standing.subnets.values(), *network.plan.subnets}
    for tier in TIERS:
        for index, (zone, block) in enumerate(zip(network.availability_zones, network.plan.tier(tier), strict=True)):
            if reason := _obstacle(tier, zone, block, standing.subnets):
                place = places(network.availability_zones)[index]
                if free := first_free(tier, place, network.plan.block(tier), taken):
                    taken.add(free)
                yield _stays(
                    network,
                    Listed(tier=tier, index=index, network=block),
                    reason,
                    free=free,
                    own=standing.subnets.get((tier, zone)),
                )


def _obstacle(tier: Tier, zone: str, block: IPv4Network, stands: Subnets) -> str | None:
    own = stands.get((tier, zone))
    if block == own:
        return None
    if own and tier in HELD:
        return f"is another block than {HELD[tier].format(zone=zone)}"
    for (other_tier, other_zone), other in stands.items():
        if block.overlaps(other):
            return f"overlaps the {other_tier} subnet of {other_zone} ({other}), which stands until the change is made"
    return None


def _stays(
    network: NetworkConfig, subnet: Listed, reason: str, *, own: IPv4Network | None, free: IPv4Network | None
) -> Problem:
    is_listed = subnet.tier in network.listed
    allowed = f"{own}, or a block that overlaps no subnet that stands" if own else "a block that overlaps none"
    ways = [f"{own}, where it stands"] if own else []
    if own and subnet.tier in HELD:
        allowed = f"{own}, for as long as this stack stands"
    elif free:
        ways.append(f"{free}, which is free")
    return Problem(
        key=subnet.key if is_listed else list_key(subnet.tier),
        value=str(subnet.network) if is_listed else NOTHING,
        reason=reason if is_listed else f"is set, and what is planned then, {subnet.network}, {reason}",
        allowed=allowed,
        remedy="; or ".join(ways) or "this block in a later change, when the other is gone",
    )


def _order(network: NetworkConfig, stands: Subnets) -> list[str] | None:
    """The zones in the order in which every listed block stays where it stands, if they are not and could be."""
    home = {block: zone for (_, zone), block in stands.items()}
    columns = [
        {home[block] for block in column if block in home} for column in zip(*network.listed.values(), strict=True)
    ]
    if any(len(column) > 1 for column in columns):
        return None
    settled = [next(iter(column), None) for column in columns]
    new = iter(zone for zone in network.availability_zones if zone not in settled)
    order = [zone or next(new, "") for zone in settled]
    is_another = order != list(network.availability_zones) and sorted(order) == sorted(network.availability_zones)
    return order if is_another else None
