"""The section ``network``: the VPC's addresses, its ways out, what is recorded."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.addresses import LONGEST, MAX_ZONES, MIN_ZONES, TIERS, AddressPlan, Tier, places, plan
from dhakacart_infra.config.section import PodCidr, RetentionDays, Section, VpcCidr, Zone

PublicSubnet = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST["public"],
        purpose="a load balancer needs a /27 with 8 free addresses",
        example="10.0.1.0/24",
    ),
]
AppSubnet = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST["app"],
        purpose="AWS keeps 5 addresses, EKS asks for 16, endpoints take one each and so does every node",
        example="10.0.10.0/24",
    ),
]
DatabaseSubnet = Annotated[
    IPv4Network,
    leaves.cidr(longest=LONGEST["database"], purpose="AWS makes no subnet of it", example="10.0.100.0/24"),
]
PodSubnet = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST["pods"],
        purpose="half of it would not hold the 24 prefixes of three nodes",
        example="100.64.0.0/18",
    ),
]
NatGateways = Annotated[
    Literal["one-per-zone", "single"],
    leaves.choice("one-per-zone", "single"),
]
ENDPOINTS = ("ecr.api", "ecr.dkr", "sts", "logs", "secretsmanager")
Endpoint = Annotated[Literal["ecr.api", "ecr.dkr", "sts", "logs", "secretsmanager"], leaves.choice(*ENDPOINTS)]


class FlowLogsConfig(Section):
    """The record of what the VPC accepts and refuses."""

    retention_days: RetentionDays = Field(
        default=90, description="Days until CloudWatch Logs deletes a flow; production keeps 30 or more."
    )


class NetworkConfig(Section):
    """The VPC of the stack: its addresses, its ways out, what is recorded."""

    cidr: VpcCidr = Field(description="Addresses of the VPC, a private /16 to /19: nodes, databases, load balancers.")
    pod_cidr: PodCidr = Field(description="Second block of the VPC, /16 to /20, for pods alone; best in 100.64.0.0/10.")
    availability_zones: tuple[Zone, ...] = Field(
        min_length=MIN_ZONES,
        max_length=MAX_ZONES,
        description="Two to four zones of the region. Each list of subnets has a block for each, in their order.",
    )
    public_subnets: tuple[PublicSubnet, ...] | None = Field(
        default=None,
        description="Load balancers and NAT gateways: one block a zone, in their order. Planned if absent.",
    )
    app_subnets: tuple[AppSubnet, ...] | None = Field(
        default=None, description="Nodes and endpoints: one block a zone, in their order. Planned if absent."
    )
    database_subnets: tuple[DatabaseSubnet, ...] | None = Field(
        default=None, description="Databases and caches: one block a zone, in their order. Planned if absent."
    )
    pod_subnets: tuple[PodSubnet, ...] | None = Field(
        default=None,
        description="Pods: one block a zone, in their order, inside pod_cidr. Planned if absent.",
    )
    nat_gateways: NatGateways = Field(
        default="one-per-zone",
        description="Ways out for nodes: one a zone, or a single one, which takes every zone out when its own fails.",
    )
    interface_endpoints: tuple[Endpoint, ...] = Field(
        default=ENDPOINTS,
        description="AWS services reached privately. Each costs by the hour and zone, and saves NAT by the gigabyte.",
    )
    flow_logs: FlowLogsConfig = Field(
        default=FlowLogsConfig(), description="The record of what the VPC accepts and refuses."
    )

    @property
    def listed(self) -> dict[Tier, tuple[IPv4Network, ...]]:
        """The tiers whose subnets the stack file has; those of the others are planned."""
        lists = (self.public_subnets, self.app_subnets, self.database_subnets, self.pod_subnets)
        return {tier: subnets for tier, subnets in zip(TIERS, lists, strict=True) if subnets is not None}

    @property
    def plan(self) -> AddressPlan:
        """Every subnet of the VPC, listed or planned."""
        return plan(self.cidr, self.pod_cidr, places(self.availability_zones), self.listed)

    def subnets(self, tier: Tier) -> dict[str, IPv4Network]:
        """The tier's subnets by zone, in an order that no stack file changes."""
        return dict(sorted(zip(self.availability_zones, self.plan.tier(tier), strict=True)))
