"""What a preview refuses of ECR, SQS, EventBridge and IAM, because the real provider would: AWS is not asked."""

import json
from typing import Any

import pytest

from sandbox.aws.services import TYPES
from sandbox.providers.table import refusals, with_defaults

ACCOUNT = "000000000777"


@pytest.mark.parametrize(
    ("kind", "inputs", "reason"),
    [
        ("aws:sqs/queue:Queue", {"name": "q", "kmsMasterKeyId": "k", "sqsManagedSseEnabled": True}, "conflicts with"),
        ("aws:sqs/queue:Queue", {"name": "q", "messageRetentionSeconds": 59}, "range (60 - 1209600)"),
        ("aws:sqs/queue:Queue", {"name": "q", "fifoQueue": True}, "invalid queue name: q"),
        ("aws:sqs/queue:Queue", {"name": "q.fifo"}, "invalid queue name: q.fifo"),
        ("aws:sqs/queue:Queue", {"name": "q", "contentBasedDeduplication": True}, "only be set for FIFO"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "r"}, "one of `scheduleExpression,eventPattern`"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "r", "eventPattern": "{source}"}, "invalid JSON"),
        (
            "aws:cloudwatch/eventRule:EventRule",
            {"name": "r", "eventPattern": json.dumps({"source": ["x" * 4090]})},
            "longer than 4096",
        ),
        ("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", {"ecrRepositoryPrefix": "x" * 31}, "range (2 - 30)"),
        ("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", {"ecrRepositoryPrefix": "Quay"}, "must be 'ROOT'"),
        (
            "aws:ecr/repository:Repository",
            {"imageTagMutabilityExclusionFilters": [{"filter": "v*", "filterType": "WILDCARD"}]},
            "IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION",
        ),
        (
            "aws:ecr/repository:Repository",
            {"imageTagMutabilityExclusionFilters": [{"filter": "*a*b*", "filterType": "WILDCARD"}]},
            "maximum of 2 wildcards",
        ),
        (
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            {"replicationConfiguration": {"rules": [{"destinations": []}] * 11}},
            "no more than 10",
        ),
        (
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            {"replicationConfiguration": {"rules": [{"destinations": [{"region": "mumbai", "registryId": ACCOUNT}]}]}},
            "is not a region name",
        ),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "r", "policyArn": "Admin"}, "invalid ARN"),
    ],
)
def test_the_provider_refuses_before_aws_is_asked(kind: str, inputs: dict[str, Any], reason: str) -> None:
    constraints = TYPES[kind].constraints
    assert any(reason in failure.reason for failure in refusals(constraints, with_defaults(constraints, inputs)))
