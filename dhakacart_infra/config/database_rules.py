"""What must hold of the database: connections fit, storage can grow, production survives a zone and a mistake."""

from collections.abc import Iterator
from math import ceil

from dhakacart_infra.config.database import (
    MEMORY_GIB,
    RESERVED_CONNECTIONS,
    ConnectionsConfig,
    max_connections,
)
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import (
    PRODUCTION,
    STACK,
    Rulebook,
    Texts,
    in_production,
    kept_too_short,
    without_repository,
)

CLASS, POOL, PODS = "database.instance_class", "database.connections.pool_size", "database.connections.pods"
STORAGE, MAX_STORAGE = "database.storage_gib", "database.max_storage_gib"
SCHEMA, SCHEMA_RELEASE = "schema", "database.schema_release"
GROWTH = 10  # RDS refuses a maximum that is less than a tenth above what is allocated
MIN_PRODUCTION_BACKUP_DAYS = 7  # a mistake made on a Friday is found on a Monday

RULES = Rulebook()


@RULES.reads(CLASS, PODS, POOL)
def connections_fit_the_instance(instance_class: str, pods: int, pool_size: int) -> Iterator[Problem]:
    asked, most = ConnectionsConfig(pods=pods, pool_size=pool_size), max_connections(instance_class)
    at_once, needed = asked.pods_at_once, asked.needed
    if needed <= most:
        return
    fitting = (most - RESERVED_CONNECTIONS) // at_once
    larger = next((name for name in MEMORY_GIB if max_connections(name) >= needed), None)
    yield Problem(
        key=POOL,
        reason=f"makes {at_once} pods x {pool_size} + {RESERVED_CONNECTIONS} reserved = {needed:,} connections during a"
        f" release of {pods} pods, and {instance_class} holds {most:,}",
        allowed=f"up to {fitting} with {instance_class}" if fitting else f"fewer pods, with {instance_class}",
        remedy=f"{fitting}" if fitting else f"{CLASS}: {larger or list(MEMORY_GIB)[-1]}",
    )


@RULES.reads(STORAGE, MAX_STORAGE)
def storage_can_grow(storage_gib: int, max_storage_gib: int) -> Iterator[Problem]:
    least = storage_gib + ceil(storage_gib / GROWTH)
    if max_storage_gib < least:
        yield Problem(
            key=MAX_STORAGE,
            reason=f"is less than a tenth above the {storage_gib} GiB that are there from the start",
            allowed=f"{least} GiB or more",
            remedy=str(least),
        )


@RULES.reads("database.schema_release", "registry.repositories")
def the_schema_s_image_has_a_repository(release: str | None, repositories: Texts) -> Iterator[Problem]:
    if release:
        yield from without_repository(SCHEMA, SCHEMA_RELEASE, repositories)


@RULES.reads("database.schema_release", "database.password_generation")
def new_passwords_reach_the_database(release: str | None, generation: int) -> Iterator[Problem]:
    if generation > 1 and not release:
        yield Problem(
            key=SCHEMA_RELEASE,
            reason="is set, and nothing else gives the database the passwords of a new generation",
            allowed=f"the tag of an image {SCHEMA}, where database.password_generation is above 1",
            remedy="the tag of the newest image",
        )


@RULES.reads(STACK, "environment", "database.proxy")
def the_proxy_knows_the_passwords(stack: str, environment: str, proxy: bool) -> Iterator[Problem]:
    """Its secrets are named by ARNs that only the stack which makes them knows."""
    if proxy and stack != environment:
        yield Problem(
            key="database.proxy",
            reason=f"asks for RDS Proxy, and {stack} has copies of passwords that {environment} makes",
            allowed=f"true in the stack {environment} alone; the database here is reached without it",
            remedy="false",
        )


@RULES.reads("environment", "database.multi_az")
def production_survives_a_zone(environment: str, multi_az: bool) -> Iterator[Problem]:
    if environment == PRODUCTION and not multi_az:
        yield in_production("database.multi_az", "lets one zone's failure take the database away", "true", "true")


@RULES.reads("environment", "database.backup_retention_days")
def production_keeps_its_backups(environment: str, days: int) -> Iterator[Problem]:
    if environment == PRODUCTION and days < MIN_PRODUCTION_BACKUP_DAYS:
        allowed = f"{MIN_PRODUCTION_BACKUP_DAYS} to 35 days"
        yield in_production("database.backup_retention_days", "is over before a mistake is found", allowed, "30")


@RULES.reads("environment", "database.log_retention_days")
def production_keeps_its_database_logs(environment: str, days: int) -> Iterator[Problem]:
    return kept_too_short("database.log_retention_days", environment, days)
