"""External Secrets: copies secrets from AWS Secrets Manager into the namespaces that may have them.

The only way there is the one cluster-wide store: stores of a namespace's own, which would borrow the controller's role
just the same, are not processed; nor is anything that writes secrets to AWS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES, spread
from dhakacart_infra.config.versions import EXTERNAL_SECRETS
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.helm import release
from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.naming import Kind

NAMESPACE = SERVICE_ACCOUNT = "external-secrets"
IMAGE = "ghcr.io/external-secrets/external-secrets"
STORE = "aws"
REPLICAS = 2
MEMORY = "128Mi"
UNUSED = ("ClusterExternalSecret", "ClusterGenerator", "ClusterPushSecret", "PushSecret")


@dataclass(frozen=True, kw_only=True)
class ExternalSecretsArgs:
    cluster_name: pulumi.Output[str]
    namespaces: Sequence[str]
    """Those that may have secrets of the environment."""
    ready: Sequence[pulumi.Resource]


class ExternalSecrets(Component, token="dhakacart:cluster:ExternalSecrets"):
    """``store`` is the ClusterSecretStore that an ExternalSecret names, and waits for."""

    release: k8s.helm.v3.Release
    store: k8s.apiextensions.CustomResource

    def build(self, args: ExternalSecretsArgs) -> None:
        namespace = k8s.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=NAMESPACE, labels={"pod-security.kubernetes.io/enforce": "restricted"}
            ),
            opts=self.child(),
        )
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(namespace=NAMESPACE, service_account=SERVICE_ACCOUNT, statements=[self._reading()]),
            self.child(),
        )
        self.release = release(
            self,
            "release",
            EXTERNAL_SECRETS,
            namespace=NAMESPACE,
            values=self._values(),
            # Pods get their role when they are admitted: one that starts before its association has none.
            depends_on=[namespace, role.associate(args.cluster_name), *args.ready],
        )
        self.store = k8s.apiextensions.CustomResource(
            self.child_name("store"),
            api_version="external-secrets.io/v1",
            kind="ClusterSecretStore",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=STORE),
            spec={
                # No credentials: it is the controller's own role that reads.
                "provider": {"aws": {"service": "SecretsManager", "region": self.naming.region}},
                "conditions": [{"namespaces": list(args.namespaces)}],
            },
            opts=self.child(depends_on=[self.release]),  # which brings the definition, and the webhook that checks it
        )

    def _reading(self) -> Statement:
        """The environment's secrets. Whoever owns the key of one grants its use, in the key's policy."""
        return allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            [self.naming.arn("secretsmanager", f"secret:{self.naming.shared(Kind.SECRET)}/*")],
        )

    def _values(self) -> dict[str, Any]:
        """Keys as in the chart's contract; of its probes only some are on by default."""
        image = {"repository": self.artifacts.image(IMAGE)}
        resources = {"requests": {"cpu": "25m", "memory": MEMORY}, "limits": {"memory": MEMORY}}
        available = {"enabled": True, "minAvailable": 1}
        probed = {"enabled": True}
        return {
            "global": {**SYSTEM_NODES, "topologySpreadConstraints": spread()},
            "image": image,
            "resources": resources,
            "serviceAccount": {"name": SERVICE_ACCOUNT},
            "replicaCount": REPLICAS,
            "leaderElect": True,
            "livenessProbe": probed,
            "readinessProbe": probed,
            "podDisruptionBudget": available,
            # It could act as any service account of the cluster; only stores with credentials of their own want that.
            "rbac": {"serviceAccountTokenCreate": False},
            "webhook": {
                "image": image,
                "resources": resources,
                "replicaCount": REPLICAS,
                "livenessProbe": probed,
                "podDisruptionBudget": available,
            },
            "certController": {"image": image, "resources": resources, "livenessProbe": probed},
            "crds": {f"create{kind}": False for kind in UNUSED},
            **{f"process{kind}": False for kind in UNUSED},
            "processSecretStore": False,
        }
