"""Typed configuration of a stack: ``load()`` reads and checks it, ``StackConfig`` is what everything else sees."""

from dhakacart_infra.config.addresses import AddressPlan, prefix_reservation
from dhakacart_infra.config.artifacts import MirrorsConfig, RegistryConfig
from dhakacart_infra.config.cdn import CdnConfig, FirewallConfig
from dhakacart_infra.config.cluster import Architecture, ClusterConfig, NodeLimits
from dhakacart_infra.config.database import DatabaseConfig
from dhakacart_infra.config.domain import DomainConfig, ZoneConfig
from dhakacart_infra.config.load import load
from dhakacart_infra.config.logging import LoggingConfig
from dhakacart_infra.config.model import PeerConfig, StackConfig
from dhakacart_infra.config.monitoring import MonitoringConfig
from dhakacart_infra.config.network import FlowLogsConfig, NetworkConfig
from dhakacart_infra.config.parse import parse
from dhakacart_infra.config.problem import ConfigurationError, Problem
from dhakacart_infra.config.services import ServiceConfig
from dhakacart_infra.config.standing import require_possible

__all__ = [
    "AddressPlan",
    "Architecture",
    "CdnConfig",
    "ClusterConfig",
    "ConfigurationError",
    "DatabaseConfig",
    "DomainConfig",
    "FirewallConfig",
    "FlowLogsConfig",
    "LoggingConfig",
    "MirrorsConfig",
    "MonitoringConfig",
    "NetworkConfig",
    "NodeLimits",
    "PeerConfig",
    "Problem",
    "RegistryConfig",
    "ServiceConfig",
    "StackConfig",
    "ZoneConfig",
    "load",
    "parse",
    "prefix_reservation",
    "require_possible",
]
