"""Image repositories: one a service, replicated to the peer's region; and a cache of the public registries.

A registry is one of an account in a region, and so is its replication: environments that share both must not each have
a peer, or the later ``up`` replaces what the earlier one replicates.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.artifacts import CACHED_REGISTRIES
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, allow, document
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs
from dhakacart_infra.foundation.naming import Kind

UNTAGGED_DAYS = 7  # what lost its tag or never got one is left of a build that failed
CACHED_IMAGES = 20  # of each name, the last ones cached; an image for two architectures is three


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    repositories: Sequence[str]
    """The services with images of our own."""
    keep_releases: int
    """Tagged images that each repository keeps."""
    peer_region: str | None
    """Where every image is copied to. The peer has repositories of the same names: ECR would make them without them,
    and the peer could not make them any more. So a new service is deployed to the peer before its first image."""


class Registry(Component, token="dhakacart:cluster:Registry"):
    """``repository_urls`` are by service. Whoever pulls from the cache waits for it, and needs ``pull_statement``."""

    repository_urls: pulumi.Output[dict[str, str]]
    cache: list[aws.ecr.PullThroughCacheRule]

    def build(self, args: RegistryArgs) -> None:
        key = EncryptionKey(self.child_name("encryption"), EncryptionKeyArgs(purpose="registry"), self.child())
        repositories = {service: self._repository(service, key, args) for service in args.repositories}
        self._urls = {name: one.repository_url for name, one in repositories.items()}
        self.repository_urls = pulumi.Output.all(**self._urls)
        if args.peer_region:
            self._replication(args.repositories, args.peer_region)
        self.cache = self._cache()

    def image(self, service: str, release: str) -> pulumi.Output[str]:
        """Of one service, by tag or digest: it does not wait for another's repository."""
        sign = "@" if release.startswith("sha256:") else ":"
        return pulumi.Output.concat(self._urls[service], sign, release)

    @property
    def pull_statement(self) -> Statement:
        """Makes a cached image's repository when it is pulled first, and fills it (ECR guide, "IAM permissions
        required to sync an upstream registry"). What pulling takes besides is in AmazonEC2ContainerRegistryPullOnly."""
        repositories = [self._repository_arn(f"{alias}/*") for alias in CACHED_REGISTRIES.values()]
        return allow(["ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:TagResource"], repositories)

    def _repository(self, service: str, key: EncryptionKey, args: RegistryArgs) -> aws.ecr.Repository:
        # Logical names end in the service, configured as it is: it is what a repository is, and one taken off the list
        # must not make the others move.
        repository = aws.ecr.Repository(
            self.child_name(f"repository-{service}"),
            name=self.naming.shared(Kind.ECR_REPOSITORY, service),
            image_tag_mutability="IMMUTABLE",
            # AWS would rather have it set for the whole registry, which other environments share.
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key.arn)
            ],
            force_delete=not self.scope.protect_data,
            opts=self.child(stateful=True),
        )
        aws.ecr.LifecyclePolicy(
            self.child_name(f"lifecycle-{service}"),
            repository=repository.name,
            policy=_lifecycle(
                {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": UNTAGGED_DAYS,
                },
                # Not `any`: an image for two architectures is three, of which one is tagged. The others stay while that
                # one does.
                {
                    "tagStatus": "tagged",
                    "tagPatternList": ["*"],
                    "countType": "imageCountMoreThan",
                    "countNumber": args.keep_releases,
                },
            ),
            # With its repository: else a change that the one refuses takes the other away first.
            opts=self.child(stateful=True),
        )
        return repository

    def _replication(self, services: Sequence[str], region: str) -> None:
        rule = aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
            destinations=[
                aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                    region=region, registry_id=self.naming.account_id
                )
            ],
            # Each service by its name: the environment's prefix would take the cache along.
            repository_filters=[
                aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                    filter=self.naming.shared(Kind.ECR_REPOSITORY, service), filter_type="PREFIX_MATCH"
                )
                for service in services
            ],
        )
        aws.ecr.ReplicationConfiguration(
            self.child_name("replication"),
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(rules=[rule]),
            opts=self.child(),
        )

    def _cache(self) -> list[aws.ecr.PullThroughCacheRule]:
        template = aws.ecr.RepositoryCreationTemplate(
            self.child_name("cache"),
            prefix=self.naming.shared(Kind.ECR_REPOSITORY),
            description="Images cached for the cluster",
            applied_fors=["PULL_THROUGH_CACHE"],
            custom_role_arn=self._creator(),
            # Not with our key: ECR's repositories outlive it when the stack is destroyed, and the next one could not
            # pull. What is in them is public.
            encryption_configurations=[
                aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(encryption_type="AES256")
            ],
            image_tag_mutability="MUTABLE",  # a tag that its publisher moved could not be cached again otherwise
            # Not by the last pull: ECR would only archive by that (containers-roadmap issue 2728), and what is archived
            # cannot be pulled.
            lifecycle_policy=_lifecycle(
                {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": CACHED_IMAGES}
            ),
            resource_tags=self.scope.launch_tags,
            opts=self.child(),
        )
        return [
            aws.ecr.PullThroughCacheRule(
                self.child_name(f"cache-{alias}"),
                ecr_repository_prefix=self.naming.shared(Kind.ECR_REPOSITORY, alias),
                upstream_registry_url=registry,
                # A template has no effect on a repository that a pull has made before it.
                opts=self.child(depends_on=[template]),
            )
            for registry, alias in CACHED_REGISTRIES.items()
        ]

    def _creator(self) -> pulumi.Output[str]:
        """The role in which ECR makes a repository with tags of ours; it has its permissions already."""
        role = aws.iam.Role(
            self.child_name("creator"),
            description="Makes repositories of cached images",
            assume_role_policy=document(
                {"Effect": "Allow", "Principal": {"Service": "ecr.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            opts=self.child(),
        )
        permission = aws.iam.RolePolicy(
            self.child_name("create"),
            role=role.id,
            policy=document(allow(["ecr:CreateRepository", "ecr:TagResource"], [self._repository_arn("*")])),
            opts=self.child(),
        )
        return pulumi.Output.all(role.arn, permission.id).apply(lambda both: both[0])

    def _repository_arn(self, name: str) -> str:
        return self.naming.arn("ecr", f"repository/{self.naming.shared(Kind.ECR_REPOSITORY, name)}")


def _lifecycle(*selections: dict[str, Any]) -> str:
    """A policy that expires what the selections select, the first one first."""
    rules = [
        {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
        for priority, selection in enumerate(selections, start=1)
    ]
    return json.dumps({"rules": rules}, sort_keys=True)
