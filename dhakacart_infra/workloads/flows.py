"""Who may call whom: the shop's architecture as network policies. What is not said here does not happen.

The policies hold at both ends: the caller's lets it out, the called one's lets it in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.workloads.pod import LABEL, service_name

Peer = k8s.networking.v1.NetworkPolicyPeerArgs
Port = k8s.networking.v1.NetworkPolicyPortArgs
Ingress = k8s.networking.v1.NetworkPolicyIngressRuleArgs
Egress = k8s.networking.v1.NetworkPolicyEgressRuleArgs

DNS_NAMESPACE, DNS = "kube-system", {"k8s-app": "kube-dns"}
MONITORING_NAMESPACE, PROMETHEUS = "monitoring", {LABEL: "prometheus"}
IDENTITY_AGENT = "169.254.170.23/32"  # on every node (EKS guide, "Understand how EKS Pod Identity works")
DNS_PORT, HTTP_PORT, HTTPS_PORT = 53, 80, 443


@dataclass(frozen=True, kw_only=True)
class Flows:
    """All there are between the services, their data and the outside."""

    project: str
    services: Mapping[str, ServiceConfig]
    load_balancers: Sequence[IPv4Network]
    """The blocks that they have their addresses in: they are no pods."""
    data: Sequence[IPv4Network]
    """The blocks that PostgreSQL, its proxy and Redis have theirs in."""
    data_ports: Mapping[str, int]
    """Of each by its name in ``reaches``."""

    def into(self, service: str) -> list[Ingress]:
        config = self.services[service]
        callers = [self._pods(name) for name, other in self.services.items() if service in other.reaches]
        if config.routes:
            callers += blocks(self.load_balancers)
        rules = [Ingress(from_=callers, ports=[tcp(config.port)])] if callers else []
        if config.metrics_port:
            rules.append(Ingress(from_=[pods_in(MONITORING_NAMESPACE, PROMETHEUS)], ports=[tcp(config.metrics_port)]))
        return rules

    def out_of(self, service: str) -> list[Egress]:
        return [names(), *self._reached(self.services[service].reaches)]

    def _reached(self, reaches: Sequence[str]) -> Iterator[Egress]:
        for reached in reaches:
            if reached == "identity":
                yield identity()
            elif reached in self.data_ports:
                yield to_data(self.data, self.data_ports[reached])
            else:
                yield Egress(to=[self._pods(reached)], ports=[tcp(self.services[reached].port)])

    def _pods(self, service: str) -> Peer:
        labels = {LABEL: service_name(self.project, service)}
        return Peer(pod_selector=k8s.meta.v1.LabelSelectorArgs(match_labels=labels))


def only(
    name: str, *, namespace: pulumi.Input[str], egress: Sequence[Egress] = (), opts: pulumi.ResourceOptions
) -> k8s.networking.v1.NetworkPolicy:
    """Whatever runs in the namespace is called by nobody and calls only that, unless another policy opens more."""
    return k8s.networking.v1.NetworkPolicy(
        name,
        metadata=k8s.meta.v1.ObjectMetaArgs(name="default-deny", namespace=namespace),
        spec=k8s.networking.v1.NetworkPolicySpecArgs(
            pod_selector=k8s.meta.v1.LabelSelectorArgs(), policy_types=["Ingress", "Egress"], egress=list(egress)
        ),
        opts=opts,
    )


def names() -> Egress:
    """Names are looked up, in UDP, and in TCP where an answer is long."""
    ports = [Port(protocol=protocol, port=DNS_PORT) for protocol in ("UDP", "TCP")]
    return Egress(to=[pods_in(DNS_NAMESPACE, DNS)], ports=ports)


def to_data(data: Sequence[IPv4Network], port: int) -> Egress:
    return Egress(to=blocks(data), ports=[tcp(port)])


def identity() -> Egress:
    """The agent on the pod's own node, by which it gets an AWS role."""
    return Egress(to=[block(IDENTITY_AGENT)], ports=[tcp(HTTP_PORT)])


def aws_apis() -> Egress:
    """They have no addresses that could be written down."""
    return Egress(ports=[tcp(HTTPS_PORT)])


def blocks(cidrs: Sequence[IPv4Network]) -> list[Peer]:
    return [block(str(cidr)) for cidr in cidrs]


def block(cidr: str) -> Peer:
    return Peer(ip_block=k8s.networking.v1.IPBlockArgs(cidr=cidr))


def pods_in(namespace: str, pods: Mapping[str, str]) -> Peer:
    return Peer(
        namespace_selector=k8s.meta.v1.LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": namespace}),
        pod_selector=k8s.meta.v1.LabelSelectorArgs(match_labels=dict(pods)),
    )


def tcp(port: int) -> Port:
    return Port(protocol="TCP", port=port)
