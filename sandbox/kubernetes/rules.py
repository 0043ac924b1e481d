"""What the API server refuses although the schema allows it: a few rules that mistakes run into.

From kubernetes, pkg/apis/*/validation/validation.go.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.kubernetes.objects import Kind, metadata, name_of
from sandbox.kubernetes.plain import at, is_map, map_at
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


def _base64(kind: Kind, value: Props) -> Iterator[tuple[str, str]]:
    for name, text in _strings(value.get("data")):
        try:
            base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            yield f"data.{name}", "Invalid value: (secret): is not base64; give plain text as stringData"


RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("", "Secret"): (_base64,),
    ("autoscaling", "HorizontalPodAutoscaler"): (_room_to_scale,),
    ("policy", "PodDisruptionBudget"): (_one_bound,),
} | dict.fromkeys(WORKLOADS, (_selects_its_pods,))
