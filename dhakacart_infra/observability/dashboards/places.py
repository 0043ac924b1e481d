"""What CloudWatch calls what there is: names that follow from the configuration, so nothing is waited for."""

from dataclasses import dataclass

from dhakacart_infra.config import StackConfig
from dhakacart_infra.data.postgres_observation import proxy_name
from dhakacart_infra.foundation.naming import Kind, Naming
from dhakacart_infra.foundation.providers import GLOBAL_REGION

BALANCER_LETTERS = 8
"""Of the Ingress's name that the load balancer controller keeps in the load balancer's (pkg/ingress,
model_build_load_balancer.go); a hash that only it can tell follows."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Each by its dimension's value."""

    instances: tuple[str, ...]
    proxy: str | None
    cache_nodes: tuple[str, ...]
    balancer: str | None
    """A word that is in the load balancer's name, and in no other's."""
    web_acl: str | None
    """Its metric's name, which WAF gives figures by."""

    @classmethod
    def of(cls, config: StackConfig, naming: Naming) -> "Places":
        proxied = config.database.proxy and config.makes_passwords and config.role == "active"
        return cls(
            instances=_instances(naming, config.database.read_replicas),
            proxy=proxy_name(naming) if proxied else None,
            cache_nodes=_cache_nodes(naming, config.cache.shards, config.cache.replicas_per_shard),
            balancer=naming.project.replace("-", "")[:BALANCER_LETTERS] if config.domain else None,
            web_acl=naming.elsewhere(GLOBAL_REGION).of(Kind.WEB_ACL) if config.domain and config.cdn else None,
        )


def _instances(naming: Naming, replicas: int) -> tuple[str, ...]:
    names = [naming.of(Kind.RDS_INSTANCE, f"replica-{number}") for number in range(1, replicas + 1)]
    return (naming.of(Kind.RDS_INSTANCE), *names)


def _cache_nodes(naming: Naming, shards: int, replicas: int) -> tuple[str, ...]:
    """Group, shard and node, as ElastiCache itself names the clusters of a group."""
    group = naming.of(Kind.REDIS_GROUP, "redis")
    return tuple(f"{group}-{shard:04}-{node:03}" for shard in range(1, shards + 1) for node in range(1, replicas + 2))
