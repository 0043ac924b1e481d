"""Where each service is found inside the cluster: there before its pods, since the load balancer is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.ingress import target_group
from dhakacart_infra.workloads.pod import LABEL, service_name


@dataclass(frozen=True, kw_only=True)
class AddressesArgs:
    services: Mapping[str, ServiceConfig]
    namespace: pulumi.Output[str]
    balanced: bool
    """There is a load balancer, which is told how to treat the pods."""


class Addresses(Component, token="dhakacart:workloads:Addresses"):
    """``names`` are those of the Services, by service: the hosts by which others call them."""

    names: Mapping[str, pulumi.Output[str]]

    def build(self, args: AddressesArgs) -> None:
        self.names = {service: self._address(service, config, args) for service, config in args.services.items()}

    def _address(self, service: str, config: ServiceConfig, args: AddressesArgs) -> pulumi.Output[str]:
        name = service_name(self.naming.project, service)
        treatment = target_group(config) if args.balanced and config.routes else {}
        made = k8s.core.v1.Service(
            self.child_name(service),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=name,
                namespace=args.namespace,
                labels={LABEL: name},
                # Pulumi would wait for pods, which wait for the load balancer, which is made of this.
                annotations={"pulumi.com/skipAwait": "true", **treatment},
            ),
            spec=k8s.core.v1.ServiceSpecArgs(
                type="ClusterIP",
                selector={LABEL: name},
                ports=[
                    k8s.core.v1.ServicePortArgs(name="http", port=config.port, target_port="http", app_protocol="http")
                ],
            ),
            opts=self.child(),
        )
        return name_of(made, name)
