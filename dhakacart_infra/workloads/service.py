"""One service of the shop: from its configuration to everything that runs, scales, releases and shields it.

Its address is apart: the load balancer is made of that before there are pods.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.config.services import ScalingConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.flows import Flows
from dhakacart_infra.workloads.pod import LABEL, service_name
from dhakacart_infra.workloads.service_pod import ServicePod
from dhakacart_infra.workloads.stand_in import pages

STEP_SECONDS = 45  # a pod that starts, is found healthy, and lets another go
PATIENCE_SECONDS = 600  # for the first of them: an image to pull, perhaps a node to start
DIGEST_LENGTH = 10
KEPT_REVISIONS = 5  # to go back to with `kubectl rollout undo`


@dataclass(frozen=True, kw_only=True)
class ServiceArgs:
    service: str
    config: ServiceConfig
    namespace: pulumi.Output[str]
    image: pulumi.Output[str]
    stands_in: bool
    """The image is not the service's own, and gets a page to show."""
    data_secret: str | None
    """The Secret with the data's addresses and passwords, for a service that reaches them."""
    flows: Flows
    priority_class: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]
    """What a release waits for: where that fails, the pods that run go on."""


class Service(Component, token="dhakacart:workloads:Service"):
    """All its objects have one name, that of its address."""

    def build(self, args: ServiceArgs) -> None:
        self._called = service_name(self.naming.project, args.service)
        self._namespace, self._labels = args.namespace, {LABEL: self._called}
        account = k8s.core.v1.ServiceAccount(
            self.child_name("account"),
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self.child(),
        )
        policy = self._policy(args)
        pod = ServicePod(
            service=args.service,
            config=args.config,
            image=args.image,
            labels=self._labels,
            account=name_of(account, self._called),
            settings=self._config_map("settings", args.config.variables),
            page=self._config_map("stand-in", pages(args.service, args.config.port)) if args.stands_in else None,
            data_secret=args.data_secret,
            priority_class=args.priority_class,
        )
        # No pod runs unshielded, from the first to the last.
        self._deployment(args, pod, [*args.ready, policy])
        self._scaler(args.config)
        k8s.policy.v1.PodDisruptionBudget(
            self.child_name("budget"),
            metadata=self._metadata(),
            spec=k8s.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=f"{args.config.scaling.max_unavailable_percent}%",
                selector=self._selector,
                # A pod that is broken anyway keeps no node from being emptied.
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
            opts=self.child(),
        )

    @property
    def _selector(self) -> k8s.meta.v1.LabelSelectorArgs:
        return k8s.meta.v1.LabelSelectorArgs(match_labels=self._labels)

    def _metadata(self, name: str | None = None) -> k8s.meta.v1.ObjectMetaArgs:
        return k8s.meta.v1.ObjectMetaArgs(name=name or self._called, namespace=self._namespace, labels=self._labels)

    def _config_map(self, role: str, data: Mapping[str, str]) -> pulumi.Output[str]:
        """Named for what is in it: a change is another one, so the pods roll, and those that still run keep theirs."""
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:DIGEST_LENGTH]
        name = f"{self._called}-{digest}"
        made = k8s.core.v1.ConfigMap(
            self.child_name(role), metadata=self._metadata(name), data=data, immutable=True, opts=self.child()
        )
        return name_of(made, name)

    def _policy(self, args: ServiceArgs) -> k8s.networking.v1.NetworkPolicy:
        return k8s.networking.v1.NetworkPolicy(
            self.child_name("flows"),
            metadata=self._metadata(),
            spec=k8s.networking.v1.NetworkPolicySpecArgs(
                pod_selector=self._selector,
                policy_types=["Ingress", "Egress"],
                ingress=args.flows.into(args.service),
                egress=args.flows.out_of(args.service),
            ),
            opts=self.child(),
        )

    def _deployment(self, args: ServiceArgs, pod: ServicePod, ready: Sequence[pulumi.Resource]) -> None:
        scaling = args.config.scaling
        wait = f"{release_seconds(scaling)}s"
        k8s.apps.v1.Deployment(
            self.child_name("deployment"),
            metadata=self._metadata(),
            spec=k8s.apps.v1.DeploymentSpecArgs(
                # No number of replicas: that is the autoscaler's.
                selector=self._selector,
                strategy=k8s.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=k8s.apps.v1.RollingUpdateDeploymentArgs(
                        max_surge=scaling.max_surge, max_unavailable=0
                    ),
                ),
                progress_deadline_seconds=PATIENCE_SECONDS,
                revision_history_limit=KEPT_REVISIONS,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions.merge(
                self.child(depends_on=ready),
                pulumi.ResourceOptions(
                    ignore_changes=["spec.replicas"],
                    custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait),
                ),
            ),
        )

    def _scaler(self, config: ServiceConfig) -> None:
        scaling, v2 = config.scaling, k8s.autoscaling.v2
        k8s.autoscaling.v2.HorizontalPodAutoscaler(
            self.child_name("scaler"),
            metadata=self._metadata(f"{self._called}-hpa"),
            spec=v2.HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=v2.CrossVersionObjectReferenceArgs(
                    api_version="apps/v1", kind="Deployment", name=self._called
                ),
                min_replicas=scaling.min_pods,
                max_replicas=scaling.max_pods,
                metrics=[_used("cpu", scaling.cpu_percent), _used("memory", scaling.memory_percent)],
                behavior=v2.HorizontalPodAutoscalerBehaviorArgs(
                    # Up at once, twice as many every quarter minute; down by a tenth a minute, after five quiet ones.
                    scale_up=v2.HPAScalingRulesArgs(
                        stabilization_window_seconds=0,
                        select_policy="Max",
                        policies=[_by("Percent", 100, 15), _by("Pods", 4, 15)],
                    ),
                    scale_down=v2.HPAScalingRulesArgs(
                        stabilization_window_seconds=300, policies=[_by("Percent", 10, 60)]
                    ),
                ),
            ),
            opts=self.child(),
        )


def release_seconds(scaling: ScalingConfig) -> int:
    """How long Pulumi waits for a release: it would not be told of a bad one before."""
    return PATIENCE_SECONDS + STEP_SECONDS * ceil(scaling.max_pods / scaling.max_surge)


def _used(resource: str, percent: int) -> k8s.autoscaling.v2.MetricSpecArgs:
    target = k8s.autoscaling.v2.MetricTargetArgs(type="Utilization", average_utilization=percent)
    source = k8s.autoscaling.v2.ResourceMetricSourceArgs(name=resource, target=target)
    return k8s.autoscaling.v2.MetricSpecArgs(type="Resource", resource=source)


def _by(unit: str, value: int, period_seconds: int) -> k8s.autoscaling.v2.HPAScalingPolicyArgs:
    return k8s.autoscaling.v2.HPAScalingPolicyArgs(type=unit, value=value, period_seconds=period_seconds)
