"""Typed configuration of a stack: ``load()`` reads and checks it, ``StackConfig`` is what everything else sees."""

from dhakacart_infra.config.addresses import AddressPlan, prefix_reservation
from dhakacart_infra.config.load import load
from dhakacart_infra.config.model import FlowLogsConfig, NetworkConfig, PeerConfig, StackConfig
from dhakacart_infra.config.parse import parse
from dhakacart_infra.config.problem import ConfigurationError, Problem

__all__ = [
    "AddressPlan",
    "ConfigurationError",
    "FlowLogsConfig",
    "NetworkConfig",
    "PeerConfig",
    "Problem",
    "StackConfig",
    "load",
    "parse",
    "prefix_reservation",
]
