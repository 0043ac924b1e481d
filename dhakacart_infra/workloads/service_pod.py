"""The pod of a service: hardened, spread, told what it needs, started and stopped without a lost request."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.scheduling import SPOT_TAINT, spread
from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.workloads.pod import container_security, pod_security
from dhakacart_infra.workloads.stand_in import COMMAND, MOUNT, USER_ID, WRITABLE

READINESS_DELAY_SECONDS, READINESS_PERIOD_SECONDS = 5, 5
LIVENESS_DELAY_SECONDS, LIVENESS_PERIOD_SECONDS = 30, 10
STARTUP_PERIOD_SECONDS = 5
DRAIN_SECONDS = 15
"""A pod that is to go serves on for so long: the load balancer and other nodes need it to hear of it."""
GRACE_SECONDS = 60  # the drain, and the longest request after it


@dataclass(frozen=True, kw_only=True)
class ServicePod:
    service: str
    config: ServiceConfig
    image: pulumi.Output[str]
    labels: Mapping[str, str]
    account: pulumi.Output[str]
    """The ServiceAccount's name."""
    settings: pulumi.Output[str]
    """The ConfigMap's name."""
    page: pulumi.Output[str] | None
    """The ConfigMap's with what a stand-in shows, where the image is not the service's own."""
    data_secret: str | None
    """The Secret's name, if it is told of data."""
    priority_class: pulumi.Output[str]

    def template(self) -> k8s.core.v1.PodTemplateSpecArgs:
        writable = WRITABLE if self.page is not None else self.config.writable_paths
        folders = {f"writable-{number}": path for number, path in enumerate(writable)}
        return k8s.core.v1.PodTemplateSpecArgs(
            metadata=k8s.meta.v1.ObjectMetaArgs(labels=self.labels),
            spec=k8s.core.v1.PodSpecArgs(
                service_account_name=self.account,
                automount_service_account_token=False,
                enable_service_links=False,
                priority_class_name=self.priority_class,
                security_context=self._security(),
                topology_spread_constraints=self._spread(),
                tolerations=[_spot()] if self.config.spot else None,
                termination_grace_period_seconds=GRACE_SECONDS,
                containers=[self._container(folders)],
                volumes=self._volumes(folders),
            ),
        )

    def _security(self) -> k8s.core.v1.PodSecurityContextArgs:
        security = pod_security(USER_ID if self.page is not None else self.config.user_id)
        # Of the pod's own network, and one of the few that are safe: port 80 without root.
        security.sysctls = [k8s.core.v1.SysctlArgs(name="net.ipv4.ip_unprivileged_port_start", value="0")]
        return security

    def _spread(self) -> list[k8s.core.v1.TopologySpreadConstraintArgs]:
        """Each release by itself: else the old one's pods would decide where the new one's go."""
        return [
            k8s.core.v1.TopologySpreadConstraintArgs(
                max_skew=constraint["maxSkew"],
                topology_key=constraint["topologyKey"],
                when_unsatisfiable=constraint["whenUnsatisfiable"],
                label_selector=k8s.meta.v1.LabelSelectorArgs(match_labels=self.labels),
                match_label_keys=["pod-template-hash"],
            )
            for constraint in spread()
        ]

    def _container(self, folders: Mapping[str, str]) -> k8s.core.v1.ContainerArgs:
        config, resources = self.config, self.config.resources
        mounts = [k8s.core.v1.VolumeMountArgs(name=name, mount_path=path) for name, path in folders.items()]
        if self.page is not None:
            mounts.append(k8s.core.v1.VolumeMountArgs(name="page", mount_path=MOUNT, read_only=True))
        return k8s.core.v1.ContainerArgs(
            name=self.service,
            image=self.image,
            command=list(COMMAND) if self.page is not None else None,
            ports=self._ports(),
            env_from=self._variables(),
            resources=k8s.core.v1.ResourceRequirementsArgs(
                requests={"cpu": f"{resources.cpu_request_millicores}m", "memory": f"{resources.memory_request_mib}Mi"},
                limits={"cpu": f"{resources.cpu_limit_millicores}m", "memory": f"{resources.memory_limit_mib}Mi"},
            ),
            security_context=container_security(),
            volume_mounts=mounts,
            # Kubernetes waits by itself: the image needs no shell.
            lifecycle=k8s.core.v1.LifecycleArgs(
                pre_stop=k8s.core.v1.LifecycleHandlerArgs(sleep=k8s.core.v1.SleepActionArgs(seconds=DRAIN_SECONDS))
            ),
            readiness_probe=_probe(config.health.path, READINESS_DELAY_SECONDS, READINESS_PERIOD_SECONDS),
            liveness_probe=_probe(config.health.liveness_path, LIVENESS_DELAY_SECONDS, LIVENESS_PERIOD_SECONDS),
            startup_probe=self._startup_probe(),
            termination_message_policy="FallbackToLogsOnError",
        )

    def _ports(self) -> list[k8s.core.v1.ContainerPortArgs]:
        ports = {"http": self.config.port, "metrics": self.config.metrics_port}
        return [k8s.core.v1.ContainerPortArgs(name=name, container_port=port) for name, port in ports.items() if port]

    def _variables(self) -> list[k8s.core.v1.EnvFromSourceArgs]:
        settings = k8s.core.v1.ConfigMapEnvSourceArgs(name=self.settings)
        sources = [k8s.core.v1.EnvFromSourceArgs(config_map_ref=settings)]
        if self.data_secret and self.page is None:
            secret = k8s.core.v1.SecretEnvSourceArgs(name=self.data_secret)
            sources.append(k8s.core.v1.EnvFromSourceArgs(secret_ref=secret))
        return sources

    def _startup_probe(self) -> k8s.core.v1.ProbeArgs | None:
        seconds = self.config.health.startup_seconds
        if seconds is None:
            return None
        probe = _probe(self.config.health.liveness_path, None, STARTUP_PERIOD_SECONDS)
        probe.failure_threshold = ceil(seconds / STARTUP_PERIOD_SECONDS)
        return probe

    def _volumes(self, folders: Mapping[str, str]) -> list[k8s.core.v1.VolumeArgs]:
        volumes = [
            k8s.core.v1.VolumeArgs(name=name, empty_dir=k8s.core.v1.EmptyDirVolumeSourceArgs()) for name in folders
        ]
        if self.page is not None:
            source = k8s.core.v1.ConfigMapVolumeSourceArgs(name=self.page)
            volumes.append(k8s.core.v1.VolumeArgs(name="page", config_map=source))
        return volumes


def _probe(path: str | None, delay: int | None, period: int) -> k8s.core.v1.ProbeArgs:
    """Asks for the path, or only whether the port is open."""
    asked = k8s.core.v1.HTTPGetActionArgs(path=path, port="http") if path else None
    opened = None if path else k8s.core.v1.TCPSocketActionArgs(port="http")
    return k8s.core.v1.ProbeArgs(
        http_get=asked, tcp_socket=opened, initial_delay_seconds=delay, period_seconds=period, timeout_seconds=3
    )


def _spot() -> k8s.core.v1.TolerationArgs:
    return k8s.core.v1.TolerationArgs(
        key=SPOT_TAINT["key"], operator="Equal", value=SPOT_TAINT["value"], effect=SPOT_TAINT["effect"]
    )
