"""What pulumi-kubernetes waits for after an object is made or changed, and what it says when it has waited in vain.

(provider/pkg/await of pulumi-kubernetes 4; a Service's pods and an Ingress's address as it has them.)
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.control_plane.api import Api
from sandbox.kubernetes.controllers import INGRESS, SKIP_AWAIT
from sandbox.kubernetes.objects import Kind, metadata, name_of
from sandbox.kubernetes.plain import at, map_at, maps_at
from sandbox.providers.properties import Props

POLL_SECONDS = 0.2
DEFAULT_SECONDS = 600.0
POD = Kind(api_version="v1", kind="Pod")
SLICE = Kind(api_version="discovery.k8s.io/v1", kind="EndpointSlice")
SHOWN_PODS = 3


Verdict = str | None
"""What is still missing; None if nothing is."""


class FailedError(Exception):
    """It will not come about; waiting longer does not help."""


def settled(api: Api, value: Props, seconds: float) -> tuple[Props, str | None]:
    """The object once it is of use, or as it is when the time is up, with the reason why it is not."""
    look = WAITS.get((value["apiVersion"].rpartition("/")[0], value["kind"]))
    if look is None or at(value, "metadata", "annotations", SKIP_AWAIT) == "true":
        return value, None
    kind, end = Kind(api_version=value["apiVersion"], kind=value["kind"]), time.monotonic() + seconds
    while True:
        found = api.get(kind, metadata(value).get("namespace"), name_of(value))
        if found is None:
            return value, "it was deleted meanwhile"
        try:
            missing = look(api, found)
        except FailedError as failure:
            return found, str(failure)
        if missing is None:
            return found, None
        if time.monotonic() > end:
            return found, f"timed out after {seconds:.0f} s: {missing}"
        time.sleep(POLL_SECONDS)


def gone(api: Api, kind: Kind, namespace: str | None, name: str, seconds: float) -> str | None:
    """None once the object is gone, else who still holds it."""
    end = time.monotonic() + seconds
    while (found := api.get(kind, namespace, name)) is not None:
        if time.monotonic() > end:
            held = ", ".join(metadata(found).get("finalizers", [])) or "nobody says why"
            return f"it is still there after {seconds:.0f} s, held by {held}"
        time.sleep(POLL_SECONDS)
    return None


def _deployment(api: Api, value: Props) -> Verdict:
    status, wanted = map_at(value, "status"), map_at(value, "spec").get("replicas", 1)
    if status.get("observedGeneration", 0) < metadata(value)["generation"]:
        return "the controller has not seen it yet"
    progress = _condition(value, "Progressing")
    counts = {name: status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")}
    if progress.get("reason") == "ProgressDeadlineExceeded":
        raise FailedError(f"{progress.get('message')}{_why(api, value)}")
    if counts["updatedReplicas"] < wanted or counts["replicas"] > counts["updatedReplicas"]:
        return f"{counts['updatedReplicas']} of {wanted} new pods, {counts['replicas']} in all{_why(api, value)}"
    if counts["availableReplicas"] < counts["updatedReplicas"]:
        return f"{counts['availableReplicas']} of {counts['updatedReplicas']} pods are ready{_why(api, value)}"
    return None


def _ingress(api: Api, value: Props) -> Verdict:
    if at(value, "status", "loadBalancer", "ingress"):
        return None
    return "Ingress .status.loadBalancer was not updated with a hostname or address"


def _service(api: Api, value: Props) -> Verdict:
    spec = map_at(value, "spec")
    if spec.get("type") == "ExternalName" or not spec.get("selector") or spec.get("clusterIP") == "None":
        return None
    label = f"kubernetes.io/service-name={name_of(value)}"
    slices = api.list(SLICE, metadata(value)["namespace"], labelSelector=label)
    if any(at(end, "conditions", "ready") for one in slices for _, end in maps_at(one, "endpoints")):
        return None
    return "Service does not target any Pods: none that its selector finds is ready"


def _job(api: Api, value: Props) -> Verdict:
    if _condition(value, "Complete").get("status") == "True":
        return None
    failed = _condition(value, "Failed")
    if failed.get("status") == "True":
        raise FailedError(f"{failed.get('reason')}: {failed.get('message')}")
    return f"the Job has not completed{_why(api, value)}"


WAITS: Mapping[tuple[str, str], Callable[[Api, Props], Verdict]] = {
    ("apps", "Deployment"): _deployment,
    ("batch", "Job"): _job,
    ("", "Service"): _service,
    INGRESS: _ingress,
}


def _condition(value: Any, kind: str) -> Props:
    found = [one for _, one in maps_at(value, "status", "conditions") if one.get("type") == kind]
    return found[0] if found else {}


def _why(api: Api, owner: Props) -> str:
    """What keeps its pods, in their own words."""
    labels = ",".join(f"{name}={value}" for name, value in map_at(owner, "spec", "selector", "matchLabels").items())
    pods = api.list(POD, metadata(owner)["namespace"], labelSelector=labels)
    reasons = {reason: name_of(pod) for pod in pods for reason in _reasons(pod)}
    shown = [f"[Pod {name}]: {reason}" for reason, name in list(reasons.items())[:SHOWN_PODS]]
    return "".join(f"\n    - {line}" for line in shown)


def _reasons(pod: Props) -> Iterator[str]:
    waiting = [map_at(one, "state", "waiting") for _, one in maps_at(pod, "status", "containerStatuses")]
    yield from (f"{one.get('reason')}: {one.get('message')}" for one in waiting if one)
    for kind in ("PodScheduled", "Ready"):
        condition = _condition(pod, kind)
        if condition.get("status") == "False" and not any(waiting):
            yield f"{condition.get('reason')}: {condition.get('message')}"
