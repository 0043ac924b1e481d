"""ECR: repositories and their lifecycle policies."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import Check, json_text, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import (
    AutoName,
    AwsType,
    Census,
    Setting,
    Tagging,
    account_id,
    receive,
    send,
    tag_list,
    tag_map,
)
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("RepositoryNotFoundException",)
MUTABILITIES = ("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")
ENCRYPTIONS = ("AES256", "KMS", "KMS_DSSE")
UNENCRYPTED_BY_KEY = {"encryptionType": "AES256"}
EXCLUSION = re.compile(r"[a-zA-Z0-9._*-]+")
MAX_EXCLUSIONS = 5
MAX_WILDCARDS = 2


def at_most(name: str, limit: int) -> Check:
    """Refuses a longer list."""

    def check(inputs: Inputs) -> str | None:
        count = len(inputs.get(name, ()))
        return f"Too many {name} blocks: no more than {limit} are allowed, got {count}" if count > limit else None

    return check


def exclusions(inputs: Inputs) -> str | None:
    """The filters that make a tag an exception, as a repository and a template have them."""
    filters: list[Inputs] = inputs.get("imageTagMutabilityExclusionFilters", [])
    for text in (one["filter"] for one in filters if isinstance(one.get("filter"), str)):
        if not EXCLUSION.fullmatch(text):
            return f"must contain only letters, numbers, and special characters (._*-), got {text!r}"
        if text.count("*") > MAX_WILDCARDS:
            return f"Image tag mutability exclusion filter can contain a maximum of 2 wildcards (*), got {text!r}"
    return None


def _excludes(inputs: Inputs) -> str | None:
    mutability = inputs.get("imageTagMutability", "")
    if inputs.get("imageTagMutabilityExclusionFilters") and not mutability.endswith("_WITH_EXCLUSION"):
        allowed = " or ".join(MUTABILITIES[2:])
        rule = f"can only be used when image_tag_mutability is set to {allowed}, got {mutability}"
        return f"image_tag_mutability_exclusion_filter {rule}"
    return None


REPOSITORY = Constraints(
    source="internal/service/ecr/repository.go",
    inputs=names(
        "encryptionConfigurations forceDelete imageScanningConfiguration imageTagMutability",
        "imageTagMutabilityExclusionFilters name region tags",
    ),
    replaces=names("encryptionConfigurations name region"),
    values={
        "encryptionConfigurations.encryptionType": ENCRYPTIONS,
        "imageTagMutability": MUTABILITIES,
        "imageTagMutabilityExclusionFilters.filterType": ("WILDCARD",),
    },
    ranges={"imageTagMutabilityExclusionFilters.filter": (1, 128)},
    defaults={"imageTagMutability": "MUTABLE"},
    # The provider takes no notice when these two are left out later.
    computed=frozenset({"encryptionConfigurations", "imageScanningConfiguration"}),
    checks=(at_most("imageTagMutabilityExclusionFilters", MAX_EXCLUSIONS), exclusions, _excludes),
    delete_before_replace=True,
)

LIFECYCLE = Constraints(
    source="internal/service/ecr/lifecycle_policy.go",
    inputs=names("policy region repository"),
    required=("policy", "repository"),
    replaces=names("policy region repository"),
    documents=frozenset({"policy"}),
    checks=(json_text("policy"),),
    delete_before_replace=True,
)


def encryption(aws: Region, props: Props) -> dict[str, Any]:
    """As a call parameter. Raises AwsError if there is no such key in the region."""
    wanted = next(iter(props.get("encryptionConfigurations", ())), None)
    if wanted is None:
        return {}
    if key := wanted.get("kmsKey"):
        aws.call("kms", "DescribeKey", KeyId=key)
    return {"encryptionConfiguration": {**UNENCRYPTED_BY_KEY, **wanted}}


def encryptions(found: Mapping[str, Any], state: Props) -> list[Any]:
    """As the program has it: a key that AWS chose is not in its inputs, and no difference from them."""
    asked = next(iter(state.get("encryptionConfigurations", ())), found)
    return [{name: value for name, value in found.items() if value and (name != "kmsKey" or name in asked)}]


def _create(aws: Region, props: Props) -> str:
    parameters = _mutability(props) | send(
        props, repositoryName="name", imageScanningConfiguration="imageScanningConfiguration"
    )
    aws.call("ecr", "CreateRepository", **parameters, **encryption(aws, props), tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _read(aws: Region, name: str, state: Props) -> Props | None:
    repository = aws.find("ecr", "DescribeRepositories", "repositories[0]", GONE, repositoryNames=[name])
    if repository is None:
        return None
    found = receive(
        repository,
        "registryId",
        "imageScanningConfiguration",
        "imageTagMutability",
        arn="repositoryArn",
        name="repositoryName",
        repositoryUrl="repositoryUri",
    )
    if filters := repository.get("imageTagMutabilityExclusionFilters"):
        found["imageTagMutabilityExclusionFilters"] = filters
    found["encryptionConfigurations"] = encryptions(repository["encryptionConfiguration"], state)
    tags = aws.find("ecr", "ListTagsForResource", "tags", resourceArn=found["arn"])
    return found | {"tags": tag_map(tags)}


def _mutability(props: Props) -> dict[str, Any]:
    parameters = send(props, imageTagMutability="imageTagMutability")
    filters = props.get("imageTagMutabilityExclusionFilters")
    return parameters | ({"imageTagMutabilityExclusionFilters": filters} if filters else {})


def _set_mutability(aws: Region, name: str, props: Props) -> None:
    aws.call("ecr", "PutImageTagMutability", repositoryName=name, **_mutability(props))


def _set_scanning(aws: Region, name: str, props: Props) -> None:
    scanning = props.get("imageScanningConfiguration", {})
    aws.call("ecr", "PutImageScanningConfiguration", repositoryName=name, imageScanningConfiguration=scanning)


def _delete(aws: Region, name: str, state: Props) -> None:
    aws.call("ecr", "DeleteRepository", repositoryName=name, force=aws.unprotect or state.get("forceDelete", False))


def _arn(aws: Region, name: str) -> str:
    return f"arn:aws:ecr:{aws.name}:{account_id(aws)}:repository/{name}"


def _create_lifecycle(aws: Region, props: Props) -> str:
    parameters = send(props, repositoryName="repository", lifecyclePolicyText="policy")
    return aws.call("ecr", "PutLifecyclePolicy", **parameters)["repositoryName"]


def _read_lifecycle(aws: Region, repository: str, state: Props) -> Props | None:
    gone = ("LifecyclePolicyNotFoundException", *GONE)
    found = aws.find("ecr", "GetLifecyclePolicy", "@", gone, repositoryName=repository)
    return receive(found, "registryId", repository="repositoryName", policy="lifecyclePolicyText") if found else None


TYPES = (
    AwsType(
        type="aws:ecr/repository:Repository",
        constraints=REPOSITORY,
        create=_create,
        sent=names(
            "encryptionConfigurations imageScanningConfiguration imageTagMutability",
            "imageTagMutabilityExclusionFilters name",
        ),
        unread=frozenset({"forceDelete"}),
        as_made={
            "encryptionConfigurations": [UNENCRYPTED_BY_KEY],
            "imageScanningConfiguration": {"scanOnPush": False},
        },
        read=_read,
        delete=_delete,
        settings=(
            Setting(inputs=("imageTagMutability", "imageTagMutabilityExclusionFilters"), apply=_set_mutability),
            Setting(inputs=("imageScanningConfiguration",), apply=_set_scanning),
        ),
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call("ecr", "TagResource", resourceArn=_arn(aws, it), tags=tag_list(tags)),
            drop=lambda aws, it, names: aws.call("ecr", "UntagResource", resourceArn=_arn(aws, it), tagKeys=names),
        ),
        census=Census(service="ecr", operation="DescribeRepositories", path="repositories[].repositoryName"),
        auto_name=AutoName(max_length=255),
    ),
    AwsType(
        type="aws:ecr/lifecyclePolicy:LifecyclePolicy",
        constraints=LIFECYCLE,
        create=_create_lifecycle,
        sent=names("policy repository"),
        read=_read_lifecycle,
        delete=lambda aws, it, _: aws.call("ecr", "DeleteLifecyclePolicy", repositoryName=it),
    ),
)
