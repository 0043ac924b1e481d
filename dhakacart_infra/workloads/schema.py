"""The Job that readies the database for a release: its users and their passwords first, then its tables.

Whatever uses them waits for it, so that where it fails nothing rolls out. It has a namespace of its own: who deploys
the shop comes by neither the owner's password nor that of the migrations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.data import Postgres
from dhakacart_infra.data.postgres import DATABASE
from dhakacart_infra.data.users import APPLICATION, MIGRATIONS, OWNER, USERS, secret_name
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.external_secret import ExternalSecret, ExternalSecretArgs
from dhakacart_infra.workloads.flows import names, only, to_data
from dhakacart_infra.workloads.namespace import POD_SECURITY
from dhakacart_infra.workloads.pod import container_security, from_secret, pod_security

NAME = "schema"
RETRIES = 3
DEADLINE_SECONDS = 1800  # a large index takes its time
PATIENCE = "35m"  # of Pulumi: longer, so that it is the Job which gives up and says why
UNPRIVILEGED_UID = 65532
MEMORY = "64Mi"
OWNER_USER = "OWNER_USER"
PASSWORDS = {user: f"{user.upper()}_PASSWORD" for user in USERS}


def schema_namespace(application: str) -> str:
    return f"{application}-{NAME}"


@dataclass(frozen=True, kw_only=True)
class SchemaArgs:
    namespace: str
    image: pulumi.Output[str]
    database: Postgres
    data_blocks: Sequence[IPv4Network]
    """Where the database has its addresses: the Job calls nothing else."""
    generation: int
    """Of the users' passwords: with a new one it runs again."""
    ready: Sequence[pulumi.Resource]
    """What brings secrets into the namespace, and what puts the passwords where they are read."""


class Schema(Component, token="dhakacart:workloads:Schema"):
    """``job`` is there once the database is ready."""

    job: k8s.batch.v1.Job

    def build(self, args: SchemaArgs) -> None:
        namespace = k8s.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=args.namespace, labels=POD_SECURITY),
            opts=self.child(),
        )
        only(
            self.child_name("flows"),
            namespace=name_of(namespace, args.namespace),
            egress=[names(), to_data(args.data_blocks, args.database.port.number)],
            opts=self.child(),
        )
        asked = ExternalSecretArgs(
            # The name tells the generation: a pod waits for the passwords of its own, and never finds those before.
            name=f"users-{args.generation}",
            namespace=name_of(namespace, args.namespace),
            stored={user: secret_name(self.naming, user) for user in USERS},
            variables={OWNER_USER: f"{{{{ .{OWNER}_username }}}}"}
            | {variable: f"{{{{ .{user}_password }}}}" for user, variable in PASSWORDS.items()},
            ready=args.ready,
        )
        secret = ExternalSecret(self.child_name("users"), asked, self.child())
        self.job = k8s.batch.v1.Job(
            self.child_name("job"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=NAME,
                namespace=args.namespace,
                # One that has failed is begun again by the next `up`, where Pulumi would wait for it for ever.
                annotations={"pulumi.com/replaceUnready": "true"},
            ),
            spec=k8s.batch.v1.JobSpecArgs(
                backoff_limit=RETRIES,
                active_deadline_seconds=DEADLINE_SECONDS,
                template=k8s.core.v1.PodTemplateSpecArgs(spec=self._pod(args, secret.name)),
            ),
            opts=pulumi.ResourceOptions.merge(
                self.child(depends_on=[secret]),
                pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=PATIENCE)),
            ),
        )

    def _pod(self, args: SchemaArgs, secret: str) -> k8s.core.v1.PodSpecArgs:
        where = [
            k8s.core.v1.EnvVarArgs(name="PGHOST", value=args.database.address),
            k8s.core.v1.EnvVarArgs(name="PGPORT", value=str(args.database.port.number)),
            k8s.core.v1.EnvVarArgs(name="PGDATABASE", value=DATABASE),
        ]
        as_owner = [from_secret(secret, "PGUSER", OWNER_USER), from_secret(secret, "PGPASSWORD", PASSWORDS[OWNER])]
        new = [from_secret(secret, PASSWORDS[user], PASSWORDS[user]) for user in (MIGRATIONS, *APPLICATION)]
        as_migrations = [
            k8s.core.v1.EnvVarArgs(name="PGUSER", value=MIGRATIONS),
            from_secret(secret, "PGPASSWORD", PASSWORDS[MIGRATIONS]),
        ]
        return k8s.core.v1.PodSpecArgs(
            restart_policy="Never",  # a failed pod is kept, to be looked at
            automount_service_account_token=False,
            enable_service_links=False,
            security_context=pod_security(UNPRIVILEGED_UID),
            init_containers=[_container("users", args.image, [*where, *as_owner, *new])],
            containers=[_container("migrate", args.image, [*where, *as_migrations])],
        )


def _container(
    command: str, image: pulumi.Output[str], variables: list[k8s.core.v1.EnvVarArgs]
) -> k8s.core.v1.ContainerArgs:
    return k8s.core.v1.ContainerArgs(
        name=command,
        image=image,
        args=[command],
        env=variables,
        # What it said last is in the pod's status, and so in Pulumi's error.
        termination_message_policy="FallbackToLogsOnError",
        resources=k8s.core.v1.ResourceRequirementsArgs(
            requests={"cpu": "50m", "memory": MEMORY}, limits={"memory": MEMORY}
        ),
        security_context=container_security(),
    )
