"""S3 as AWS has it: whose a name is, what a new bucket is, what goes with one and what is refused."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from moto import mock_aws

from sandbox.aws.census import census
from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.services import TYPES
from sandbox.aws.store import Store
from tests.support.s3_cases import copied, read_by
from tests.support.world import REGION, World

BUCKET = TYPES["aws:s3/bucket:Bucket"]
REPLICATION = TYPES["aws:s3/bucketReplicationConfig:BucketReplicationConfig"]
POLICY = TYPES["aws:s3/bucketPolicy:BucketPolicy"]
VERSIONING = TYPES["aws:s3/bucketVersioning:BucketVersioning"]
OTHER_ACCOUNT = "210987654321"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with mock_aws():
        yield Gateway()


@pytest.fixture
def aws(gateway: Gateway) -> Region:
    return gateway.region(REGION)


@pytest.fixture
def world(aws: Region) -> World:
    aws.call("sts", "GetCallerIdentity")
    return World()


def refused(kind, aws, **inputs) -> str:
    with pytest.raises(AwsError) as error:
        kind.create(aws, inputs)
    return str(error.value)


@pytest.mark.parametrize(
    "name",
    ["Assets", "as", "a" * 64, "assets_2", "assets..2", "-assets", "assets-", "192.168.5.4", "sthree-a", "a-s3alias"],
)
def test_a_name_that_s3_has_no_room_for_is_refused(aws, name):
    assert "InvalidBucketName" in refused(BUCKET, aws, bucket=name)


def test_a_name_of_the_accounts_own_namespace_is_asked_for_as_such_or_not_had(aws, world):
    name = f"assets-{world.account}-{REGION}-an"
    assert "MissingNamespaceHeader" in refused(BUCKET, aws, bucket=name)
    other = name.replace(world.account, OTHER_ACCOUNT)
    assert "InvalidNamespaceHeader" in refused(BUCKET, aws, bucket=other, bucketNamespace="account-regional")
    assert BUCKET.create(aws, {"bucket": name, "bucketNamespace": "account-regional"}) == name


def test_a_name_is_taken_for_everybody_on_earth_after_a_new_start_too(gateway, aws, world, tmp_path: Path):
    store = Store(tmp_path / "aws.pickle", gateway.lock)
    assert "BucketAlreadyOwnedByYou" in refused(BUCKET, aws, bucket=world.bucket)
    store.save()
    store.load()
    assert "BucketAlreadyOwnedByYou" in refused(BUCKET, aws, bucket=world.bucket)
    with patch.dict(os.environ, {"MOTO_ACCOUNT_ID": OTHER_ACCOUNT}):
        assert "BucketAlreadyExists" in refused(BUCKET, aws, bucket=world.bucket)


def test_a_new_bucket_is_closed_its_owners_and_encrypted_with_s3s_keys(world):
    s3 = world.client("s3")
    bucket = world.bucket
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    (owned,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owned == {"ObjectOwnership": "BucketOwnerEnforced"}
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_bucket_with_old_versions_or_delete_markers_alone_stays_unless_it_may_be_emptied(aws, world):
    s3, bucket = world.client("s3"), world.bucket
    for number in range(3):
        s3.put_object(Bucket=bucket, Key="logo.png", Body=b"%d" % number)
    s3.delete_object(Bucket=bucket, Key="logo.png")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    with pytest.raises(AwsError, match="BucketNotEmpty"):
        BUCKET.delete(aws, bucket, {})
    BUCKET.delete(aws, bucket, {"forceDestroy": True})
    assert BUCKET.read(aws, bucket, {}) is None


def test_one_version_goes_and_the_others_stay_after_versions_were_suspended_too(aws, world):
    s3, bucket = world.client("s3"), world.bucket
    first, _ = (s3.put_object(Bucket=bucket, Key="logo.png", Body=body)["VersionId"] for body in (b"1", b"2"))
    VERSIONING.delete(aws, bucket, {})
    s3.delete_object(Bucket=bucket, Key="logo.png", VersionId=first)
    assert s3.get_object(Bucket=bucket, Key="logo.png")["Body"].read() == b"2"
    s3.delete_object(Bucket=bucket, Key="logo.png")
    BUCKET.delete(aws, bucket, {"forceDestroy": True})
    assert BUCKET.read(aws, bucket, {}) is None


def test_objects_are_there_after_a_new_start(gateway, world, tmp_path: Path):
    s3, store = world.client("s3"), Store(tmp_path / "aws.pickle", gateway.lock)
    s3.put_object(Bucket=world.bucket, Key="logo.png", Body=b"logo")
    store.save()
    store.load()
    assert s3.get_object(Bucket=world.bucket, Key="logo.png")["Body"].read() == b"logo"


def test_nothing_is_copied_to_a_bucket_that_is_not_there_or_has_no_versions(aws, world):
    rules = copied(world, deletions="Disabled")
    rules[0]["destination"]["bucket"] = "arn:aws:s3:::nobodys"
    inputs = {"bucket": world.bucket, "role": world.role, "rules": rules}
    assert "Destination bucket must exist" in refused(REPLICATION, aws, **inputs)
    VERSIONING.delete(aws, world.other_bucket, {})
    inputs["rules"] = copied(world, deletions="Disabled")
    assert "Destination bucket must have versioning enabled" in refused(REPLICATION, aws, **inputs)


def test_a_rule_that_names_encrypted_objects_names_the_key_of_their_copies(aws, world):
    rules = copied(world, deletions="Disabled")
    del rules[0]["destination"]["encryptionConfiguration"]
    assert "ReplicaKmsKeyID" in refused(REPLICATION, aws, bucket=world.bucket, role=world.role, rules=rules)


def test_a_bucket_that_is_copied_stays_versioned(aws, world):
    rules = copied(world, deletions="Disabled")
    REPLICATION.create(aws, {"bucket": world.bucket, "role": world.role, "rules": rules})
    with pytest.raises(AwsError, match="InvalidBucketState"):
        VERSIONING.delete(aws, world.bucket, {})
    REPLICATION.delete(aws, world.bucket, {})
    VERSIONING.delete(aws, world.bucket, {})


def test_a_policy_speaks_of_its_bucket_and_of_roles_that_there_are(aws, world):
    bucket = world.bucket
    assert "invalid resource" in refused(POLICY, aws, bucket=bucket, policy=read_by("cloudfront", "others"))
    policy = json.loads(read_by("cloudfront", bucket))
    policy["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{world.account}:role/nobody"}
    assert "Invalid principal" in refused(POLICY, aws, bucket=bucket, policy=json.dumps(policy))
    policy["Statement"][0]["Principal"] = {"AWS": world.role}
    assert POLICY.create(aws, {"bucket": bucket, "policy": json.dumps(policy)}) == bucket


def test_a_closed_bucket_takes_no_policy_that_opens_it(aws, world):
    policy = json.loads(read_by("cloudfront", world.bucket))
    policy["Statement"][0]["Principal"] = "*"
    inputs = {"bucket": world.bucket, "policy": json.dumps(policy)}
    assert "BlockPublicPolicy" in refused(POLICY, aws, **inputs)
    world.client("s3").delete_public_access_block(Bucket=world.bucket)
    assert POLICY.create(aws, inputs) == world.bucket


def test_a_bucket_is_counted_once_in_its_own_region(gateway, world):
    near, far = world.bucket, {"LocationConstraint": "eu-north-1"}
    gateway.region("eu-north-1").call("s3", "CreateBucket", Bucket="far-away", CreateBucketConfiguration=far)
    found = sorted((one.id, one.where.partition(",")[0]) for one in census(gateway) if one.id in {near, "far-away"})
    assert found == [("far-away", "eu-north-1"), (near, REGION)]
