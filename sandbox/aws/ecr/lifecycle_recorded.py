"""ECR: what is right in a lifecycle policy. moto knows neither the archive nor what its rules must be together."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sandbox.aws.record import Answers, Place, Refusal, Thing

MAX_WILDCARDS = 4  # in a tag pattern
MAX_RULES = 50
TAG_LISTS = ("tagPatternList", "tagPrefixList")
STATUSES = ("tagged", "untagged", "any")
STORAGE = ("standard", "archive")
COUNTS = ("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
Fits = Callable[[Any], bool]


class _Member(NamedTuple):
    required: bool
    fits: Fits
    expected: str


def _one_of(*allowed: str) -> tuple[Fits, str]:
    return (lambda value: value in allowed), "one of " + ", ".join(allowed)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return _is_list(value) and bool(value) and all(isinstance(text, str) and text for text in value)


POSITIVE = (_count, "a whole number from 1")
RULE = {
    "rulePriority": _Member(True, *POSITIVE),
    "description": _Member(False, _is_text, "text"),
    "selection": _Member(True, _is_object, "an object"),
    "action": _Member(True, _is_object, "an object"),
}
SELECTION = {
    "tagStatus": _Member(True, *_one_of(*STATUSES)),
    "tagPatternList": _Member(False, _texts, "a list of patterns"),
    "tagPrefixList": _Member(False, _texts, "a list of prefixes"),
    "storageClass": _Member(False, *_one_of(*STORAGE)),
    "countType": _Member(True, *_one_of(*COUNTS)),
    "countUnit": _Member(False, *_one_of("days")),
    "countNumber": _Member(True, *POSITIVE),
}
ACTION = {
    "type": _Member(True, *_one_of("expire", "transition")),
    "targetStorageClass": _Member(False, *_one_of("archive")),
}


def check_lifecycle(text: str) -> None:
    """Raise Refusal with everything that is wrong with the policy."""
    if wrong := list(_wrong(text)):
        failure = f"Lifecycle policy validation failure: {'; '.join(wrong)}"
        message = f"Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: '{failure}'"
        raise Refusal("InvalidParameterException", message)


def _wrong(text: str) -> Iterator[str]:
    try:
        rules = json.loads(text)["rules"]
    except (ValueError, KeyError, TypeError):
        yield 'the policy must be a JSON object with a list of "rules"'
        return
    if not _is_list(rules) or len(rules) > MAX_RULES:
        yield f"rules: a list of at most {MAX_RULES} is allowed"
        return
    found = [fault for number, rule in enumerate(rules) for fault in _rule(f"rules[{number}]", rule)]
    yield from found or _together(rules)


def _rule(path: str, rule: Any) -> Iterator[str]:
    parts = [(path, rule, RULE)]
    if _is_object(rule):
        parts += [(f"{path}.selection", rule.get("selection", {}), SELECTION)]
        parts += [(f"{path}.action", rule.get("action", {}), ACTION)]
    found = [fault for part in parts for fault in _members(*part)]
    yield from found or _sense(path, rule["selection"], rule["action"])


def _members(path: str, given: Any, members: dict[str, _Member]) -> Iterator[str]:
    if not _is_object(given):
        yield f"{path}: got {given!r}, expected an object"
        return
    for name in sorted(given.keys() - members.keys()):
        yield f"{path}.{name}: not allowed; allowed are {', '.join(members)}"
    for name, member in members.items():
        if name in given and not member.fits(given[name]):
            yield f"{path}.{name}: got {given[name]!r}, expected {member.expected}"
        elif member.required and name not in given:
            yield f"{path}.{name}: missing; expected {member.expected}"


def _sense(path: str, selection: Thing, action: Thing) -> Iterator[str]:
    lists = [name for name in TAG_LISTS if name in selection]
    if (selection["tagStatus"] == "tagged") != (len(lists) == 1):
        yield f"{path}.selection: tagStatus tagged goes with one of {' or '.join(TAG_LISTS)}, the others with neither"
    if (selection["countType"] != "imageCountMoreThan") != ("countUnit" in selection):
        yield f"{path}.selection: countUnit goes with a countType of since…, and only with it"
    # As ECR answers since the archive is there (containers-roadmap#921, #2728).
    if selection["countType"] == "sinceImagePulled" and action["type"] != "transition":
        yield f"{path}.action: countType sinceImagePulled goes with type transition, and with no other"
    if (selection["countType"] == "sinceImageTransitioned") and _storage({"selection": selection}) != "archive":
        yield f"{path}.selection: countType sinceImageTransitioned goes with storageClass archive"
    if (action["type"] == "transition") != ("targetStorageClass" in action):
        yield f"{path}.action: targetStorageClass goes with type transition, and only with it"
    for pattern in selection.get("tagPatternList", ()):
        if pattern.count("*") > MAX_WILDCARDS:
            yield f"{path}.selection.tagPatternList: {pattern!r} has more than {MAX_WILDCARDS} wildcards"


def _together(rules: list[Thing]) -> Iterator[str]:
    yield from _repeated("rulePriority", [rule["rulePriority"] for rule in rules])
    yield from _repeated("the same images and action", [_selects(rule) for rule in rules])
    for storage in STORAGE:
        of_storage = [rule for rule in rules if _storage(rule) == storage]
        last = max((rule["rulePriority"] for rule in of_storage), default=0)
        for rule in of_storage:
            if rule["selection"]["tagStatus"] == "any" and rule["rulePriority"] < last:
                yield f"tagStatus any must have the highest rulePriority: {last}, got {rule['rulePriority']}"


def _repeated(what: str, values: list[Any]) -> Iterator[str]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield f"more than one rule has {what}: {json.dumps(value)}"


def _storage(rule: Thing) -> str:
    return rule["selection"].get("storageClass", "standard")


def _selects(rule: Thing) -> Thing:
    """What a rule does to which images, whatever it counts."""
    lists = {name: sorted(rule["selection"][name]) for name in TAG_LISTS if name in rule["selection"]}
    status, action = rule["selection"]["tagStatus"], rule["action"]["type"]
    return {"tagStatus": status, "storageClass": _storage(rule), "action": action, **lists}


def _put(place: Place, asked: Thing) -> Thing:
    repository, text = asked["repositoryName"], asked["lifecyclePolicyText"]
    check_lifecycle(text)
    (found,) = place.backend.describe_repositories(place.account, [repository])
    found.lifecycle_policy = text
    return {"registryId": place.account, "repositoryName": repository, "lifecyclePolicyText": text}


ANSWERS: Answers = {"PutLifecyclePolicy": _put}
