"""One case or more for each resource type of ECR."""

import json
from typing import Any

from tests.support.resource_case import TAGS, Case, policy
from tests.support.world import World

PULL = policy({"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"})
PUSH = policy({"Effect": "Allow", "Principal": "*", "Action": "ecr:PutImage"})
SINGAPORE = {"region": "ap-southeast-1", "registryId": "123456789012"}
TOKYO = {"region": "ap-northeast-1", "registryId": "123456789012"}


def keep(count: int) -> str:
    """The last so many images."""
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def replication(*ends: dict[str, str]) -> dict[str, Any]:
    shop = [{"filter": "shop/", "filterType": "PREFIX_MATCH"}]
    return {"rules": [{"destinations": list(ends), "repositoryFilters": shop}]}


def scanned(frequency: str, text: str) -> dict[str, Any]:
    return {"scanFrequency": frequency, "repositoryFilters": [{"filter": text, "filterType": "WILDCARD"}]}


def stop_replication(w: World, it: str) -> None:
    w.client("ecr").put_replication_configuration(replicationConfiguration={"rules": []})


def scan_less(w: World, it: str) -> None:
    w.client("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=[])


def excluding(*filters: str) -> list[dict[str, str]]:
    return [{"filter": text, "filterType": "WILDCARD"} for text in filters]


ECR = [
    Case(
        type="aws:ecr/repository:Repository",
        inputs=lambda w: {
            "name": "shop/frontend",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": w.key_arn}],
            "tags": TAGS,
        },
        changes={
            "forceDelete": lambda _: True,
            "imageScanningConfiguration": lambda _: {"scanOnPush": False},
            "imageTagMutability": lambda _: "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": lambda _: excluding("cache*", "dev-*"),
        },
        outside=lambda w, it: w.client("ecr").put_image_tag_mutability(repositoryName=it, imageTagMutability="MUTABLE"),
        shows="imageTagMutability",
    ),
    Case(
        type="aws:ecr/repository:Repository",
        also="AWS's own key",
        inputs=lambda _: {"name": "shop", "encryptionConfigurations": [{"encryptionType": "KMS"}]},
    ),
    Case(
        type="aws:ecr/lifecyclePolicy:LifecyclePolicy",
        inputs=lambda w: {"repository": w.repository, "policy": keep(30)},
        outside=lambda w, it: w.client("ecr").delete_lifecycle_policy(repositoryName=it),
    ),
    Case(
        type="aws:ecr/replicationConfiguration:ReplicationConfiguration",
        inputs=lambda _: {"replicationConfiguration": replication(SINGAPORE)},
        changes={"replicationConfiguration": lambda _: replication(SINGAPORE, TOKYO)},
        outside=stop_replication,
    ),
    Case(
        type="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        inputs=lambda _: {"scanType": "ENHANCED", "rules": [scanned("CONTINUOUS_SCAN", "shop*")]},
        changes={"scanType": lambda _: "BASIC", "rules": lambda _: [scanned("SCAN_ON_PUSH", "*")]},
        outside=scan_less,
        shows="rules",
    ),
    Case(
        type="aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        inputs=lambda w: {
            "ecrRepositoryPrefix": "docker-hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "upstreamRepositoryPrefix": "library",
            "credentialArn": w.docker_secret,
        },
        changes={"credentialArn": lambda w: w.other_docker_secret, "customRoleArn": lambda w: w.role},
        outside=lambda w, it: w.client("ecr").delete_pull_through_cache_rule(ecrRepositoryPrefix=it),
    ),
    Case(
        type="aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        also="open",
        inputs=lambda _: {"ecrRepositoryPrefix": "ecr-public", "upstreamRegistryUrl": "public.ecr.aws"},
    ),
    Case(
        type="aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        inputs=lambda w: {
            "prefix": "ecr-public",
            "appliedFors": ["PULL_THROUGH_CACHE", "REPLICATION"],
            "customRoleArn": w.role,
            "description": "cached",
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": w.key_arn}],
            "lifecyclePolicy": keep(10),
            "repositoryPolicy": PULL,
            "resourceTags": {"cache": "yes"},
        },
        changes={
            "appliedFors": lambda _: ["PULL_THROUGH_CACHE"],
            "customRoleArn": lambda w: w.role.replace("reader", "other"),
            "description": lambda _: None,
            "encryptionConfigurations": lambda _: [{"encryptionType": "AES256"}],
            "imageTagMutability": lambda _: "MUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": lambda _: excluding("v*"),
            "lifecyclePolicy": lambda _: keep(20),
            "repositoryPolicy": lambda _: PUSH,
            "resourceTags": lambda _: {"cache": "no"},
        },
        outside=lambda w, it: w.client("ecr").update_repository_creation_template(prefix=it, description="mine"),
        shows="description",
    ),
]
