"""What must hold of the services: they reach what there is, share no route, keep their promises, and find room."""

from collections.abc import Iterator, Mapping
from math import ceil

from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import Rulebook, Texts, repeated, without_repository
from dhakacart_infra.config.services import DATA, uses_data

SERVICES = "services"
DATA_VARIABLES = ("DB_HOST", "DB_READ_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "REDIS_URL")
"""What a service that reaches data is told of them."""
CPU, CPU_LIMIT = "services.*.resources.cpu_request_millicores", "services.*.resources.cpu_limit_millicores"
MEMORY, MEMORY_LIMIT = "services.*.resources.memory_request_mib", "services.*.resources.memory_limit_mib"
MIN_PODS, MAX_PODS = "services.*.scaling.min_pods", "services.*.scaling.max_pods"
REACHES = "services.*.reaches"

RULES = Rulebook()

Names = tuple[str, ...]


@RULES.reads(CPU, CPU_LIMIT)
def a_pod_is_promised_no_more_cpu_than_it_may_have(name: str, request: int, limit: int) -> Iterator[Problem]:
    return _over(CPU_LIMIT.replace("*", name), "cpu_request_millicores", request, limit)


@RULES.reads(MEMORY, MEMORY_LIMIT)
def a_pod_is_promised_no_more_memory_than_it_may_have(name: str, request: int, limit: int) -> Iterator[Problem]:
    return _over(MEMORY_LIMIT.replace("*", name), "memory_request_mib", request, limit)


def _over(key: str, promised: str, request: int, limit: int) -> Iterator[Problem]:
    if request > limit:
        yield Problem(
            key=key,
            reason=f"is less than {promised}, {request}: no pod may have what it is promised",
            allowed=f"{request} or more",
            remedy=str(request),
        )


@RULES.reads(MIN_PODS, MAX_PODS)
def there_are_more_pods_at_most_than_at_least(name: str, least: int, most: int) -> Iterator[Problem]:
    if least > most:
        yield Problem(
            key=MAX_PODS.replace("*", name),
            reason=f"is less than min_pods, {least}",
            allowed=f"{least} or more",
            remedy=str(least),
        )


@RULES.reads("services.*.port", "services.*.metrics_port")
def metrics_are_no_public_page(name: str, port: int, metrics_port: int | None) -> Iterator[Problem]:
    if metrics_port == port:
        yield Problem(
            key=f"services.{name}.metrics_port",
            reason="is the port of the service itself, by which whoever reaches that would read its metrics",
            allowed=f"any port but {port}",
            remedy=str(port + 1 if port < 65_535 else port - 1),  # noqa: PLR2004 - the last there is
        )


@RULES.reads(SERVICES, REACHES)
def what_is_reached_is_there(name: str, services: Names, reaches: Texts) -> Iterator[Problem]:
    others = [other for other in services if other != name]
    for index, reached in enumerate(reaches):
        if reached is not None and reached not in (*others, *DATA):
            yield Problem(
                key=f"services.{name}.reaches[{index}]",
                reason="is the service itself" if reached == name else "is no service, and none of the shop's data",
                allowed=", ".join([*others, *DATA]),
                remedy="removing it, or an entry of that name below services",
            )


@RULES.reads(REACHES)
def nothing_is_reached_twice(name: str, reaches: Texts) -> Iterator[Problem]:
    return repeated(REACHES.replace("*", name), reaches)


@RULES.reads(SERVICES)
def a_service_is_not_called_as_the_data_are(services: Names) -> Iterator[Problem]:
    for name in sorted({*services} & {*DATA}):
        yield Problem(
            key=f"services.{name}",
            reason=f"is called {name}, which in `reaches` is none of the services",
            allowed=f"names other than {', '.join(DATA)}",
            remedy=f"shop-{name} as its name",
        )


@RULES.reads("services.*.release", "registry.repositories")
def an_image_has_a_repository(name: str, release: str | None, repositories: Texts) -> Iterator[Problem]:
    if release:
        yield from without_repository(name, f"services.{name}.release", repositories)


@RULES.reads(REACHES, "services.*.variables")
def variables_of_the_data_are_left_to_the_secret(name: str, reaches: Texts, variables: Names) -> Iterator[Problem]:
    if uses_data(reaches):
        for variable in sorted(set(variables) & set(DATA_VARIABLES)):
            yield Problem(
                key=f"services.{name}.variables.{variable}",
                reason=f"is set, and {name} is told it by the secret with the data's addresses and passwords",
                allowed=f"variables other than {', '.join(DATA_VARIABLES)}",
                remedy="removing it",
            )


@RULES.reads("services.**.routes")
def no_two_services_share_a_route(routes: Mapping[str, Texts]) -> Iterator[Problem]:
    """A longer path goes before a shorter: ``/api`` and ``/`` may be two services'."""
    owners: dict[str, str] = {}
    for name, listed in routes.items():
        for index, route in enumerate(listed):
            if route is not None and route in owners:
                taken = "is listed before" if owners[route] == name else f"is the route of {owners[route]}"
                yield Problem(
                    key=f"services.{name}.routes[{index}]",
                    reason=f"{taken}, and a path leads to one place",
                    allowed="paths that no other entry has",
                    remedy=f"/{name}",
                )
            elif route is not None:
                owners[route] = name


@RULES.reads("services.**.reaches", "services.**.scaling.max_pods", "database.connections.pods")
def connections_are_counted_for_every_pod(
    reaches: Mapping[str, Texts], pods: Mapping[str, int], counted: int
) -> Iterator[Problem]:
    connecting = {name: pods[name] for name, reached in reaches.items() if "database" in reached}
    if (total := sum(connecting.values())) > counted:
        yield Problem(
            key="database.connections.pods",
            reason=f"is less than the pods that may connect, {_sum(connecting)}",
            allowed=f"{total} or more",
            remedy=f"{total}",
        )


@RULES.reads(
    "services.**.resources.cpu_request_millicores",
    "services.**.scaling.max_pods",
    "services.**.spot",
    "cluster.node_limits.on_demand_vcpu",
)
def the_largest_shop_finds_nodes(
    millicores: Mapping[str, int], pods: Mapping[str, int], spot: Mapping[str, bool], vcpu: int
) -> Iterator[Problem]:
    """What may run on spot nodes is left out: those can be gone all at once, and so can their pods."""
    asked = {name: millicores[name] * pods[name] for name in pods if not spot[name]}
    if (total := ceil(sum(asked.values()) / 1000)) > vcpu:
        yield Problem(
            key="cluster.node_limits.on_demand_vcpu",
            reason=f"is less than all pods of all services request, {_sum(asked)} thousandths",
            allowed=f"{total} or more",
            remedy=f"{total}",
        )


def _sum(parts: Mapping[str, int]) -> str:
    return f"{' + '.join(f'{number:,} of {name}' for name, number in parts.items())} = {sum(parts.values()):,}"
