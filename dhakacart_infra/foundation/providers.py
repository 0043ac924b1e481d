"""Explicit providers: default ones are disabled in every stack file, so a resource without one is an error."""

import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_random as random

from dhakacart_infra.config import StackConfig
from dhakacart_infra.foundation.tags import default_tags

GLOBAL_REGION = "us-east-1"
"""Where CloudFront looks for its certificate, its firewall and its logs (CloudFront guide, "Supported Regions")."""


def aws_provider(config: StackConfig, project: str) -> aws.Provider:
    """The stack's region and account. Credentials of any other account are refused before anything is made."""
    return _aws_provider("aws", config.region, config, project)


def global_aws_provider(config: StackConfig, project: str) -> aws.Provider:
    """The same account, for what belongs to no region."""
    return _aws_provider("aws-global", GLOBAL_REGION, config, project)


def _aws_provider(name: str, region: str, config: StackConfig, project: str) -> aws.Provider:
    return aws.Provider(
        name,
        region=region,
        allowed_account_ids=[config.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=default_tags(config, project)),
    )


def eks_provider() -> eks.Provider:
    """The library that makes the cluster; what it makes goes through the AWS provider beside it."""
    return eks.Provider("eks")


def random_provider() -> random.Provider:
    """What makes passwords; they live in the stack's state, encrypted, and nowhere else."""
    return random.Provider("random")
