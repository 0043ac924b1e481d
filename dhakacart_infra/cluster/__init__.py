"""EKS: the control plane and its doors, nodes, add-ons, the registry."""

from dhakacart_infra.cluster.access_entries import DEPLOYERS
from dhakacart_infra.cluster.cluster import Cluster, ClusterArgs
from dhakacart_infra.cluster.registry import Registry, RegistryArgs

__all__ = ["DEPLOYERS", "Cluster", "ClusterArgs", "Registry", "RegistryArgs"]
