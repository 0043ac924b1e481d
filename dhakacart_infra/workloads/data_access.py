"""How the shop finds its data: one secret with everything that its pods are told, and a name inside the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.data import Postgres, Redis
from dhakacart_infra.data.postgres import DATABASE
from dhakacart_infra.data.users import secret_name
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.workloads.external_secret import ExternalSecret, ExternalSecretArgs

NAME = "data"
DATABASE_SERVICE = "database"


@dataclass(frozen=True, kw_only=True)
class DataAccessArgs:
    namespace: pulumi.Output[str]
    database: Postgres
    address: pulumi.Output[str]
    """Where the database is written: its own, or its proxy's."""
    user: str
    """Whom the shop connects as."""
    redis: Redis
    ready: Sequence[pulumi.Resource]
    """What brings secrets into the namespace, and what gives the database its users."""


class DataAccess(Component, token="dhakacart:workloads:DataAccess"):
    """``secret`` names the Secret, whose keys are the application's environment variables.

    Hosts are RDS's own names, which its certificate is for. ``database`` is for people: it leads to the same place.
    """

    secret: str

    def build(self, args: DataAccessArgs) -> None:
        asked = ExternalSecretArgs(
            name=NAME,
            namespace=args.namespace,
            stored={"database": secret_name(self.naming, args.user), "redis": args.redis.secret_name},
            variables=_variables(args),
            ready=args.ready,
        )
        self.secret = ExternalSecret(self.child_name("variables"), asked, self.child()).name
        k8s.core.v1.Service(
            self.child_name("service"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=DATABASE_SERVICE, namespace=args.namespace),
            spec=k8s.core.v1.ServiceSpecArgs(type="ExternalName", external_name=args.address),
            opts=self.child(),
        )


def _variables(args: DataAccessArgs) -> dict[str, pulumi.Input[str]]:
    # Names and passwords are of letters, digits and `_` alone: nothing in the URL needs an escape.
    user, redis = "{{ .redis_username }}:{{ .redis_password }}", args.redis
    return {
        "DB_HOST": args.address,
        "DB_READ_HOST": args.database.read_address,
        "DB_PORT": str(args.database.port.number),
        "DB_NAME": DATABASE,
        "DB_USER": "{{ .database_username }}",
        "DB_PASSWORD": "{{ .database_password }}",
        "REDIS_URL": redis.endpoint.apply(lambda host: f"rediss://{user}@{host}:{redis.port.number}"),
    }
