"""ECR: rules by which a registry fetches from others what it lacks, and what the repositories for that look like."""

import re
from typing import Any

from sandbox.aws.checks import arn, json_text, matches, names
from sandbox.aws.ecr.repositories import (
    ENCRYPTIONS,
    MAX_EXCLUSIONS,
    MUTABILITIES,
    at_most,
    encryption,
    encryptions,
    exclusions,
)
from sandbox.aws.gateway import Region
from sandbox.aws.plain import Plain
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

WORD = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
PREFIX = re.compile(rf"(?:{WORD}/)*{WORD}/?|ROOT")
PREFIX_RULE = "must be 'ROOT' or only include alphanumeric, underscore, period, hyphen, or slash characters"
TEMPLATE_PREFIX = re.compile(rf".*(?:ROOT|(?:{WORD}/)*{WORD}).*")  # the provider searches, so that little is refused
TEMPLATE_PREFIX_RULE = PREFIX_RULE.replace("'", "`")

PULL_THROUGH = Constraints(
    source="internal/service/ecr/pull_through_cache_rule.go",
    inputs=names("credentialArn customRoleArn ecrRepositoryPrefix region upstreamRegistryUrl upstreamRepositoryPrefix"),
    required=("ecrRepositoryPrefix", "upstreamRegistryUrl"),
    replaces=names("ecrRepositoryPrefix region upstreamRegistryUrl upstreamRepositoryPrefix"),
    ranges={"ecrRepositoryPrefix": (2, 30), "upstreamRepositoryPrefix": (2, 30)},
    checks=(
        arn("credentialArn"),
        arn("customRoleArn"),
        matches("ecrRepositoryPrefix", PREFIX, PREFIX_RULE),
        matches("upstreamRepositoryPrefix", PREFIX, PREFIX_RULE),
    ),
)

TEMPLATE = Constraints(
    source="internal/service/ecr/repository_creation_template.go",
    inputs=names(
        "appliedFors customRoleArn description encryptionConfigurations imageTagMutability",
        "imageTagMutabilityExclusionFilters lifecyclePolicy prefix region repositoryPolicy resourceTags",
    ),
    required=("appliedFors", "prefix"),
    replaces=names("prefix region"),
    values={
        "appliedFors": ("REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"),
        "encryptionConfigurations.encryptionType": ENCRYPTIONS,
        "imageTagMutability": MUTABILITIES,
        "imageTagMutabilityExclusionFilters.filterType": ("WILDCARD",),
    },
    ranges={"description": (0, 255), "imageTagMutabilityExclusionFilters.filter": (1, 128), "prefix": (2, 256)},
    defaults={"imageTagMutability": "MUTABLE"},
    computed=frozenset({"encryptionConfigurations"}),
    sets=frozenset({"appliedFors"}),
    documents=frozenset({"lifecyclePolicy", "repositoryPolicy"}),
    checks=(
        arn("customRoleArn"),
        at_most("imageTagMutabilityExclusionFilters", MAX_EXCLUSIONS),
        exclusions,
        json_text("lifecyclePolicy"),
        json_text("repositoryPolicy"),
        matches("prefix", TEMPLATE_PREFIX, TEMPLATE_PREFIX_RULE),
    ),
)


def _template(aws: Region, props: Props) -> dict[str, Any]:
    parameters = encryption(aws, props) | send(
        props,
        appliedFor="appliedFors",
        customRoleArn="customRoleArn",
        description="description",
        imageTagMutability="imageTagMutability",
        lifecyclePolicy="lifecyclePolicy",
        repositoryPolicy="repositoryPolicy",
    )
    filters = props.get("imageTagMutabilityExclusionFilters")
    parameters |= {"imageTagMutabilityExclusionFilters": filters} if filters else {}
    return parameters | {"resourceTags": tag_list(props.get("resourceTags"))}


def _create_template(aws: Region, props: Props) -> str:
    return aws.find(
        "ecr",
        "CreateRepositoryCreationTemplate",
        "repositoryCreationTemplate.prefix",
        prefix=props["prefix"],
        **_template(aws, props),
    )


def _read_template(aws: Region, prefix: str, state: Props) -> Props | None:
    reply = aws.call("ecr", "DescribeRepositoryCreationTemplates", prefixes=[prefix])
    template = next(iter(reply["repositoryCreationTemplates"]), None)
    if template is None:
        return None
    found = receive(template, *(TEMPLATE.inputs & template.keys()) - {"resourceTags"}, appliedFors="appliedFor")
    if configured := template.get("encryptionConfiguration"):
        found["encryptionConfigurations"] = encryptions(configured, state)
    found["resourceTags"] = tag_map(template.get("resourceTags"))
    return {name: value for name, value in found.items() if value} | {"registryId": reply["registryId"]}


def _update_template(aws: Region, prefix: str, props: Props) -> None:
    """What the program no longer gives is emptied."""
    emptied = {"customRoleArn": "", "description": "", "lifecyclePolicy": "", "repositoryPolicy": ""}
    aws.call("ecr", "UpdateRepositoryCreationTemplate", prefix=prefix, **{**emptied, **_template(aws, props)})


TYPES = (
    Plain(
        type="aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        constraints=PULL_THROUGH,
        service="ecr",
        key={"ecrRepositoryPrefix": "ecrRepositoryPrefix"},
        create="CreatePullThroughCacheRule",
        read="DescribePullThroughCacheRules",
        at="pullThroughCacheRules[0]",
        update="UpdatePullThroughCacheRule",
        delete="DeletePullThroughCacheRule",
        missing=("PullThroughCacheRuleNotFoundException",),
        outputs=("registryId",),
        counted="pullThroughCacheRules[].ecrRepositoryPrefix",
    ).aws_type(),
    AwsType(
        type="aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        constraints=TEMPLATE,
        create=_create_template,
        sent=TEMPLATE.inputs - {"region"},
        read=_read_template,
        delete=lambda aws, it, _: aws.call("ecr", "DeleteRepositoryCreationTemplate", prefix=it),
        settings=(Setting(inputs=tuple(sorted(TEMPLATE.inputs - {"prefix", "region"})), apply=_update_template),),
        as_made={"encryptionConfigurations": [{"encryptionType": "AES256"}]},
        census=Census(
            service="ecr",
            operation="DescribeRepositoryCreationTemplates",
            path="repositoryCreationTemplates[].prefix",
        ),
    ),
)
