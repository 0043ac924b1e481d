"""Whether what is to run runs: containers, pods, roll-outs, jobs, and who keeps nodes from being emptied."""

from dhakacart_infra.observability.alerting.model import Alert, Group
from dhakacart_infra.workloads.spare_room import NAME as SPARE_ROOM

CANNOT_START = "CreateContainerConfigError|CreateContainerError|ErrImagePull|ImagePullBackOff|InvalidImageName"


def groups() -> list[Group]:
    return [Group(name="workloads", rules=[*_containers(), *_deployments(), *_others(), *_lasting()])]


def _containers() -> list[Alert]:
    waiting = "kube_pod_container_status_waiting_reason"
    ended = "kube_pod_container_status_last_terminated_reason"
    return [
        Alert(
            name="ContainerCrashLooping",
            # Between two back-offs it runs for a moment.
            expr=f'max_over_time({waiting}{{reason="CrashLoopBackOff"}}[5m]) == 1',
            lasts="10m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} ends again and again",
            description="{{ $labels.container }} is restarted after ever longer waits.",
        ),
        Alert(
            name="ContainerCannotStart",
            expr=f'max_over_time({waiting}{{reason=~"{CANNOT_START}"}}[5m]) == 1',
            lasts="10m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} cannot start: {{ $labels.reason }}",
            description="{{ $labels.container }} has no image, or lacks a secret or a setting that it names.",
        ),
        Alert(
            name="ContainerKilledForMemory",
            expr="increase(kube_pod_container_status_restarts_total[15m]) > 0"
            f' and on (namespace, pod, container) {ended}{{reason="OOMKilled"}} == 1',
            lasts="0m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} was killed for its memory",
            description="{{ $labels.container }} wanted more than its limit, and began anew.",
        ),
        Alert(
            name="PodNotReady",
            expr='kube_pod_status_ready{condition="false"} == 1'
            ' and on (namespace, pod) kube_pod_status_phase{phase=~"Running|Unknown"} == 1',
            lasts="15m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} runs and does not serve",
            description="It fails its readiness probe, or its node does not answer.",
        ),
    ]


def _deployments() -> list[Alert]:
    other = f'deployment!="{SPARE_ROOM}"'
    wanted, there = f"kube_deployment_spec_replicas{{{other}}}", f"kube_deployment_status_replicas_available{{{other}}}"
    return [
        Alert(
            name="DeploymentUnavailable",
            expr=f"{there} == 0 and {wanted} > 0",
            lasts="5m",
            severity="critical",
            about="deployment",
            summary="Nothing of {{ $labels.namespace }}/{{ $labels.deployment }} serves",
            description="None of its pods is available.",
        ),
        Alert(
            name="DeploymentShort",
            # While a roll-out or the autoscaler goes on, pods come.
            expr=f"{wanted} > {there} and changes({there}[10m]) == 0",
            lasts="15m",
            severity="warning",
            about="deployment",
            summary="{{ $labels.namespace }}/{{ $labels.deployment }} has too few pods",
            description="It wants {{ $value }}. Fewer are available, and none has come for ten minutes.",
        ),
        Alert(
            name="RolloutStuck",
            expr=f'kube_deployment_status_condition{{condition="Progressing",status="false",{other}}} == 1',
            lasts="5m",
            severity="warning",
            about="deployment",
            summary="The release of {{ $labels.namespace }}/{{ $labels.deployment }} goes no further",
            description="No new pod became ready in time. The old ones serve on.",
        ),
    ]


def _others() -> list[Alert]:
    daemons = "kube_daemonset_status"
    return [
        Alert(
            name="StatefulSetShort",
            expr="kube_statefulset_replicas > kube_statefulset_status_replicas_ready",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.statefulset }} has too few pods",
            description="It wants {{ $value }}; fewer are ready. What they keep has fewer copies.",
        ),
        Alert(
            name="DaemonSetShort",
            expr=f"{daemons}_desired_number_scheduled > {daemons}_number_available",
            lasts="15m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.daemonset }} is missing on some nodes",
            description="It is to run on {{ $value }}, and does not on all of them.",
        ),
    ]


def _lasting() -> list[Alert]:
    """What stays until somebody does something."""
    budget = "kube_poddisruptionbudget_status"
    return [
        Alert(
            name="JobFailed",
            expr='kube_job_failed{condition="true"} == 1',
            lasts="1m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.job_name }} has failed",
            description="It is not tried again. What waits for it waits on; the last pod is kept, to be looked at.",
        ),
        Alert(
            name="DisruptionBudgetBlocks",
            expr=f"{budget}_pod_disruptions_allowed == 0 and {budget}_expected_pods > 0",
            lasts="1h",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} lets no pod go",
            description="No node with one of its pods can be emptied: no upgrade, and no saving.",
        ),
    ]
