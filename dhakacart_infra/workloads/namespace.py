"""The application's namespace: what runs in it is held to the strictest standard, and deployers may change it."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster import DEPLOYERS
from dhakacart_infra.foundation.component import Component

RBAC = "rbac.authorization.k8s.io"
POD_SECURITY = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}
READINESS_GATE = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""A pod counts as ready once the load balancer sends it traffic, so a roll-out never outruns it."""


@dataclass(frozen=True, kw_only=True)
class ApplicationNamespaceArgs:
    name: str


class ApplicationNamespace(Component, token="dhakacart:workloads:ApplicationNamespace"):
    """``name`` is the namespace's, once it is there."""

    name: pulumi.Output[str]

    def build(self, args: ApplicationNamespaceArgs) -> None:
        namespace = k8s.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=args.name, labels={**POD_SECURITY, **READINESS_GATE}),
            opts=self.child(),
        )
        self.name = namespace.metadata.apply(lambda metadata: metadata.name or args.name)
        # Kubernetes' own role for those who deploy: everything in the namespace but roles and quotas.
        k8s.rbac.v1.RoleBinding(
            self.child_name("deployers"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="deployers", namespace=self.name),
            role_ref=k8s.rbac.v1.RoleRefArgs(api_group=RBAC, kind="ClusterRole", name="edit"),
            subjects=[k8s.rbac.v1.SubjectArgs(api_group=RBAC, kind="Group", name=DEPLOYERS)],
            opts=self.child(),
        )
