"""All rules of a stack, and the objects that carry them into the cluster: one a subject."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.alerting import cluster, nodes, observability, saturation, slo, workloads
from dhakacart_infra.observability.alerting.model import Group
from dhakacart_infra.workloads.flows import MONITORING_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class AlertRulesArgs:
    services: Mapping[str, ServiceConfig]
    pod_addresses: int
    """Of all subnets for pods together."""
    definitions: pulumi.Resource
    """What brings the kind PrometheusRule."""


class AlertRules(Component, token="dhakacart:observability:AlertRules"):
    """Prometheus finds them by their namespace."""

    def build(self, args: AlertRulesArgs) -> None:
        for group in all_groups(args.services, project=self.naming.project, pod_addresses=args.pod_addresses):
            k8s.apiextensions.CustomResource(
                self.child_name(group.name),
                api_version="monitoring.coreos.com/v1",
                kind="PrometheusRule",
                metadata=k8s.meta.v1.ObjectMetaArgs(name=group.name, namespace=MONITORING_NAMESPACE),
                spec=group.rendered(),
                opts=self.child(depends_on=[args.definitions]),  # no value of the release names the kind
            )


def all_groups(services: Mapping[str, ServiceConfig], *, project: str, pod_addresses: int) -> list[Group]:
    return [
        *slo.groups(slo.measured(services, project)),
        *saturation.groups(pod_addresses),
        *workloads.groups(),
        *nodes.groups(),
        *cluster.groups(),
        *observability.groups(),
    ]
