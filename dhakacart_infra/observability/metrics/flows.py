"""Who may call whom in the monitoring namespace: nobody anybody, but for these.

People come by ``kubectl port-forward``, which to a pod is a call from its own node: those are always let in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.metrics import names as of
from dhakacart_infra.observability.metrics.targets import ADD_ONS
from dhakacart_infra.workloads.flows import (
    HTTPS_PORT,
    Egress,
    Ingress,
    Peer,
    Port,
    aws_apis,
    block,
    blocks,
    identity,
    pods_in,
    tcp,
)
from dhakacart_infra.workloads.flows import names as dns
from dhakacart_infra.workloads.pod import LABEL, service_name

API_ADDRESSES = ("10.100.0.1/32", "172.20.0.1/32")
"""The API server's Service: EKS numbers Services in one of these two ranges, and agents see an address before it is
translated (EKS guide, "Kubernetes network policies")."""
DNS_METRICS_PORT = 9153
DNS_PODS = {"k8s-app": "kube-dns"}


@dataclass(frozen=True, kw_only=True)
class FlowsArgs:
    namespace: pulumi.Output[str]
    application: str
    services: Mapping[str, ServiceConfig]
    node_blocks: Sequence[IPv4Network]
    """Where nodes have their addresses, and the control plane its interfaces."""


class Flows(Component, token="dhakacart:observability:Flows"):
    """``policies`` are there before the pods that they are of."""

    policies: list[k8s.networking.v1.NetworkPolicy]

    def build(self, args: FlowsArgs) -> None:
        self._args = args
        prometheus = _inside(of.PROMETHEUS_PODS)
        grafana, alertmanagers = _inside(of.GRAFANA_PODS), _inside(of.ALERTMANAGER_PODS)
        gossip = [tcp(of.GOSSIP_PORT), Port(protocol="UDP", port=of.GOSSIP_PORT)]
        self.policies = [
            self._policy(
                "prometheus",
                of.PROMETHEUS_PODS,
                [_from([grafana, prometheus], of.PROMETHEUS_PORT), _from([prometheus], of.RELOADER_PORT)],
                [self._api(), *self._scraped()],
            ),
            self._policy(
                "alertmanager",
                of.ALERTMANAGER_PODS,
                [
                    _from([prometheus, grafana], of.ALERTMANAGER_PORT),
                    _from([prometheus], of.RELOADER_PORT),
                    Ingress(from_=[alertmanagers], ports=gossip),
                ],
                [Egress(to=[alertmanagers], ports=gossip), identity(), aws_apis()],
            ),
            self._policy(
                "grafana",
                of.GRAFANA_PODS,
                [_from([prometheus], of.GRAFANA_PORT)],
                [
                    _to([prometheus], of.PROMETHEUS_PORT),
                    _to([alertmanagers], of.ALERTMANAGER_PORT),
                    identity(),
                    aws_apis(),  # and Kubernetes, at the same port
                ],
            ),
            self._policy("state-metrics", of.STATE_PODS, [_from([prometheus], of.STATE_PORT)], [self._api()]),
            self._policy("operator", of.OPERATOR_PODS, [_from([prometheus], of.OPERATOR_PORT)], [self._api()]),
        ]

    def _policy(
        self, role: str, pods: Mapping[str, str], into: Sequence[Ingress], out: Sequence[Egress]
    ) -> k8s.networking.v1.NetworkPolicy:
        """Names are looked up by all."""
        return k8s.networking.v1.NetworkPolicy(
            self.child_name(role),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=role, namespace=self._args.namespace),
            spec=k8s.networking.v1.NetworkPolicySpecArgs(
                pod_selector=k8s.meta.v1.LabelSelectorArgs(match_labels=dict(pods)),
                policy_types=["Ingress", "Egress"],
                ingress=list(into),
                egress=[dns(), *out],
            ),
            opts=self.child(),
        )

    def _api(self) -> Egress:
        """The API server, before and after its Service's address is translated."""
        return _to([*map(block, API_ADDRESSES), *blocks(self._args.node_blocks)], HTTPS_PORT)

    def _scraped(self) -> Iterator[Egress]:
        args, nodes = self._args, blocks(self._args.node_blocks)
        for pods, ports in _OWN:
            yield Egress(to=[_inside(pods)], ports=[tcp(port) for port in ports])
        on_nodes = [of.NODE_EXPORTER_PORT, of.KUBELET_PORT, *(one.port for one in ADD_ONS if one.on_nodes)]
        yield Egress(to=nodes, ports=[tcp(port) for port in on_nodes])
        yield _to([pods_in("kube-system", DNS_PODS)], DNS_METRICS_PORT)
        for add_on in ADD_ONS:
            if not add_on.on_nodes:
                yield _to([pods_in(add_on.namespace, add_on.pods)], add_on.port)
        for name, config in args.services.items():
            if config.metrics_port:
                pods = {LABEL: service_name(self.naming.project, name)}
                yield _to([pods_in(args.application, pods)], config.metrics_port)


_OWN = (
    (of.PROMETHEUS_PODS, (of.PROMETHEUS_PORT, of.RELOADER_PORT)),
    (of.ALERTMANAGER_PODS, (of.ALERTMANAGER_PORT, of.RELOADER_PORT)),
    (of.GRAFANA_PODS, (of.GRAFANA_PORT,)),
    (of.STATE_PODS, (of.STATE_PORT,)),
    (of.OPERATOR_PODS, (of.OPERATOR_PORT,)),
)
"""What of the stack itself Prometheus scrapes; it sends alerts by one of these ports, too."""


def _inside(pods: Mapping[str, str]) -> Peer:
    return pods_in(of.NAMESPACE, pods)


def _from(peers: Sequence[Peer], port: int) -> Ingress:
    return Ingress(from_=list(peers), ports=[tcp(port)])


def _to(peers: Sequence[Peer], port: int) -> Egress:
    return Egress(to=list(peers), ports=[tcp(port)])
