"""What the API server refuses although the schema allows it: a few rules that mistakes run into.

From kubernetes, pkg/apis/*/validation/validation.go.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbox.kubernetes.objects import Kind, metadata, name_of
from sandbox.kubernetes.plain import at, is_map, map_at, maps_at
from sandbox.kubernetes.schemas import QUANTITY_FORM
from sandbox.providers.properties import UNKNOWN, Props, has_unknown
from sandbox.providers.provider import Failure

LABEL_LENGTH = 63
SUBDOMAIN_LENGTH = 253
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
QUALIFIED = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?", re.ASCII)
VALUE = re.compile(r"([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?", re.ASCII)
SHORT_NAMED = {("", "Namespace"), ("", "Service")}
FREELY_NAMED = {"rbac.authorization.k8s.io"}
WORKLOADS = {("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")}
PODS = dict.fromkeys(WORKLOADS | {("batch", "Job"), ("", "ReplicationController")}, ("spec", "template", "spec")) | {
    ("", "Pod"): ("spec",),
    ("", "PodTemplate"): ("template", "spec"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Where the kinds that make pods describe them."""
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
HIGHEST_PORT = 65535
HIGHEST_PRIORITY = 1_000_000_000
SYSTEM_PRIORITY = "system-"
QUANTITY = re.compile(QUANTITY_FORM)
POWERS = {
    **{suffix: Decimal(10) ** (3 * power) for power, suffix in enumerate(["n", "u", "m", "", *"kMGTPE"], start=-3)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}


def failures(kind: Kind, value: Props) -> list[Failure]:
    """What the schema lets pass and the API server would not. Nothing that is not known yet is judged."""
    rules = [_name, _labels, *(RULES.get((kind.group, kind.kind), ()))]
    return [Failure(property=path, reason=f"{path}: {reason}") for rule in rules for path, reason in rule(kind, value)]


Rule = Callable[[Kind, Props], Iterator[tuple[str, str]]]


def _name(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    name = name_of(value)
    if name in {"", UNKNOWN} or kind.group in FREELY_NAMED:
        return
    short = (kind.group, kind.kind) in SHORT_NAMED
    form, length = (LABEL, LABEL_LENGTH) if short else (SUBDOMAIN, SUBDOMAIN_LENGTH)
    if len(name) > length or not form.fullmatch(name):
        dots = "" if short else ", '.'"
        allowed = f"at most {length} lower case letters, digits, '-'{dots}, a letter or digit first and last"
        yield "metadata.name", f'Invalid value: "{name}": allowed are {allowed}'


def _labels(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    for name, text in _strings(metadata(value).get("labels")):
        yield from _label("metadata.labels", name, text)
    for name, _ in _strings(metadata(value).get("annotations")):
        if not QUALIFIED.fullmatch(name):
            yield "metadata.annotations", f'Invalid value: "{name}": a name is [domain/]name of at most 63 characters'


def _label(path: str, name: str, text: str) -> Iterator[tuple[str, str]]:
    if not QUALIFIED.fullmatch(name):
        yield path, f'Invalid value: "{name}": a name is [domain/]name of at most 63 characters'
    if not VALUE.fullmatch(text):
        yield path, f'Invalid value: "{text}": at most 63 of A-Z a-z 0-9 - _ . with a letter or digit first and last'


def _strings(value: Any) -> Iterator[tuple[str, str]]:
    """The known texts of a mapping."""
    items = value.items() if is_map(value) else ()
    return ((name, text) for name, text in items if isinstance(text, str) and text != UNKNOWN)


def _selects_its_pods(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    spec = map_at(value, "spec")
    wanted, labels = map_at(spec, "selector", "matchLabels"), map_at(spec, "template", "metadata", "labels")
    if not has_unknown(spec.get("selector")) and not has_unknown(spec.get("template")) and not _within(wanted, labels):
        yield "spec.template.metadata.labels", f"Invalid value: {labels}: `selector` does not match template `labels`"


def _within(some: Props, whole: Props) -> bool:
    return all(whole.get(name) == value for name, value in some.items())


def _one_bound(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    if {"minAvailable", "maxUnavailable"} <= map_at(value, "spec").keys():
        yield "spec", "Invalid value: minAvailable and maxUnavailable cannot be both set"


def _room_to_scale(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    low, high = at(value, "spec", "minReplicas"), at(value, "spec", "maxReplicas")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield "spec.maxReplicas", f"Invalid value: {high}: must be greater than or equal to `minReplicas`"


def _containers(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    for group in ("initContainers", "containers"):
        for path, container in maps_at(value, *PODS[kind.group, kind.kind], group):
            found = [rule(container) for rule in (_image, _ports, _within_limits)]
            yield from ((f"{path}.{below}", reason) for reasons in found for below, reason in reasons)


def _image(container: Props) -> Iterator[tuple[str, str]]:
    if container.get("image") in (None, ""):
        yield "image", "Required value"
    policy = container.get("imagePullPolicy")
    if isinstance(policy, str) and policy not in {"", UNKNOWN, *PULL_POLICIES}:
        allowed = ", ".join(f'"{option}"' for option in PULL_POLICIES)
        yield "imagePullPolicy", f'Unsupported value: "{policy}": supported values: {allowed}'


def _ports(container: Props) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for path, port in maps_at(container, "ports"):
        for field, lowest in (("containerPort", 1), ("hostPort", 0)):  # a hostPort of 0 is none
            number = port.get(field)
            if isinstance(number, int) and not lowest <= number <= HIGHEST_PORT:
                yield f"{path}.{field}", f"Invalid value: {number}: must be between 1 and {HIGHEST_PORT}, inclusive"
        for _, name in _strings({"name": port.get("name") or UNKNOWN}):
            if name in seen:
                yield f"{path}.name", f'Duplicate value: "{name}"'
            seen.add(name)


def _within_limits(container: Props) -> Iterator[tuple[str, str]]:
    limits = map_at(container, "resources", "limits")
    for name, given in map_at(container, "resources", "requests").items():
        request, limit = _amount(given), _amount(limits.get(name))
        if request is not None and limit is not None and request > limit:
            reason = f'Invalid value: "{given}": must be less than or equal to {name} limit of {limits[name]}'
            yield "resources.requests", reason


def _amount(quantity: Any) -> Decimal | None:
    """What a quantity stands for, or None if it is none or not known yet."""
    match = QUANTITY.fullmatch(str(quantity))
    if match is None:
        return None
    suffix = match[2]
    number = str(quantity).removesuffix(suffix)
    return Decimal(number) * POWERS[suffix] if suffix in POWERS else Decimal(number + suffix)


def _user_priority(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    priority = value.get("value")
    if isinstance(priority, int) and priority > HIGHEST_PRIORITY and not name_of(value).startswith(SYSTEM_PRIORITY):
        yield "value", f"Forbidden: maximum allowed value of a user defined priority is {HIGHEST_PRIORITY}"


def _base64(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    for name, text in _strings(value.get("data")):
        try:
            base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            yield f"data.{name}", "Invalid value: (secret): is not base64; give plain text as stringData"


RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = (
    dict.fromkeys(PODS, (_containers,))
    | {
        ("", "Secret"): (_base64,),
        ("autoscaling", "HorizontalPodAutoscaler"): (_room_to_scale,),
        ("policy", "PodDisruptionBudget"): (_one_bound,),
        ("scheduling.k8s.io", "PriorityClass"): (_user_priority,),
    }
    | dict.fromkeys(WORKLOADS, (_selects_its_pods, _containers))
)
