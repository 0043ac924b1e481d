"""The section ``database``: PostgreSQL's size, how often it stands, how long its backups are kept, who connects."""

from collections.abc import Mapping
from math import ceil
from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.artifacts import Release
from dhakacart_infra.config.section import Flag, RetentionDays, Section

MEMORY_GIB: Mapping[str, int] = {
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m7g.large": 8,
    "db.m7g.xlarge": 16,
    "db.m7g.2xlarge": 32,
    "db.r7g.large": 16,
    "db.r7g.xlarge": 32,
    "db.r7g.2xlarge": 64,
    "db.r7g.4xlarge": 128,
}
"""Of Graviton's classes for PostgreSQL 15 (RDS guide, "Hardware specifications for DB instance classes")."""
BYTES_A_CONNECTION = 9_531_392
MAX_CONNECTIONS = 5_000
USABLE = 0.95  # of an instance's memory, as RDS's own formula finds it: 856 connections on 8 GiB
SURGE = 1.25  # a release runs a quarter more pods for a while, a Deployment's default
NEARLY = 0.9
RESERVED_CONNECTIONS = 20  # superuser_reserved_connections, RDS's own, monitoring, migrations

Storage = Annotated[int, leaves.whole(20, 65_536, unit="GiB", reason="the bounds of gp3 volumes of RDS for PostgreSQL")]
BackupDays = Annotated[int, leaves.whole(1, 35, unit="days", reason="RDS keeps 35 at most, and 0 is no backup at all")]
Replicas = Annotated[int, leaves.whole(0, 5, unit="replicas", reason="more than five are a mistake that costs")]
Pods = Annotated[int, leaves.whole(1, 1_000, unit="pods", reason="at least one connects")]
Generation = Annotated[int, leaves.whole(1, 10_000, unit="generations", reason="the first passwords are generation 1")]
PoolSize = Annotated[int, leaves.whole(1, 100, unit="connections", reason="more make PostgreSQL slower, not faster")]


class ConnectionsConfig(Section):
    """Who connects: pods times pool has to fit what the instance can hold."""

    pods: Pods = Field(default=50, description="Pods that connect when the shop is at its largest.")
    pool_size: PoolSize = Field(default=20, description="Connections that each pod keeps open at most.")

    @property
    def pods_at_once(self) -> int:
        """While a release rolls: Kubernetes rounds a surge up."""
        return ceil(self.pods * SURGE)

    @property
    def needed(self) -> int:
        """With what is reserved."""
        return self.pods_at_once * self.pool_size + RESERVED_CONNECTIONS


class DatabaseConfig(Section):
    """PostgreSQL: its size, how often it stands, how long its backups are kept, who connects."""

    instance_class: Annotated[str, leaves.choice(*MEMORY_GIB)] = Field(
        default="db.r7g.large", description="RDS instance class of the database and its replicas."
    )
    storage_gib: Storage = Field(default=100, description="Storage to begin with, in GiB; it can grow, never shrink.")
    max_storage_gib: Storage = Field(default=500, description="How far storage may grow by itself, in GiB.")
    multi_az: Flag = Field(default=True, description="A standby in a second zone, which takes over by itself.")
    read_replicas: Replicas = Field(
        default=0, description="Instances beside it that only read, in the same region, spread over the zones."
    )
    backup_retention_days: BackupDays = Field(
        default=30, description="Days back to which any second can be restored; 1 to 35."
    )
    log_retention_days: RetentionDays = Field(
        default=90, description="Days the database's logs are kept; production keeps 30 or more."
    )
    connections: ConnectionsConfig = Field(
        default=ConnectionsConfig(), description="Who connects, so that connections never run out."
    )
    proxy: Flag = Field(
        default=False,
        description="RDS Proxy in front while the stack is active: connections are shared, and outlive a fail-over.",
    )
    schema_release: Release | None = Field(
        default=None,
        description="Tag or digest of the image `schema`, which makes users and tables; without it, none are made.",
    )
    password_generation: Generation = Field(
        default=1, description="One more gives every user of the database a new password, without downtime."
    )

    @property
    def max_connections(self) -> int:
        return max_connections(self.instance_class)

    @property
    def too_many_connections(self) -> int:
        """Near what the instance holds, and no fewer than a release asks for."""
        return max(self.connections.needed, int(self.max_connections * NEARLY))

    @property
    def proxy_percent(self) -> int:
        """What a release asks for, of the connections that the instance holds; the rest is for others."""
        asked = self.connections.needed - RESERVED_CONNECTIONS
        return ceil(asked * 100 / self.max_connections)


def max_connections(instance_class: str) -> int:
    """As many as RDS itself would allow on the class (RDS guide, "Quotas and constraints for Amazon RDS")."""
    return min(int(MEMORY_GIB[instance_class] * 2**30 * USABLE / BYTES_A_CONNECTION), MAX_CONNECTIONS)
