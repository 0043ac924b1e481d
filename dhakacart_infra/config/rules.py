"""What must hold between values: roles and peers, zones and regions, production. Addresses have rules of their own."""

from collections.abc import Iterator
from string import ascii_lowercase

from dhakacart_infra.config.addresses import MAX_ZONES, MIN_ZONES
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, STACK, Rulebook, in_production, kept_too_short, repeated

RULES = Rulebook()


def belongs_to(stack: str, environment: str) -> bool:
    """``prod`` and ``prod-dr`` are the stacks of the environment ``prod``; it has no others.

    Names carry the environment and the region: a third stack would share a region with one of the two, and both would
    make things of the same names.
    """
    return stack in (environment, f"{environment}-dr")


@RULES.reads(STACK, "environment")
def stack_is_named_for_its_environment(stack: str, environment: str) -> Iterator[Problem]:
    if not belongs_to(stack, environment):
        yield Problem(
            key="environment",
            reason=f"is not that of the stack {stack}: its stacks are called {environment} and {environment}-dr",
            allowed="the stack's name, or what it has before -dr",
            remedy=f"{stack.removesuffix('-dr')}, or a stack with one of those names",
        )


@RULES.reads(STACK, "environment", "role", "peer")
def the_second_stack_of_an_environment_has_a_peer(
    stack: str, environment: str, role: str, peer: object
) -> Iterator[Problem]:
    if (role == "standby" or stack != environment) and peer is None:
        yield Problem(
            key="peer",
            reason=f"is set, but {'a standby stands in for a peer' if role == 'standby' else f'{stack} is one'}",
            allowed="a section with the keys stack, region, cidr, pod_cidr",
            remedy="the peer's stack, region, cidr and pod_cidr, as its stack file has them, or `role: active`",
        )


@RULES.reads(STACK, "environment", "peer.stack")
def peer_is_another_stack_of_the_environment(stack: str, environment: str, peer: str) -> Iterator[Problem]:
    if peer == stack or not belongs_to(peer, environment):
        other = f"{environment}-dr" if stack == environment else environment
        reason = "is this stack itself" if peer == stack else f"is no stack of the environment {environment}"
        yield Problem(
            key="peer.stack",
            reason=reason,
            allowed=f"the other one of {environment} and {environment}-dr",
            remedy=other,
        )


@RULES.reads("region", "network.availability_zones")
def zones_are_of_the_region(region: str, zones: tuple[str | None, ...]) -> Iterator[Problem]:
    known = [zone for zone in zones if zone is not None]
    strangers = [zone for zone in known if zone[:-1] != region]
    if len(strangers) > 1 and {zone[:-1] for zone in known} == {strangers[0][:-1]}:
        theirs = strangers[0][:-1]
        yield Problem(
            key="region",
            reason=f"is not the region of the availability zones listed ({', '.join(known)})",
            allowed="the region of every zone in network.availability_zones",
            remedy=f"{theirs}, or zones of {region}",
        )
        return
    for index, zone in enumerate(zones):
        if zone in strangers:
            yield _zone_problem(region, zones, index, f"is not a zone of {region}")


@RULES.reads("region", "network.availability_zones")
def no_zone_is_listed_twice(region: str, zones: tuple[str | None, ...]) -> Iterator[Problem]:
    for index, zone in enumerate(zones):
        if zone is not None and (first := zones.index(zone)) < index:
            yield _zone_problem(region, zones, index, f"is availability_zones[{first}] already")


def _zone_problem(region: str, zones: tuple[str | None, ...], index: int, reason: str) -> Problem:
    free = next(zone for letter in ascii_lowercase if (zone := f"{region}{letter}") not in zones)
    return Problem(
        key=f"network.availability_zones[{index}]",
        reason=reason,
        allowed=f"the zones of {region}, each once",
        remedy=f"{free}, if `aws ec2 describe-availability-zones --region {region}` shows it",
    )


@RULES.reads("network.availability_zones")
def zones_are_two_to_four(zones: tuple[str | None, ...]) -> Iterator[Problem]:
    if not MIN_ZONES <= len(zones) <= MAX_ZONES:
        yield Problem(
            key="network.availability_zones",
            reason=f"lists {len(zones)}, and EKS, load balancers and databases need two"
            if len(zones) < MIN_ZONES
            else f"lists {len(zones)}, and the address plan has room for {MAX_ZONES}",
            allowed=f"{MIN_ZONES} to {MAX_ZONES} zones of the region",
            remedy="adding a zone of the region" if len(zones) < MIN_ZONES else f"the first {MAX_ZONES} alone",
        )


@RULES.reads("network.interface_endpoints")
def no_endpoint_is_listed_twice(endpoints: tuple[str | None, ...]) -> Iterator[Problem]:
    return repeated("network.interface_endpoints", endpoints)


@RULES.reads("region", "peer.region")
def peer_is_in_another_region(region: str, peer: str) -> Iterator[Problem]:
    if peer == region:
        yield Problem(
            key="peer.region",
            reason="is this stack's own region: it would fail together with it",
            allowed=f"any region but {region}",
            remedy="ap-southeast-1" if region != "ap-southeast-1" else "ap-south-1",
        )


@RULES.reads("environment", "protect_data")
def production_protects_its_data(environment: str, protected: bool) -> Iterator[Problem]:
    if environment == PRODUCTION and not protected:
        yield in_production("protect_data", "lets production's data be deleted", "true", "true")


@RULES.reads("environment", "network.nat_gateways")
def production_has_a_way_out_of_each_zone(environment: str, gateways: str) -> Iterator[Problem]:
    if environment == PRODUCTION and gateways == "single":
        reason = "lets one zone's failure cut production off"
        yield in_production("network.nat_gateways", reason, "one-per-zone", "one-per-zone")


@RULES.reads("environment", "network.flow_logs.retention_days")
def production_keeps_its_flow_logs(environment: str, days: int) -> Iterator[Problem]:
    return kept_too_short("network.flow_logs.retention_days", environment, days)
