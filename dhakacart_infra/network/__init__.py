"""The network: VPC, subnets by tier, ways out, private ways to AWS, flow logs."""

from dhakacart_infra.network.domain import Domain, DomainArgs
from dhakacart_infra.network.network import Network, NetworkArgs

__all__ = ["Domain", "DomainArgs", "Network", "NetworkArgs"]
