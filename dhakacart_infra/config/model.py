"""The configuration of one stack: every key of a ``Pulumi.<stack>.yaml``, its meaning, and its default if it has one.

A default fits production; what production has to decide for itself has none.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.addresses import MIN_ZONES
from dhakacart_infra.config.alerts import AlertsConfig
from dhakacart_infra.config.artifacts import MirrorsConfig, RegistryConfig
from dhakacart_infra.config.cache import CacheConfig
from dhakacart_infra.config.cdn import CdnConfig
from dhakacart_infra.config.cluster import ClusterConfig
from dhakacart_infra.config.database import DatabaseConfig
from dhakacart_infra.config.domain import DomainConfig
from dhakacart_infra.config.logging import LoggingConfig
from dhakacart_infra.config.monitoring import MonitoringConfig
from dhakacart_infra.config.network import NetworkConfig
from dhakacart_infra.config.section import NO_OTHER_KEYS, Flag, PodCidr, Section, VpcCidr
from dhakacart_infra.config.services import ServiceConfig, ServiceName, SparePods

STACK = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"

Environment = Annotated[
    str,
    leaves.text(
        "(?=.{2,12}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",  # ECR has no name with two hyphens in a row
        noun="a name of 2 to 12 small letters, digits and single inner hyphens that begins with a letter",
        example="staging",
    ),
]
Region = Annotated[
    str,
    leaves.text(leaves.REGION, noun="the code of an AWS region", example="ap-south-1"),
]
AccountId = Annotated[
    str,
    leaves.text(
        "[0-9]{12}",
        noun="an AWS account id of 12 digits, in quotes",
        example='"123456789012", with the id that `aws sts get-caller-identity` prints',
        allowed='12 digits, in quotes, such as "123456789012": without them a nought in front is lost',
    ),
]
Role = Annotated[Literal["active", "standby"], leaves.choice("active", "standby")]
StackName = Annotated[str, leaves.text(STACK, noun="the name of a stack", example="prod-dr")]
TagValue = Annotated[str, leaves.tag_value(example="platform-team")]


class PeerConfig(Section):
    """The same environment in another region: what this stack must know of it, so that neither reads the other."""

    stack: StackName = Field(description="The peer's stack name.")
    region: Region = Field(description="The peer's AWS region; never this stack's.")
    cidr: VpcCidr = Field(
        description="The peer's VPC block. Apart from ours, so that the two can be connected one day."
    )
    pod_cidr: PodCidr = Field(description="The peer's pod block, apart from ours for the same reason.")
    copy_buckets: Flag = Field(
        default=False,
        description="Copy what is new in assets and backups to the peer's buckets; on once they stand, as S3 asks.",
    )


class StackConfig(Section):
    """One stack: one environment in one region."""

    environment: Environment = Field(
        description="What the stack belongs to, such as prod or staging. `prod` turns the production rules on."
    )
    region: Region = Field(description="AWS region of everything in the stack, such as ap-south-1.")
    account_id: AccountId = Field(
        description="AWS account the stack lives in, 12 digits in quotes; credentials of any other are refused."
    )
    role: Role = Field(
        default="active", description="active serves customers; standby waits in another region to take over."
    )
    peer: PeerConfig | None = Field(
        default=None,
        description="The stack of the same environment in the other region; a standby must have one.",
    )
    owner: TagValue = Field(description="Team that answers for the stack, a tag on everything.")
    cost_centre: TagValue = Field(description="Who pays, a tag on everything.")
    protect_data: Flag = Field(
        default=True,
        description="Refuse to delete what holds data. Off only where losing it does not matter.",
    )
    network: NetworkConfig = Field(description="The VPC: its addresses, its ways out, what is recorded.")
    cluster: ClusterConfig = Field(
        description="The Kubernetes cluster: who may reach it and with which rights, and how far its nodes may grow."
    )
    registry: RegistryConfig = Field(
        default=RegistryConfig(), description="Image repositories of the services, and how many releases they keep."
    )
    database: DatabaseConfig = Field(
        default=DatabaseConfig(),
        description="PostgreSQL: its size, how often it stands, how long its backups are kept, who connects.",
    )
    cache: CacheConfig = Field(
        default=CacheConfig(), description="Redis: how many customers at once it serves, on which nodes, what is kept."
    )
    services: Mapping[ServiceName, ServiceConfig] = Field(
        default={},
        json_schema_extra=NO_OTHER_KEYS,
        description="What the shop runs, by name: for each an image, a port, routes, and what it reaches.",
    )
    spare_pods: SparePods = Field(
        default=2, description="Pods' worth of room, of the largest service's size, that nodes keep free for a burst."
    )
    domain: DomainConfig | None = Field(
        default=None,
        description="The name under which customers come. Without it, services answer inside the cluster alone.",
    )
    cdn: CdnConfig | None = Field(
        default=None,
        description="CloudFront and its firewall before the load balancers, which then admit it alone. Without it they "
        "are open to the internet.",
    )
    monitoring: MonitoringConfig = Field(
        default=MonitoringConfig(),
        description="Prometheus: how long it keeps metrics, on how much disk, whether there are two of it.",
    )
    alerts: AlertsConfig = Field(
        default=AlertsConfig(), description="Who hears of what goes wrong, and from what cost on."
    )
    logging: LoggingConfig = Field(
        default=LoggingConfig(),
        description="Elasticsearch for the logs of what runs in the cluster: its size, and how long they are kept.",
    )
    mirrors: MirrorsConfig = Field(
        default=MirrorsConfig(), description="Private mirrors of third-party charts and images, if there are any."
    )

    @property
    def is_first(self) -> bool:
        """Of the environment's stacks, whatever their roles: what is once for both is made by it."""
        return self.peer is None or self.peer.stack != self.environment

    @property
    def makes_passwords(self) -> bool:
        """The peer has copies of them, as it has of the data."""
        return self.is_first

    @property
    def copies_passwords_to(self) -> str | None:
        """The peer's region, from the stack that makes them."""
        return self.peer.region if self.peer and self.makes_passwords else None

    @property
    def copies_to(self) -> str | None:
        """The peer's region, if its buckets stand."""
        return self.peer.region if self.peer and self.peer.copy_buckets else None

    @property
    def control_plane_zones(self) -> tuple[str, ...]:
        """Where the control plane and the system nodes are. The order of the zones in the stack file is no matter."""
        return tuple(sorted(self.cluster.control_plane_zones or sorted(self.network.availability_zones)[:MIN_ZONES]))
