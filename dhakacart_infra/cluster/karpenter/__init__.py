"""Karpenter: nodes for the shop's pods when they are needed, of the kind that is cheapest, and no longer than that."""

from dhakacart_infra.cluster.karpenter.controller import Karpenter, KarpenterArgs

__all__ = ["Karpenter", "KarpenterArgs"]
