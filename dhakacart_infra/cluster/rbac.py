"""What the groups of the access entries may do everywhere: readers see everything but secrets.

What deployers may do is said where their namespace is made.
"""

import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.access_entries import READERS
from dhakacart_infra.foundation.component import Component

READ = ["get", "list", "watch"]
CORE_RESOURCES = [  # the core group has secrets in it, so its resources are listed; a new kind is not read by accident
    *("configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes"),
    *("persistentvolumeclaims", "persistentvolumes", "pods", "pods/log", "pods/status"),
    *("replicationcontrollers", "resourcequotas", "serviceaccounts", "services"),
]
GROUPS = [  # none of them has a kind that carries secrets in clear
    *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "autoscaling"),
    *("batch", "coordination.k8s.io", "discovery.k8s.io", "elbv2.k8s.aws", "events.k8s.io", "external-secrets.io"),
    *("karpenter.k8s.aws", "karpenter.sh", "metrics.k8s.io", "networking.k8s.aws", "networking.k8s.io"),
    *("policy", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io"),
]


class Rbac(Component, token="dhakacart:cluster:Rbac"):
    """The readers' role, and the readers in it."""

    def build(self, args: None) -> None:
        name = f"{self.naming.project}-reader"
        role = k8s.rbac.v1.ClusterRole(
            self.child_name("reader"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=name),
            rules=[
                k8s.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=CORE_RESOURCES, verbs=READ),
                k8s.rbac.v1.PolicyRuleArgs(api_groups=GROUPS, resources=["*"], verbs=READ),
            ],
            opts=self.child(),
        )
        k8s.rbac.v1.ClusterRoleBinding(
            self.child_name("readers"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=name),
            role_ref=k8s.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=role.metadata.name
            ),
            subjects=[k8s.rbac.v1.SubjectArgs(api_group="rbac.authorization.k8s.io", kind="Group", name=READERS)],
            opts=self.child(),
        )
