"""How the shop finds its data: one secret with everything that its pods are told, and a name inside the cluster."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.addons.external_secrets import STORE
from dhakacart_infra.data import Postgres, Redis
from dhakacart_infra.data.postgres import DATABASE
from dhakacart_infra.data.users import APPLICATION, secret_name
from dhakacart_infra.foundation.component import Component

NAME = "data"
DATABASE_SERVICE = "database"
REFRESH = "5m0s"  # how long a new password takes to arrive


@dataclass(frozen=True, kw_only=True)
class DataAccessArgs:
    namespace: pulumi.Output[str]
    database: Postgres
    redis: Redis
    store: pulumi.Resource
    """What brings secrets into the namespace."""


class DataAccess(Component, token="dhakacart:workloads:DataAccess"):
    """``secret`` names the Secret, whose keys are the application's environment variables.

    Hosts are RDS's own names, which its certificate is for. ``database`` is for people: it leads to the same place.
    """

    secret: str

    def build(self, args: DataAccessArgs) -> None:
        self.secret = NAME
        stored = {"database": secret_name(self.naming, APPLICATION), "redis": args.redis.secret_name}
        k8s.apiextensions.CustomResource(
            self.child_name("secret"),
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata={"name": NAME, "namespace": args.namespace},
            spec={
                "refreshInterval": REFRESH,
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": STORE},
                "target": {
                    "name": NAME,
                    "creationPolicy": "Owner",
                    # One that cannot be read any more is no reason to take the shop down.
                    "deletionPolicy": "Retain",
                    "template": {"engineVersion": "v2", "data": _variables(args.database, args.redis)},
                },
                "data": [
                    {"secretKey": f"{what}_{member}", "remoteRef": {"key": name, "property": member}}
                    for what, name in stored.items()
                    for member in ("username", "password")
                ],
            },
            # Whose definition and webhook come with the controller, and which takes away what it has made.
            opts=self.child(depends_on=[args.store]),
        )
        k8s.core.v1.Service(
            self.child_name("service"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=DATABASE_SERVICE, namespace=args.namespace),
            spec=k8s.core.v1.ServiceSpecArgs(type="ExternalName", external_name=args.database.address),
            opts=self.child(),
        )


def _variables(database: Postgres, redis: Redis) -> dict[str, pulumi.Input[str]]:
    # Names and passwords are of letters, digits and `_` alone: nothing in the URL needs an escape.
    user = "{{ .redis_username }}:{{ .redis_password }}"
    return {
        "DB_HOST": database.address,
        "DB_READ_HOST": database.read_address,
        "DB_PORT": str(database.port.number),
        "DB_NAME": DATABASE,
        "DB_USER": "{{ .database_username }}",
        "DB_PASSWORD": "{{ .database_password }}",
        "REDIS_URL": redis.endpoint.apply(lambda host: f"rediss://{user}@{host}:{redis.port.number}"),
    }
