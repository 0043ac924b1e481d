"""Room for a burst: pods that do nothing, and make way at once for those that do while new nodes start."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config.versions import PAUSE
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.namespace import Demand
from dhakacart_infra.workloads.pod import LABEL, container_security, pod_security

USER_ID = 65535  # the image's own
PRIORITY = -10  # whatever says nothing has 0
NAME = "spare-room"


@dataclass(frozen=True, kw_only=True)
class SpareRoomArgs:
    namespace: pulumi.Output[str]
    pods: int
    each: Demand
    nodes: Sequence[pulumi.Resource]


class SpareRoom(Component, token="dhakacart:workloads:SpareRoom"):
    """Karpenter keeps nodes for them, which the shop's pods then take."""

    def build(self, args: SpareRoomArgs) -> None:
        priority = k8s.scheduling.v1.PriorityClass(
            self.child_name("priority"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=NAME),
            value=PRIORITY,
            preemption_policy="Never",
            description="Makes way for everything",
            opts=self.child(),
        )
        labels = {LABEL: NAME}
        k8s.apps.v1.Deployment(
            self.child_name("deployment"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=NAME,
                namespace=args.namespace,
                labels=labels,
                # Without a node to spare they wait, and nobody for them.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=k8s.apps.v1.DeploymentSpecArgs(
                replicas=args.pods,
                selector=k8s.meta.v1.LabelSelectorArgs(match_labels=labels),
                template=k8s.core.v1.PodTemplateSpecArgs(
                    metadata=k8s.meta.v1.ObjectMetaArgs(labels=labels),
                    spec=self._pod(args, name_of(priority, NAME)),
                ),
            ),
            opts=self.child(depends_on=args.nodes),
        )

    def _pod(self, args: SpareRoomArgs, priority_class: pulumi.Output[str]) -> k8s.core.v1.PodSpecArgs:
        wanted = {"cpu": f"{args.each.millicores}m", "memory": f"{args.each.memory_mib}Mi"}
        return k8s.core.v1.PodSpecArgs(
            priority_class_name=priority_class,
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=0,
            security_context=pod_security(USER_ID),
            containers=[
                k8s.core.v1.ContainerArgs(
                    name="pause",
                    image=f"{self.artifacts.image(PAUSE.name)}:{PAUSE.tag}",
                    resources=k8s.core.v1.ResourceRequirementsArgs(requests=wanted, limits=wanted),
                    security_context=container_security(),
                )
            ],
        )
