"""The section ``cluster``: who may reach the Kubernetes API and with which rights, and how far the nodes may grow."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.principals import PERMISSION_SET
from dhakacart_infra.config.section import RetentionDays, Section, Zone

MAX_PUBLIC_BLOCKS = 40  # EKS's quota "Public endpoint access CIDR ranges per cluster", which cannot be raised
ADMINISTRATOR = f"{PERMISSION_SET}PlatformAdmin"

PublicBlock = Annotated[IPv4Network, leaves.public_block(example="203.0.113.0/24")]
# No wildcards: `AWSReservedSSO_Admin_*` lets the set Admin_ReadOnly in as well. Permission sets have names of 32
# characters at most.
Principal = Annotated[
    str,
    leaves.text(
        rf"{PERMISSION_SET}[\w+=,.@-]{{1,32}}|arn:aws:iam::[0-9]{{12}}:(role|user)/([\w+=,.@-]+/)*[\w+=,.@-]{{1,64}}",
        noun=f"{PERMISSION_SET} and the set's name in single sign-on, or the ARN of a role or user, without wildcards",
        example=ADMINISTRATOR,
    ),
]
Architecture = Literal["arm64", "x86_64"]
ArchitectureChoice = Annotated[Architecture, leaves.choice("arm64", "x86_64")]
SystemNodes = Annotated[
    int,
    leaves.whole(2, 10, unit="nodes", reason="one may fail at any time, and the shop runs on Karpenter's nodes"),
]
OnDemandVcpus = Annotated[
    int,
    leaves.whole(4, 10_000, unit="vCPUs", reason="less is no node of use, and more is a mistake that costs"),
]
SpotVcpus = Annotated[
    int,
    leaves.whole(0, 10_000, unit="vCPUs", reason="0 is none, and more than that is a mistake that costs"),
]


class NodeLimits(Section):
    """How far Karpenter may grow the cluster; the quotas of the account hold beside it."""

    on_demand_vcpu: OnDemandVcpus = Field(
        default=48, description="vCPUs of all on-demand nodes together, beside the system nodes."
    )
    spot_vcpu: SpotVcpus = Field(
        default=64,
        description="vCPUs of all spot nodes together, for pods that tolerate their taint: AWS may take them back.",
    )


class ClusterConfig(Section):
    """The Kubernetes cluster: who may reach it and with which rights, and how far its nodes may grow."""

    public_access_cidrs: tuple[PublicBlock, ...] = Field(
        max_length=MAX_PUBLIC_BLOCKS,
        description="Blocks of the internet that reach the Kubernetes API; [] leaves it to the VPC alone.",
    )
    administrators: tuple[Principal, ...] = Field(
        min_length=1,
        description="Who may administer it: permission-set/NAME, or the ARN of a role or user of the account.",
    )
    deployers: tuple[Principal, ...] = Field(
        default=(), description="Those that may take the deployer's role: changes the shop's namespace alone."
    )
    readers: tuple[Principal, ...] = Field(
        default=(), description="Those that may take the reader's role: sees everything but secrets."
    )
    architecture: ArchitectureChoice = Field(
        default="arm64", description="Processors of all nodes: arm64 is Graviton, cheaper; images must be built for it."
    )
    control_plane_zones: tuple[Zone, ...] | None = Field(
        default=None,
        description="Zones of the control plane and the system nodes, for as long as the cluster lives. "
        "If absent, the first two of network.availability_zones in the alphabet.",
    )
    system_nodes: SystemNodes = Field(
        default=3, description="Nodes of the managed group, for what the cluster itself needs; 2 to 10."
    )
    node_limits: NodeLimits = Field(
        default=NodeLimits(), description="How far Karpenter may grow the cluster beside the system nodes."
    )
    log_retention_days: RetentionDays = Field(
        default=90, description="Days the control plane's logs are kept; production keeps 30 or more."
    )
