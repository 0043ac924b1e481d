"""What must hold of the CDN: what it keeps is for everybody, what it guards is there, load balancers know it."""

from collections.abc import Iterator, Mapping

from dhakacart_infra.config.cdn import ERRORS, MAX_PATTERN, PICTURES, PREFIX_LISTS, below
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import STACK, Rulebook, Texts, kept_too_short, repeated

STATIC, GUARDED = "cdn.static_paths", "cdn.firewall.guarded_paths"
KEY, GUARDED_REQUESTS = "cdn.origin_key", "cdn.firewall.requests_per_address_to_guarded"
MAX_BEHAVIOURS = 75  # CloudFront guide, "Quotas"
OWN_BEHAVIOURS = 3  # of everything else, of pictures, of error pages

RULES = Rulebook()

Routes = Mapping[str, Texts]


@RULES.reads(STATIC, "domain")
def the_cdn_has_a_name_to_serve(paths: Texts, domain: object) -> Iterator[Problem]:
    if domain is None:
        yield Problem(
            key="cdn",
            reason="is for a domain, and there is none",
            allowed="the section cdn, where the section domain is",
            remedy="a section domain, or no section cdn",
        )


@RULES.reads(STACK, "environment", "peer", KEY, "domain")
def one_stack_makes_up_the_key(
    stack: str, environment: str, peer: object, key: str | None, domain: object
) -> Iterator[Problem]:
    if stack == environment and key is not None:
        yield Problem(
            key=KEY,
            reason=f"is made up by {stack} itself, and another one would let nobody in",
            allowed="a key, in the environment's second stack",
            remedy="no such key",
        )
    if stack != environment and key is None and domain is not None:
        yield Problem(
            key=KEY,
            reason=f"is set: the load balancer would not know the CloudFront of {environment}",
            allowed="32 to 64 letters and digits, encrypted",
            remedy=f"`pulumi config set --secret --path dhakacart:{KEY} $(pulumi stack output --stack {environment} "
            "--show-secrets origin_key)`",
        )


@RULES.reads("region", STATIC)
def cloudfronts_addresses_are_known_in_the_region(region: str, paths: Texts) -> Iterator[Problem]:
    if region not in PREFIX_LISTS:
        yield Problem(
            key="region",
            reason="is none of which it is known how AWS lists CloudFront's addresses",
            allowed=", ".join(PREFIX_LISTS),
            remedy="the newest of these near by, or a line for it in dhakacart_infra/config/cdn.py",
        )


@RULES.reads(STATIC)
def no_static_path_is_listed_twice(paths: Texts) -> Iterator[Problem]:
    return repeated(STATIC, paths)


@RULES.reads(STATIC, "services.**.routes")
def what_is_kept_is_for_everybody(paths: Texts, routes: Routes) -> Iterator[Problem]:
    for index, path in enumerate(paths):
        for route in [*_routes(routes), PICTURES, ERRORS]:
            if path and (_is_below(path, route) or _is_below(route, path)):
                yield Problem(
                    key=f"{STATIC}[{index}]",
                    reason=f"meets {route}, which is treated otherwise",
                    allowed="paths of files that pages use, apart from routes and from what the assets bucket has",
                    remedy="a path that only pages use, such as /static",
                )


@RULES.reads(STATIC, "services.*.routes")
def services_are_asked_for_what_is_theirs(name: str, paths: Texts, routes: Texts) -> Iterator[Problem]:
    for index, route in enumerate(routes):
        for taken in (PICTURES, ERRORS):
            if route and _is_below(route, taken):
                yield Problem(
                    key=f"services.{name}.routes[{index}]",
                    reason=f"is below {taken}, which the CDN takes from the assets bucket",
                    allowed=f"routes apart from {PICTURES} and {ERRORS}, where the section cdn is",
                    remedy="another path",
                )


@RULES.reads(STATIC, "services.**.routes")
def cloudfront_can_tell_so_many_paths_apart(paths: Texts, routes: Routes) -> Iterator[Problem]:
    behaviours = len(paths) + len(_routes(routes)) + OWN_BEHAVIOURS
    if behaviours > MAX_BEHAVIOURS:
        yield Problem(
            key=STATIC,
            reason=f"asks, with the routes of all services, for {behaviours} cache behaviours",
            allowed=f"up to {MAX_BEHAVIOURS} of them: one for a static path, a route but /, and {OWN_BEHAVIOURS} more",
            remedy="routes that share what they begin with, or no section cdn",
        )


@RULES.reads(GUARDED)
def guarded_paths_are_different_and_fit(paths: Texts) -> Iterator[Problem]:
    yield from repeated(GUARDED, paths)
    long = len(below([path for path in paths if path]))
    if long > MAX_PATTERN:
        yield Problem(
            key=GUARDED,
            reason=f"make an expression of {long} characters for the firewall",
            allowed=f"paths of up to {MAX_PATTERN} characters altogether, with what joins them",
            remedy="what they begin with",
        )


@RULES.reads("domain.name", GUARDED, "services.**.routes")
def what_is_guarded_is_there(domain: str, paths: Texts, routes: Routes) -> Iterator[Problem]:
    if any("/" in listed for listed in routes.values()):
        return
    for index, path in enumerate(paths):
        if path and not any(_is_below(path, route) for route in _routes(routes)):
            yield Problem(
                key=f"{GUARDED}[{index}]",
                reason="is below no route of any service",
                allowed="a route, or a path below one",
                remedy="the path at which the service has it",
            )


@RULES.reads("cdn.firewall.requests_per_address", GUARDED_REQUESTS)
def guarded_paths_are_guarded_more(everywhere: int, guarded: int) -> Iterator[Problem]:
    if guarded > everywhere:
        yield Problem(
            key=GUARDED_REQUESTS,
            reason=f"is more than the {everywhere} that an address may send altogether",
            allowed="fewer than cdn.firewall.requests_per_address",
            remedy="300",
        )


@RULES.reads("environment", "cdn.firewall.log_retention_days")
def production_keeps_what_was_blocked(environment: str, days: int) -> Iterator[Problem]:
    return kept_too_short("cdn.firewall.log_retention_days", environment, days)


def _routes(routes: Routes) -> list[str]:
    """All but ``/``."""
    return [route for listed in routes.values() for route in listed if route and route != "/"]


def _is_below(path: str, route: str) -> bool:
    return path == route or path.startswith(f"{route}/")
