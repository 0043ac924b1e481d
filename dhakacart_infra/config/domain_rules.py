"""What must hold of the domain: its zone has it, one stack makes that, and something answers under it."""

from collections.abc import Iterator, Mapping

from dhakacart_infra.config.cluster_rules import DOCUMENTATION_ACCOUNT
from dhakacart_infra.config.domain import LOAD_BALANCER_ZONES
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import STACK, Rulebook, Texts

DOMAIN, ZONE = "domain.name", "domain.zone"
RESERVED = (".example", ".invalid", ".localhost", ".test")  # RFC 2606: nobody can have them

RULES = Rulebook()


@RULES.reads(DOMAIN, "domain.zone.name")
def the_zone_has_the_domain(name: str, zone: str) -> Iterator[Problem]:
    if name != zone and not name.endswith(f".{zone}"):
        yield Problem(
            key=DOMAIN,
            reason=f"is not in the zone {zone}, where its records would go",
            allowed=f"{zone}, or a name that ends in .{zone}",
            remedy=f"{zone}",
        )


@RULES.reads("account_id", DOMAIN)
def the_domain_can_be_somebody_s(account: str, name: str) -> Iterator[Problem]:
    if name.endswith(RESERVED) and account != DOCUMENTATION_ACCOUNT:
        yield Problem(
            key=DOMAIN,
            reason="is for documentation: nobody can have it, and its certificate would be waited for in vain",
            allowed="a domain of yours",
            remedy="a name below one that you have registered, or no section domain",
        )


@RULES.reads(STACK, "environment", "peer", DOMAIN, ZONE)
def one_stack_makes_the_zone(stack: str, environment: str, peer: object, name: str, zone: object) -> Iterator[Problem]:
    if stack != environment and zone is None:
        yield Problem(
            key=ZONE,
            reason=f"is set, and another zone of {name} than that of {environment} would answer nobody",
            allowed="a section with the keys id, name",
            remedy=f"those of the zone in which {environment} has the domain",
        )


@RULES.reads("region", DOMAIN)
def an_alias_is_known_for_the_region(region: str, name: str) -> Iterator[Problem]:
    if region not in LOAD_BALANCER_ZONES:
        yield Problem(
            key="region",
            reason=f"is none of which it is known where load balancers have their names, as {name} asks for",
            allowed=", ".join(LOAD_BALANCER_ZONES),
            remedy="the newest of these near by, or a line for it in dhakacart_infra/config/domain.py",
        )


@RULES.reads(DOMAIN, "services.**.routes")
def something_answers_under_the_domain(name: str, routes: Mapping[str, Texts]) -> Iterator[Problem]:
    if not any(routes.values()):
        yield Problem(
            key=DOMAIN,
            reason="leads to a load balancer without a single route",
            allowed="a domain, where a service has routes",
            remedy="`routes: [/]` for one of the services, or no section domain",
        )


@RULES.reads("services.*.sticky", "services.*.routes")
def only_pages_stick(name: str, sticky: bool, routes: Texts) -> Iterator[Problem]:
    """A program's client keeps no cookies, and a customer's requests to one pod would make that the bottleneck."""
    apis = [route for route in routes if route and "api" in route.split("/")]
    if sticky and apis:
        yield Problem(
            key=f"services.{name}.sticky",
            reason=f"keeps a caller of {apis[0]}, an API, at one pod",
            allowed="true for services that serve pages alone",
            remedy="false",
        )
    if sticky and not routes:
        yield Problem(
            key=f"services.{name}.sticky",
            reason="is for what the load balancer sends, and it sends nothing to a service without routes",
            allowed="true for services with routes",
            remedy="false",
        )
