"""The configuration of one stack: every key of a ``Pulumi.<stack>.yaml``, its meaning, and its default if it has one.

A default fits production; what production has to decide for itself has none.
"""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.addresses import (
    LONGEST,
    LONGEST_POD_BLOCK,
    LONGEST_VPC,
    MAX_ZONES,
    MIN_ZONES,
    TIERS,
    AddressPlan,
    Tier,
    plan,
)

RETENTION_DAYS = (  # what CloudWatch Logs offers
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# China, GovCloud and the isolated regions are other partitions of AWS, without parts of what this program needs.
REGION = "(?!cn)[a-z]{2}-(?!-)(north|south|central)?(east|west)?-[1-9]"
STACK = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
TAG = r"[A-Za-z0-9][A-Za-z0-9 _.:/=+@-]{0,255}"

Environment = Annotated[
    str,
    leaves.text(
        "[a-z][a-z0-9-]{0,10}[a-z0-9]",
        noun="a name of 2 to 12 small letters, digits and inner hyphens that begins with a letter",
        example="staging",
    ),
]
Region = Annotated[
    str,
    leaves.text(REGION, noun="the code of an AWS region", example="ap-south-1"),
]
AccountId = Annotated[
    str,
    leaves.text(
        "[0-9]{12}",
        noun="an AWS account id of 12 digits, in quotes",
        example='"123456789012", with the id that `aws sts get-caller-identity` prints',
        allowed='12 digits, in quotes, such as "123456789012"',
    ),
]
Role = Annotated[Literal["active", "standby"], leaves.choice("active", "standby")]
Zone = Annotated[str, leaves.text(f"{REGION}[a-z]", noun="the name of an availability zone", example="ap-south-1a")]
StackName = Annotated[str, leaves.text(STACK, noun="the name of a stack", example="prod-dr")]
TagValue = Annotated[
    str,
    leaves.text(
        TAG,
        noun="a tag that AWS accepts: up to 256 letters, digits, spaces and _.:/=+@-",
        example="platform-team",
    ),
]
Flag = Annotated[bool, leaves.flag(example=True)]
VpcCidr = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST_VPC,
        inside=leaves.PRIVATE,
        purpose="its 256 slots would be smaller than the /27 that a load balancer needs",
        example="10.0.0.0/16",
    ),
]
PodCidr = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST_POD_BLOCK,
        inside=(leaves.SHARED, *leaves.PRIVATE),
        purpose="a quarter of it would not hold the pods of three nodes",
        example="100.64.0.0/16",
    ),
]
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
RetentionDays = Annotated[int, leaves.number(RETENTION_DAYS, unit="days")]


class Section(BaseModel):
    """Keys that belong together: none but the described ones, and none that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
        description="Two to four zones of the region. Append to add one; never reorder: subnets go by position.",
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
    def plan(self) -> AddressPlan:
        """Every subnet of the VPC, listed or planned."""
        lists = (self.public_subnets, self.app_subnets, self.database_subnets, self.pod_subnets)
        listed: dict[Tier, tuple[IPv4Network, ...]] = {
            tier: subnets for tier, subnets in zip(TIERS, lists, strict=True) if subnets is not None
        }
        return plan(self.cidr, self.pod_cidr, len(self.availability_zones), listed)


class PeerConfig(Section):
    """The same environment in another region: what this stack must know of it, so that neither reads the other."""

    stack: StackName = Field(description="The peer's stack name.")
    region: Region = Field(description="The peer's AWS region; never this stack's.")
    cidr: VpcCidr = Field(
        description="The peer's VPC block. Apart from ours, so that the two can be connected one day."
    )
    pod_cidr: PodCidr = Field(description="The peer's pod block, apart from ours for the same reason.")


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
