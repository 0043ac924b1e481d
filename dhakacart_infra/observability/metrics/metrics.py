"""kube-prometheus-stack, in the order in which its parts must come: namespaces, definitions, identities, the chart.

Nothing here waits for the shop, nor the shop for it: services are known by their names and ports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.config import MonitoringConfig, ServiceConfig
from dhakacart_infra.config.versions import KUBE_PROMETHEUS_STACK, MONITORING_CRDS
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey
from dhakacart_infra.foundation.helm import release
from dhakacart_infra.foundation.iam import Statement
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.observability.metrics.flows import Flows, FlowsArgs
from dhakacart_infra.observability.metrics.grafana import reading
from dhakacart_infra.observability.metrics.names import (
    ADMIN_PASSWORD,
    ADMIN_USER,
    ALERTMANAGER,
    ALERTMANAGER_SECRET,
    GRAFANA,
    NAMESPACE,
)
from dhakacart_infra.observability.metrics.namespaces import Namespaces
from dhakacart_infra.observability.metrics.targets import Targets, TargetsArgs
from dhakacart_infra.observability.metrics.values import values
from dhakacart_infra.workloads.external_secret import ExternalSecret, ExternalSecretArgs


@dataclass(frozen=True, kw_only=True)
class MetricsArgs:
    config: MonitoringConfig
    series: int
    """Most that there can be."""
    cluster_name: pulumi.Output[str]
    secrets: SecretsKey
    services: Mapping[str, ServiceConfig]
    application: str
    """The namespace of the services."""
    node_blocks: Sequence[IPv4Network]
    routing: Mapping[str, Any]
    """Alertmanager's configuration."""
    publishing: Sequence[Statement]
    """What it may do, so that the topics which that names take what it says."""
    secret_store: pulumi.Resource
    ready: Sequence[pulumi.Resource]
    """What its pods need to run: volumes, and nodes, which go only once nothing runs on them."""


class Metrics(Component, token="dhakacart:observability:Metrics"):
    """``definitions`` brings the kinds of monitors and rules: objects of those depend on it, and need no more.

    ``namespace`` is where they belong, once it is there.
    """

    definitions: k8s.helm.v3.Release
    namespace: pulumi.Output[str]

    def build(self, args: MetricsArgs) -> None:
        self._args = args
        namespaces = Namespaces(self.child_name("namespaces"), None, self.child())
        self.namespace = namespaces.monitoring
        # Helm installs what a chart keeps in crds/ once and never again: definitions are a release of their own.
        self.definitions = release(
            self, "definitions", MONITORING_CRDS, namespace=NAMESPACE, values={}, depends_on=namespaces.ready
        )
        flows = FlowsArgs(
            namespace=self.namespace,
            application=args.application,
            services=args.services,
            node_blocks=args.node_blocks,
        )
        policies = Flows(self.child_name("flows"), flows, self.child()).policies
        release(
            self,
            "release",
            KUBE_PROMETHEUS_STACK,
            namespace=NAMESPACE,
            values=values(self.scope, args.config, args.series),
            skip_crds=True,
            # Pods get an identity as they start, or never; and none runs unshielded, from the first to the last.
            depends_on=[
                self.definitions,
                *policies,
                *self._identities(),
                self._routing(),
                self._first_user(),
                *args.ready,
            ],
        )
        Targets(
            self.child_name("targets"),
            TargetsArgs(
                services=args.services,
                application=args.application,
                namespace=self.namespace,
                definitions=[self.definitions],
            ),
            self.child(),
        )

    def _identities(self) -> list[pulumi.Resource]:
        """All that makes the two service accounts somebody in AWS."""
        statements = {GRAFANA: [reading(self.naming.region)], ALERTMANAGER: self._args.publishing}
        return [
            PodRole(
                self.child_name(account),
                PodRoleArgs(namespace=NAMESPACE, service_account=account, statements=allowed),
                self.child(),
            ).associate(self._args.cluster_name)
            for account, allowed in statements.items()
        ]

    def _routing(self) -> k8s.core.v1.Secret:
        """A Secret because the operator wants one: there is nothing secret in it."""
        configuration = pulumi.Output.json_dumps(self._args.routing, sort_keys=True)
        return k8s.core.v1.Secret(
            self.child_name("routing"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=ALERTMANAGER_SECRET, namespace=self.namespace),
            string_data={"alertmanager.yaml": configuration},
            opts=self.child(),
        )

    def _first_user(self) -> ExternalSecret:
        """Grafana's, who makes others: a password that is made once, and read from Secrets Manager by whoever may."""
        name = self.naming.of(Kind.SECRET, GRAFANA)
        credentials = Credentials(
            self.child_name("credentials"),
            CredentialsArgs(secret_name=name, username="admin", key=self._args.secrets),
            self.child(),
        )
        asked = ExternalSecretArgs(
            name=GRAFANA,
            namespace=self.namespace,
            stored={"grafana": name},
            variables={ADMIN_USER: "{{ .grafana_username }}", ADMIN_PASSWORD: "{{ .grafana_password }}"},
            ready=[self._args.secret_store, credentials],
        )
        return ExternalSecret(self.child_name("user"), asked, self.child())
