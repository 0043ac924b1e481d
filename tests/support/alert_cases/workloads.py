"""When what is to run does not."""

from tests.support.alert_cases.case import Case, Told, named

SHOP = {"namespace": "dhakacart"}
CONTAINER = {**SHOP, "pod": "backend-1", "container": "backend"}
POD = {**SHOP, "pod": "backend-1"}
DEPLOYMENT = {**SHOP, "deployment": "dhakacart-backend"}
STATEFUL = {"namespace": "logging", "statefulset": "logs-es-default"}
DAEMON = {"namespace": "logging", "daemonset": "logs-beat-filebeat"}
JOB = {"namespace": "dhakacart-schema", "job_name": "schema-v1"}
BUDGET = {**SHOP, "poddisruptionbudget": "dhakacart-backend"}


def waits(reason: str, values: str) -> dict[str, str]:
    return {named("kube_pod_container_status_waiting_reason", **CONTAINER, reason=reason): values}


def ended(reason: str, restarts: str) -> dict[str, str]:
    return {
        named("kube_pod_container_status_last_terminated_reason", **CONTAINER, reason=reason): "1x60",
        named("kube_pod_container_status_restarts_total", **CONTAINER): restarts,
    }


def readiness(unready: str, phase: str) -> dict[str, str]:
    return {
        named("kube_pod_status_ready", **POD, condition="false"): unready,
        named("kube_pod_status_phase", **POD, phase=phase): "1x60",
    }


def pods(wanted: str, available: str, name: str = "dhakacart-backend") -> dict[str, str]:
    of = {**SHOP, "deployment": name}
    return {
        named("kube_deployment_spec_replicas", **of): wanted,
        named("kube_deployment_status_replicas_available", **of): available,
    }


def progresses(false: str, name: str = "dhakacart-backend") -> dict[str, str]:
    of = {**SHOP, "deployment": name, "condition": "Progressing", "status": "false"}
    return {named("kube_deployment_status_condition", **of): false}


def stateful(ready: str) -> dict[str, str]:
    return {
        named("kube_statefulset_replicas", **STATEFUL): "3x60",
        named("kube_statefulset_status_replicas_ready", **STATEFUL): ready,
    }


def daemons(available: str) -> dict[str, str]:
    return {
        named("kube_daemonset_status_desired_number_scheduled", **DAEMON): "5x60",
        named("kube_daemonset_status_number_available", **DAEMON): available,
    }


def failed(values: str) -> dict[str, str]:
    return {named("kube_job_failed", **JOB, condition="true"): values}


def budget(allowed: str, expected: int) -> dict[str, str]:
    return {
        named("kube_poddisruptionbudget_status_pod_disruptions_allowed", **BUDGET): allowed,
        named("kube_poddisruptionbudget_status_expected_pods", **BUDGET): f"{expected}x120",
    }


crash = Told(alert="ContainerCrashLooping", at="30m", labels={**CONTAINER, "reason": "CrashLoopBackOff"})
start = Told(alert="ContainerCannotStart", at="30m", labels=CONTAINER)
killed = Told(alert="ContainerKilledForMemory", at="30m", labels=CONTAINER)
unready = Told(alert="PodNotReady", at="30m", labels={**POD, "condition": "false"})
gone = Told(alert="DeploymentUnavailable", at="30m", labels=DEPLOYMENT)
short = Told(alert="DeploymentShort", at="40m", labels=DEPLOYMENT)
stuck = Told(alert="RolloutStuck", at="30m", labels={**DEPLOYMENT, "condition": "Progressing", "status": "false"})
copies = Told(alert="StatefulSetShort", at="30m", labels=STATEFUL)
nodes = Told(alert="DaemonSetShort", at="30m", labels=DAEMON)
job = Told(alert="JobFailed", at="30m", labels={**JOB, "condition": "true"})
blocked = Told(alert="DisruptionBudgetBlocks", at="90m", labels=BUDGET)

CASES: list[Case] = [
    crash.fires("it runs for a moment in between", waits("CrashLoopBackOff", "1 1 1 _ 1 1 1 _ 1x30")),
    crash.silent("it fell once and runs", waits("CrashLoopBackOff", "1x3 _x50")),
    crash.silent("it is only being made", waits("ContainerCreating", "1x60")),
    start.fires("there is no such image", waits("ImagePullBackOff", "1x60"), reason="ImagePullBackOff"),
    start.fires(
        "it names a secret that is not there",
        waits("CreateContainerConfigError", "1x60"),
        reason="CreateContainerConfigError",
    ),
    start.silent("its image is pulled", waits("ContainerCreating", "1x60")),
    start.silent("the registry did not answer once", waits("ErrImagePull", "1x2 _x50")),
    killed.fires("it has begun anew since", ended("OOMKilled", "0x20 1x20")),
    killed.silent("it ended by itself", ended("Error", "0x20 1x20")),
    killed.silent("it was, before yesterday", ended("OOMKilled", "1x60")),
    unready.fires("it runs and answers no probe", readiness("1x60", "Running")),
    unready.silent("it has done what it was for", readiness("1x60", "Succeeded")),
    unready.silent("it was slow to start", readiness("1x10 0x50", "Running")),
    gone.fires("none of three is there", pods("3x60", "0x60")),
    gone.silent("one of three is", pods("3x60", "1x60")),
    gone.silent("none is wanted", pods("0x60", "0x60")),
    gone.silent("spare room found no node", pods("5x60", "0x60", "spare-room")),
    short.fires("one of three does not come back", pods("3x60", "3x5 2x55")),
    short.silent("more come every minute", pods("50x60", "3+1x60")),
    short.silent("all are there", pods("3x60", "3x60")),
    short.silent("spare room has made way", pods("5x60", "1x60", "spare-room")),
    stuck.fires("a release came no further", progresses("0x10 1x50")),
    stuck.silent("it goes on", progresses("0x60")),
    copies.fires("one of three is missing", stateful("2x60")),
    copies.silent("one was replaced", stateful("3x10 2x10 3x40")),
    nodes.fires("one node is without", daemons("4x60")),
    nodes.silent("a new node was, at first", daemons("5x20 4x5 5x30")),
    job.fires("it has failed", failed("0x10 1x50")),
    job.silent("it has not", failed("0x60")),
    blocked.fires("not one may go for hours", budget("0x120", 3)),
    blocked.silent("one may", budget("1x120", 3)),
    blocked.silent("none may while a release rolls", budget("1x60 0x20 1x40", 3)),
    blocked.silent("there is nothing to keep", budget("0x120", 0)),
]
