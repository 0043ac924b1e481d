"""Who may call whom among the logs. Nobody comes from outside: people come by ``kubectl port-forward`` alone."""

from collections.abc import Mapping, Sequence
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
from dhakacart_infra.workloads.flows import HTTP_PORT as AGENT_PORT
from dhakacart_infra.workloads.flows import IDENTITY_AGENT, Egress, Ingress, Peer, Port, names, only
from dhakacart_infra.workloads.pod import LABEL

TLS_PORT = 443
Selector = k8s.meta.v1.LabelSelectorArgs


@dataclass(frozen=True, kw_only=True)
class LogFlowsArgs:
    namespaces: Mapping[str, pulumi.Output[str]]


class LogFlows(Component, token="dhakacart:observability:LogFlows"):
    """``policies`` are there before anything runs that they are for."""

    policies: list[pulumi.Resource]

    def build(self, args: LogFlowsArgs) -> None:
        home, shipping = (args.namespaces[name] for name in (NAMESPACE, SHIPPING_NAMESPACE))
        to_elasticsearch = Egress(to=[_in(NAMESPACE, ELASTICSEARCH_PODS)], ports=[_tcp(HTTP_PORT)])
        egress = [names(), to_elasticsearch]
        self.policies = [
            only(self.child_name("home"), namespace=home, egress=egress, opts=self.child()),
            only(self.child_name("shipping"), namespace=shipping, egress=egress, opts=self.child()),
            self._elasticsearch(home),
        ]

    def _elasticsearch(self, namespace: pulumi.Output[str]) -> pulumi.Resource:
        pods = Selector(match_labels=ELASTICSEARCH_PODS)
        callers = [
            _in(NAMESPACE, ELASTICSEARCH_PODS),
            _in(NAMESPACE, KIBANA_PODS),
            _in(NAMESPACE, {LABEL: SETTINGS}),
            _in(SHIPPING_NAMESPACE, SHIPPER_PODS),
            _in(OPERATOR_NAMESPACE, OPERATOR_PODS),
        ]
        among = [_in(NAMESPACE, ELASTICSEARCH_PODS)]
        return k8s.networking.v1.NetworkPolicy(
            self.child_name("elasticsearch"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="elasticsearch", namespace=namespace),
            spec=k8s.networking.v1.NetworkPolicySpecArgs(
                pod_selector=pods,
                policy_types=["Ingress", "Egress"],
                ingress=[
                    Ingress(from_=callers, ports=[_tcp(HTTP_PORT)]),
                    Ingress(from_=among, ports=[_tcp(TRANSPORT_PORT)]),
                ],
                egress=[
                    Egress(to=among, ports=[_tcp(TRANSPORT_PORT)]),
                    Egress(to=_blocks([IDENTITY_AGENT]), ports=[_tcp(AGENT_PORT)]),
                    # S3, which has public addresses, by way of the VPC's own endpoint.
                    Egress(to=_blocks(["0.0.0.0/0"]), ports=[_tcp(TLS_PORT)]),
                ],
            ),
            opts=self.child(),
        )


def _in(namespace: str, pods: Mapping[str, str]) -> Peer:
    return Peer(
        namespace_selector=Selector(match_labels={"kubernetes.io/metadata.name": namespace}),
        pod_selector=Selector(match_labels=dict(pods)),
    )


def _blocks(cidrs: Sequence[str]) -> list[Peer]:
    return [Peer(ip_block=k8s.networking.v1.IPBlockArgs(cidr=cidr)) for cidr in cidrs]


def _tcp(port: int) -> Port:
    return Port(protocol="TCP", port=port)
