"""Who may call whom among the logs. Nobody comes from outside: people come by ``kubectl port-forward`` alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.logs.names import (
    ELASTICSEARCH_PODS,
    HTTP_PORT,
    KIBANA_PODS,
    NAMESPACE,
    OPERATOR_NAMESPACE,
    OPERATOR_PODS,
    SETTINGS,
    SHIPPER_PODS,
    SHIPPING_NAMESPACE,
    TRANSPORT_PORT,
)
from dhakacart_infra.workloads.flows import Egress, Ingress, aws_apis, identity, names, only, pods_in, tcp
from dhakacart_infra.workloads.pod import LABEL


@dataclass(frozen=True, kw_only=True)
class LogFlowsArgs:
    namespaces: Mapping[str, pulumi.Output[str]]


class LogFlows(Component, token="dhakacart:observability:LogFlows"):
    """``policies`` are there before anything runs that they are for."""

    policies: list[pulumi.Resource]

    def build(self, args: LogFlowsArgs) -> None:
        home, shipping = (args.namespaces[name] for name in (NAMESPACE, SHIPPING_NAMESPACE))
        to_elasticsearch = Egress(to=[pods_in(NAMESPACE, ELASTICSEARCH_PODS)], ports=[tcp(HTTP_PORT)])
        egress = [names(), to_elasticsearch]
        self.policies = [
            only(self.child_name("home"), namespace=home, egress=egress, opts=self.child()),
            only(self.child_name("shipping"), namespace=shipping, egress=egress, opts=self.child()),
            self._elasticsearch(home),
        ]

    def _elasticsearch(self, namespace: pulumi.Output[str]) -> pulumi.Resource:
        pods = k8s.meta.v1.LabelSelectorArgs(match_labels=ELASTICSEARCH_PODS)
        callers = [
            pods_in(NAMESPACE, ELASTICSEARCH_PODS),
            pods_in(NAMESPACE, KIBANA_PODS),
            pods_in(NAMESPACE, {LABEL: SETTINGS}),
            pods_in(SHIPPING_NAMESPACE, SHIPPER_PODS),
            pods_in(OPERATOR_NAMESPACE, OPERATOR_PODS),
        ]
        among = [pods_in(NAMESPACE, ELASTICSEARCH_PODS)]
        return k8s.networking.v1.NetworkPolicy(
            self.child_name("elasticsearch"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="elasticsearch", namespace=namespace),
            spec=k8s.networking.v1.NetworkPolicySpecArgs(
                pod_selector=pods,
                policy_types=["Ingress", "Egress"],
                ingress=[
                    Ingress(from_=callers, ports=[tcp(HTTP_PORT)]),
                    Ingress(from_=among, ports=[tcp(TRANSPORT_PORT)]),
                ],
                egress=[
                    Egress(to=among, ports=[tcp(TRANSPORT_PORT)]),
                    identity(),
                    aws_apis(),  # S3's, by way of the VPC's own endpoint
                ],
            ),
            opts=self.child(),
        )
