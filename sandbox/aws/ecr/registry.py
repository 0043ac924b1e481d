"""ECR: what holds for a whole registry, which is one account's in one region."""

import re

from sandbox.aws.checks import names
from sandbox.aws.ecr.repositories import at_most
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Census, Setting, account_id, receive
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
ACCOUNT = re.compile(r"\d{12}")
SCANNED = re.compile(r"[0-9a-z*](?:[0-9a-z_./*-]?[0-9a-z*]+)*")
EMPTY: Inputs = {"rules": []}
MAX_REPLICATION_RULES = 10
MAX_DESTINATIONS = 25  # in a rule
MAX_FILTERS = 100
MAX_SCANNING_RULES = 100


def _replication(inputs: Inputs) -> str | None:
    wanted: Inputs = inputs.get("replicationConfiguration") or EMPTY
    rules: list[Inputs] = wanted.get("rules", [])
    limited = at_most("rules", MAX_REPLICATION_RULES)({"rules": rules})
    return limited or next((fault for rule in rules if (fault := _replication_rule(rule))), None)


def _replication_rule(rule: Inputs) -> str | None:
    for end in rule.get("destinations", ()):
        if not REGION.fullmatch(end["region"]):
            return f'"region" ({end["region"]}) is not a region name, such as ap-southeast-1'
        if not ACCOUNT.fullmatch(end["registryId"]):
            return f'"registry_id" doesn\'t look like AWS Account ID (exactly 12 digits): {end["registryId"]}'
    return at_most("destinations", MAX_DESTINATIONS)(rule) or at_most("repositoryFilters", MAX_FILTERS)(rule)


def _scanned(inputs: Inputs) -> str | None:
    for rule in inputs.get("rules", ()):
        for text in (one["filter"] for one in rule.get("repositoryFilters", ())):
            if not SCANNED.fullmatch(text):
                allowed = "lowercase alphanumeric, dot, underscore, hyphen, wildcard, and colon characters"
                return f"filter must contain only {allowed}, got {text!r}"
    return None


REPLICATION = Constraints(
    source="internal/service/ecr/replication_configuration.go",
    inputs=names("region replicationConfiguration"),
    replaces=frozenset({"region"}),
    values={"replicationConfiguration.rules.repositoryFilters.filterType": ("PREFIX_MATCH",)},
    checks=(_replication,),
)

SCANNING = Constraints(
    source="internal/service/ecr/registry_scanning_configuration.go",
    inputs=names("region rules scanType"),
    required=("scanType",),
    replaces=frozenset({"region"}),
    values={
        "rules.repositoryFilters.filterType": ("WILDCARD",),
        "rules.scanFrequency": ("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
        "scanType": ("BASIC", "ENHANCED"),
    },
    ranges={"rules.repositoryFilters.filter": (1, 256)},
    sets=frozenset({"rules"}),
    checks=(at_most("rules", MAX_SCANNING_RULES), _scanned),
)


def _replicate(aws: Region, registry: str, props: Props) -> None:
    wanted: Inputs = props.get("replicationConfiguration") or EMPTY
    aws.call("ecr", "PutReplicationConfiguration", replicationConfiguration=wanted)


def _create_replication(aws: Region, props: Props) -> str:
    registry = account_id(aws)
    _replicate(aws, registry, props)
    return registry


def _read_replication(aws: Region, registry: str, state: Props) -> Props | None:
    found = receive(aws.call("ecr", "DescribeRegistry"), "registryId", "replicationConfiguration")
    return found if found["replicationConfiguration"]["rules"] else None


def _scan(aws: Region, registry: str, props: Props) -> None:
    parameters = {"scanType": props["scanType"], "rules": props.get("rules", [])}
    aws.call("ecr", "PutRegistryScanningConfiguration", **parameters)


def _create_scanning(aws: Region, props: Props) -> str:
    registry = account_id(aws)
    _scan(aws, registry, props)
    return registry


def _read_scanning(aws: Region, registry: str, state: Props) -> Props | None:
    """Never gone: a registry always has one, and a deletion puts back the one it began with."""
    found = aws.call("ecr", "GetRegistryScanningConfiguration")
    return receive(found, "registryId") | receive(found["scanningConfiguration"], "rules", "scanType")


TYPES = (
    AwsType(
        type="aws:ecr/replicationConfiguration:ReplicationConfiguration",
        constraints=REPLICATION,
        create=_create_replication,
        sent=frozenset({"replicationConfiguration"}),
        read=_read_replication,
        delete=lambda aws, registry, _: _replicate(aws, registry, {}),
        settings=(Setting(inputs=("replicationConfiguration",), apply=_replicate),),
        census=Census(
            service="ecr", operation="DescribeRegistry", path="replicationConfiguration.rules[0] && [registryId]"
        ),
    ),
    AwsType(
        type="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        constraints=SCANNING,
        create=_create_scanning,
        sent=names("rules scanType"),
        read=_read_scanning,
        delete=lambda aws, registry, _: _scan(aws, registry, {"scanType": "BASIC"}),
        settings=(Setting(inputs=("rules", "scanType"), apply=_scan),),
        census=Census(
            service="ecr",
            operation="GetRegistryScanningConfiguration",
            path="scanningConfiguration.rules[0] && [registryId]",
        ),
    ),
)
