"""The application's namespace: what runs in it is held to the strictest standard, and deployers may change it."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster import DEPLOYERS
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.flows import only

RBAC = "rbac.authorization.k8s.io"
POD_SECURITY = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}
READINESS_GATE = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""A pod counts as ready once the load balancer sends it traffic, so a roll-out never outruns it."""

ROLLING = 2  # pods that end count until they are gone, beside those that took over from them


@dataclass(frozen=True, kw_only=True)
class Demand:
    """So many pods, and what they request together."""

    pods: int
    millicores: int
    memory_mib: int


@dataclass(frozen=True, kw_only=True)
class ApplicationNamespaceArgs:
    name: str
    most: Demand
    """All that the shop may want at its largest."""


class ApplicationNamespace(Component, token="dhakacart:workloads:ApplicationNamespace"):
    """``name`` is the namespace's, once it is there."""

    name: pulumi.Output[str]

    def build(self, args: ApplicationNamespaceArgs) -> None:
        namespace = k8s.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=args.name, labels={**POD_SECURITY, **READINESS_GATE}),
            opts=self.child(),
        )
        self.name = name_of(namespace, args.name)
        only(self.child_name("default-deny"), namespace=self.name, opts=self.child())
        self._bounds(args.most)
        # Kubernetes' own role for those who deploy: everything in the namespace but roles and quotas.
        k8s.rbac.v1.RoleBinding(
            self.child_name("deployers"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="deployers", namespace=self.name),
            role_ref=k8s.rbac.v1.RoleRefArgs(api_group=RBAC, kind="ClusterRole", name="edit"),
            subjects=[k8s.rbac.v1.SubjectArgs(api_group=RBAC, kind="Group", name=DEPLOYERS)],
            opts=self.child(),
        )

    def _bounds(self, most: Demand) -> None:
        """What somebody starts by mistake takes no more than the shop itself could, and says what it wants."""
        k8s.core.v1.ResourceQuota(
            self.child_name("quota"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="quota", namespace=self.name),
            spec=k8s.core.v1.ResourceQuotaSpecArgs(
                hard={
                    "pods": str(most.pods * ROLLING),
                    "requests.cpu": f"{most.millicores * ROLLING}m",
                    "requests.memory": f"{most.memory_mib * ROLLING}Mi",
                    # The load balancer reaches pods themselves.
                    "services.nodeports": "0",
                    "services.loadbalancers": "0",
                }
            ),
            opts=self.child(),
        )
        k8s.core.v1.LimitRange(
            self.child_name("limits"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name="limits", namespace=self.name),
            spec=k8s.core.v1.LimitRangeSpecArgs(
                limits=[
                    k8s.core.v1.LimitRangeItemArgs(
                        type="Container",
                        default_request={"cpu": "50m", "memory": "64Mi"},
                        default={"memory": "128Mi"},
                    )
                ]
            ),
            opts=self.child(),
        )
