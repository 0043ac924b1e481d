"""What AWS refuses in ECR, SQS, EventBridge and IAM, and moto by itself would let pass."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.services import TYPES
from tests.support.aws import ACCOUNT

GATEWAY = Gateway()
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
BY_COUNT = {"countType": "imageCountMoreThan", "countNumber": 5}


@pytest.fixture
def aws(account: str) -> Region:
    return GATEWAY.region("ap-south-1")


@pytest.fixture
def repository(aws: Region) -> str:
    return aws.find("ecr", "CreateRepository", "repository.repositoryName", repositoryName="shop")


@pytest.fixture
def role(aws: Region) -> str:
    return aws.find("iam", "CreateRole", "Role.RoleName", RoleName="nodes", AssumeRolePolicyDocument=TRUST)


def rule(priority: int, selection: Mapping[str, Any], **action: Any) -> dict[str, Any]:
    action = action or {"type": "expire"}
    return {"rulePriority": priority, "selection": {**BY_COUNT, **selection}, "action": action}


def tagged(*patterns: str) -> dict[str, Any]:
    return {"tagStatus": "tagged", "tagPatternList": list(patterns)}


ANY, UNTAGGED = {"tagStatus": "any"}, {"tagStatus": "untagged"}
SINCE_PULLED = {"countType": "sinceImagePulled", "countUnit": "days"}


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([rule(1, UNTAGGED), rule(1, ANY)], "more than one rule has rulePriority: 1"),
        ([rule(1, ANY), rule(2, UNTAGGED)], "tagStatus any must have the highest rulePriority"),
        ([rule(1, UNTAGGED), rule(2, UNTAGGED)], "the same images"),
        ([rule(1, {"tagStatus": "tagged"})], "tagged goes with one of tagPatternList or tagPrefixList"),
        ([rule(1, {**tagged("v*"), "tagPrefixList": ["v"]})], "tagged goes with one of"),
        ([rule(1, {**UNTAGGED, "tagPrefixList": ["v"]})], "the others with neither"),
        ([rule(1, tagged("*a*b*c*d*"))], "more than 4 wildcards"),
        ([rule(1, {**ANY, "countUnit": "days"})], "countUnit goes with"),
        ([rule(1, {**ANY, "countType": "sinceImagePushed"})], "countUnit goes with"),
        ([rule(1, {**ANY, "countNumber": 0})], "countNumber: got 0, expected a whole number from 1"),
        ([rule(1, {**ANY, "tag": "v"})], "selection.tag: not allowed"),
        ([rule(1, {**ANY, **SINCE_PULLED})], "sinceImagePulled goes with type transition"),
        (
            [rule(1, {**ANY, "countType": "sinceImageTransitioned", "countUnit": "days"})],
            "sinceImageTransitioned goes with storageClass archive",
        ),
        ([rule(1, ANY, type="transition")], "targetStorageClass goes with type transition"),
        ([{"rulePriority": 1, "selection": {**BY_COUNT, **ANY}}], "action: missing"),
        (["keep"], "got 'keep', expected an object"),
        ({}, "a list of at most 50"),
    ],
)
def test_a_lifecycle_policy_that_means_nothing_is_refused(
    aws: Region, repository: str, rules: Any, reason: str
) -> None:
    with pytest.raises(AwsError, match="InvalidParameterException") as refusal:
        put_lifecycle(aws, repository, rules)
    assert reason in str(refusal.value)


def test_a_template_is_refused_a_lifecycle_policy_that_its_repositories_could_not_have(aws: Region) -> None:
    policy = json.dumps({"rules": [rule(1, {**ANY, **SINCE_PULLED})]})
    with pytest.raises(AwsError, match="sinceImagePulled goes with type transition"):
        aws.call(
            "ecr",
            "CreateRepositoryCreationTemplate",
            prefix="shop",
            appliedFor=["PULL_THROUGH_CACHE"],
            lifecyclePolicy=policy,
        )


@pytest.mark.parametrize(
    "rules",
    [
        [rule(1, tagged("v*", "*-rc")), rule(2, UNTAGGED), rule(3, ANY)],
        [rule(5, {**ANY, **SINCE_PULLED}, type="transition", targetStorageClass="archive")],
    ],
)
def test_a_lifecycle_policy_that_aws_takes_is_taken(aws: Region, repository: str, rules: Any) -> None:
    put_lifecycle(aws, repository, rules)
    text = aws.find("ecr", "GetLifecyclePolicy", "lifecyclePolicyText", repositoryName=repository)
    assert json.loads(text)["rules"] == rules


def put_lifecycle(aws: Region, repository: str, rules: Any) -> None:
    text = json.dumps({"rules": rules}).ljust(100)  # ECR takes none that is shorter
    aws.call("ecr", "PutLifecyclePolicy", repositoryName=repository, lifecyclePolicyText=text)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"upstreamRegistryUrl": "registry.example.com"}, "UnsupportedUpstreamRegistryException"),
        ({"upstreamRegistryUrl": "ghcr.io"}, "credentialArn is required"),
        (
            {
                "upstreamRegistryUrl": "ghcr.io",
                "credentialArn": f"arn:aws:secretsmanager:ap-south-1:{ACCOUNT}:secret:ecr-pullthroughcache/none-abcdef",
            },
            "SecretNotFoundException",
        ),
    ],
)
def test_a_cache_needs_an_upstream_that_ecr_knows_and_may_enter(aws: Region, wanted: Any, code: str) -> None:
    with pytest.raises(AwsError, match=code):
        aws.call("ecr", "CreatePullThroughCacheRule", ecrRepositoryPrefix="cache", **wanted)


def test_a_prefix_caches_one_upstream_only(aws: Region) -> None:
    cache = {"ecrRepositoryPrefix": "cache", "upstreamRegistryUrl": "quay.io"}
    aws.call("ecr", "CreatePullThroughCacheRule", **cache)
    with pytest.raises(AwsError, match="PullThroughCacheRuleAlreadyExistsException"):
        aws.call("ecr", "CreatePullThroughCacheRule", **cache)


@pytest.mark.parametrize(
    "wanted", [{"encryptionConfiguration": {"encryptionType": "KMS"}}, {"resourceTags": [{"Key": "a", "Value": "b"}]}]
)
def test_a_template_may_use_a_key_or_tags_only_through_a_role(aws: Region, wanted: Any) -> None:
    template = {"prefix": "cache", "appliedFor": ["PULL_THROUGH_CACHE"]}
    with pytest.raises(AwsError, match="customRoleArn"):
        aws.call("ecr", "CreateRepositoryCreationTemplate", **template, **wanted)


def test_a_registry_does_not_replicate_to_itself_nor_to_more_than_25_others(aws: Region) -> None:
    with pytest.raises(AwsError, match="same as the source registry"):
        replicate(aws, [ACCOUNT], "ap-south-1")
    accounts = [f"{number:012}" for number in range(26)]
    with pytest.raises(AwsError, match="at most 25"):
        replicate(aws, accounts, "ap-southeast-1")
    replicate(aws, accounts[1:], "ap-southeast-1")


def replicate(aws: Region, accounts: list[str], region: str) -> None:
    rules = [{"destinations": [{"region": region, "registryId": account}]} for account in accounts]
    aws.call("ecr", "PutReplicationConfiguration", replicationConfiguration={"rules": rules[:25]})
    if rules[25:]:
        rules[0]["destinations"] += rules.pop()["destinations"]
        aws.call("ecr", "PutReplicationConfiguration", replicationConfiguration={"rules": rules})


def test_basic_scanning_is_never_continuous(aws: Region) -> None:
    every = {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    with pytest.raises(AwsError, match="use SCAN_ON_PUSH or MANUAL"):
        aws.call("ecr", "PutRegistryScanningConfiguration", scanType="BASIC", rules=[every])


def test_a_repository_is_encrypted_only_with_a_key_that_exists(aws: Region) -> None:
    gone = {
        "encryptionType": "KMS",
        "kmsKey": f"arn:aws:kms:ap-south-1:{ACCOUNT}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}",
    }
    with pytest.raises(AwsError, match="NotFoundException"):
        TYPES["aws:ecr/repository:Repository"].create(aws, {"name": "shop", "encryptionConfigurations": [gone]})


@pytest.mark.parametrize("name", ["AmazonEKSClusterPolicy", "service-role/AmazonEBSCSIDriverPolicy"])
def test_a_policy_of_aws_can_be_attached_and_holds_its_role(aws: Region, role: str, name: str) -> None:
    arn = f"arn:aws:iam::aws:policy/{name}"
    aws.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=arn)
    assert aws.find("iam", "ListAttachedRolePolicies", "AttachedPolicies[].PolicyArn", RoleName=role) == [arn]
    with pytest.raises(AwsError, match="DeleteConflict"):
        aws.call("iam", "DeleteRole", RoleName=role)


@pytest.mark.parametrize("name", ["AmazonEKSNoSuchPolicy", "service-role/AmazonEKSClusterPolicy"])
def test_a_policy_that_aws_does_not_have_cannot_be_attached(aws: Region, role: str, name: str) -> None:
    with pytest.raises(AwsError, match="NoSuchEntity"):
        aws.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{name}")


def test_a_policy_that_is_attached_cannot_be_deleted(aws: Region, role: str) -> None:
    arn = aws.find("iam", "CreatePolicy", "Policy.Arn", PolicyName="pull", PolicyDocument=document("ecr:*"))
    aws.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=arn)
    with pytest.raises(AwsError, match="DeleteConflict"):
        aws.call("iam", "DeletePolicy", PolicyArn=arn)


def test_a_policy_has_at_most_6144_characters(aws: Region) -> None:
    with pytest.raises(AwsError, match="PolicySize: 6144"):
        TYPES["aws:iam/policy:Policy"].create(aws, {"name": "long", "policy": document("s3:GetObject", count=450)})


def test_a_policy_can_be_rewritten_any_number_of_times(aws: Region) -> None:
    kind = TYPES["aws:iam/policy:Policy"]
    arn = kind.create(aws, {"name": "pull", "policy": document("ecr:*")})
    for number in range(7):
        kind.settings[0].apply(aws, arn, {"policy": document(f"ecr:Get{number}")})
    found = kind.read(aws, arn, {})
    assert found is not None
    assert "ecr:Get6" in found["policy"]


def document(action: str, count: int = 1) -> str:
    statement = {"Effect": "Allow", "Action": [action] * count, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_setting_up_a_queue_anew_keeps_the_policy_that_another_resource_gave_it(aws: Region) -> None:
    queue, policy = TYPES["aws:sqs/queue:Queue"], TYPES["aws:sqs/queuePolicy:QueuePolicy"]
    url = queue.create(aws, {"name": "karpenter"})
    policy.create(aws, {"queueUrl": url, "policy": document("sqs:SendMessage")})
    queue.settings[0].apply(aws, url, {"name": "karpenter", "delaySeconds": 5})
    assert policy.read(aws, url, {}) == {"queueUrl": url, "policy": document("sqs:SendMessage")}


def test_a_queue_waits_20_seconds_at_most(aws: Region) -> None:
    with pytest.raises(AwsError, match="0 to 20"):
        TYPES["aws:sqs/queue:Queue"].create(aws, {"name": "q", "receiveWaitTimeSeconds": 21})


@pytest.mark.parametrize("pattern", ["[]", '{"source": "aws.ec2"}', '{"source": []}'])
def test_an_event_pattern_names_lists_of_values(aws: Region, pattern: str) -> None:
    with pytest.raises(AwsError, match="InvalidEventPatternException"):
        TYPES["aws:cloudwatch/eventRule:EventRule"].create(aws, {"name": "spot", "eventPattern": pattern})


def test_a_rule_stands_as_long_as_it_has_targets(aws: Region) -> None:
    rules, targets = TYPES["aws:cloudwatch/eventRule:EventRule"], TYPES["aws:cloudwatch/eventTarget:EventTarget"]
    name = rules.create(aws, {"name": "spot", "eventPattern": '{"source": ["aws.ec2"]}'})
    target = targets.create(aws, {"rule": name, "arn": f"arn:aws:sqs:ap-south-1:{ACCOUNT}:karpenter"})
    with pytest.raises(AwsError, match="has targets"):
        rules.delete(aws, name, {})
    targets.delete(aws, target, {})
    rules.delete(aws, name, {})
    assert rules.read(aws, name, {}) is None
