"""The AWS Load Balancer Controller: makes a load balancer of an Ingress, and puts pods into its target groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.addons.load_balancer_permissions import load_balancer_permissions
from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES, spread
from dhakacart_infra.config.versions import LOAD_BALANCER_CONTROLLER
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.helm import release
from dhakacart_infra.foundation.naming import Kind

NAMESPACE, SERVICE_ACCOUNT = "kube-system", "aws-load-balancer-controller"
IMAGE = "public.ecr.aws/eks/aws-load-balancer-controller"
INGRESS_CLASS = "alb"
MEMORY = "256Mi"  # it holds every pod, node and endpoint of the cluster


@dataclass(frozen=True, kw_only=True)
class LoadBalancerControllerArgs:
    cluster_name: pulumi.Output[str]
    vpc_id: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


class LoadBalancerController(Component, token="dhakacart:cluster:LoadBalancerController"):
    """``release`` stands while there are Ingresses: only it can delete what it made of them.

    Its webhooks must answer, or the API server refuses Ingresses: other installations come after it.
    """

    release: k8s.helm.v3.Release

    def build(self, args: LoadBalancerControllerArgs) -> None:
        cluster = self.naming.of(Kind.EKS_CLUSTER)
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(
                namespace=NAMESPACE,
                service_account=SERVICE_ACCOUNT,
                statements=load_balancer_permissions(self.naming, cluster),
            ),
            self.child(),
        )
        self.release = release(
            self,
            "release",
            LOAD_BALANCER_CONTROLLER,
            namespace=NAMESPACE,
            values=self._values(args),
            # Pods get their role when they are admitted: one that starts before its association has none.
            depends_on=[role.associate(args.cluster_name), *args.ready],
        )

    def _values(self, args: LoadBalancerControllerArgs) -> dict[str, Any]:
        """Keys as in helm/aws-load-balancer-controller/values.yaml of the controller's release."""
        return {
            "clusterName": args.cluster_name,
            # It would ask the metadata service, which answers nodes and not pods.
            "region": self.naming.region,
            "vpcId": args.vpc_id,
            "image": {"repository": self.artifacts.image(IMAGE)},
            "serviceAccount": {"name": SERVICE_ACCOUNT},
            "replicaCount": 2,
            "podDisruptionBudget": {"maxUnavailable": 1},
            "resources": {"requests": {"cpu": "100m", "memory": MEMORY}, "limits": {"memory": MEMORY}},
            "topologySpreadConstraints": spread({"app.kubernetes.io/name": LOAD_BALANCER_CONTROLLER.name}),
            **SYSTEM_NODES,
            "ingressClass": INGRESS_CLASS,
            "defaultTargetType": "ip",
            "defaultTags": dict(self.scope.launch_tags),
            # A new certificate at each upgrade would leave the webhooks and their pods disagreeing for a while.
            "keepTLSSecret": True,
            # It would stand in the way of every Service that anything creates while it is away.
            "enableServiceMutatorWebhook": False,
            # Not granted: see the permissions.
            "enableShield": False,
            "enableWaf": False,
            "enableWafv2": False,
            "controllerConfig": {
                "featureGates": {"EnableServiceController": False, "NLBGatewayAPI": False, "ALBGatewayAPI": False}
            },
        }
