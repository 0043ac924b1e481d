"""The buckets on mocks: what each is called, who may do what with it, what is kept and what is copied."""

import json
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from dhakacart_infra.data.buckets import Buckets, BucketsArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
PEER = "ap-southeast-1"
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
KEY, ALIAS, ROLE_POLICY = "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:iam/rolePolicy:RolePolicy"
Statement = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    copies_to: str | None


class Shell(Component, token="test:index:Shell"):
    buckets: Buckets

    def build(self, args: ShellArgs) -> None:
        self.buckets = Buckets("buckets", BucketsArgs(copies_to=args.copies_to), self.child())


@cache
def made(*, copies_to: str | None = None, naming: Naming = NAMING, protected: bool = True) -> tuple[Recorder, Buckets]:
    scope = Scope(naming=naming, artifacts=Artifacts.of(naming), launch_tags={}, protect_data=protected)
    shells: list[Shell] = []
    recorder = record(lambda: shells.append(Shell("shell", ShellArgs(scope=scope, copies_to=copies_to))))
    return recorder, shells[0].buckets


def by_role(recorder: Recorder, kind: str) -> dict[str, dict[str, Any]]:
    """Inputs of the resources of a type, by the bucket that they are of."""
    return {name.split("-")[1]: inputs for name, inputs in recorder.of(kind).items()}


def statements(text: str) -> list[Statement]:
    return json.loads(text)["Statement"]


def granted(recorder: Recorder, role: str) -> Statement:
    (grant,) = all_granted(recorder, role)
    return grant


def all_granted(recorder: Recorder, role: str) -> list[Statement]:
    return [one for one in statements(by_role(recorder, POLICY)[role]["policy"]) if one["Effect"] == "Allow"]


def test_every_bucket_is_in_the_accounts_own_namespace_and_says_whose_it_is():
    names = {role: inputs["bucket"] for role, inputs in by_role(made()[0], BUCKET).items()}
    assert names == {role: f"shop-prod-{role}-123456789012-ap-south-1-an" for role in ("assets", "logs", "backups")}
    assert {inputs["bucketNamespace"] for inputs in made()[0].of(BUCKET).values()} == {"account-regional"}


def test_the_longest_name_still_ends_as_s3_wants_it():
    longest = replace(NAMING, project="dhakacart", environment="abcdefghijkl", region="ap-southeast-1")
    assert longest.bucket("backups") == "dhakacart-abcdefghijkl-backups-123456789012-ap-southeast-1-an"
    cut = replace(longest, project="a-project-whose-name-is-long").bucket("backups")
    assert len(cut) <= 63
    assert cut.endswith("-123456789012-ap-southeast-1-an")


@pytest.mark.parametrize("protected", [True, False])
def test_objects_go_with_their_bucket_only_where_data_may_go(protected):
    for bucket in made(protected=protected)[0].of(BUCKET).values():
        assert bucket["forceDestroy"] is not protected


def test_every_bucket_refuses_to_speak_without_tls_or_with_an_old_one():
    for role, inputs in by_role(made()[0], POLICY).items():
        refusals = [one for one in statements(inputs["policy"]) if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in refusals] == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ]
        arn = f"arn:aws:s3:::{NAMING.bucket(role)}"
        for one in refusals:
            assert (one["Principal"], one["Action"], one["Resource"]) == ("*", "s3:*", [arn, f"{arn}/*"])


def test_each_bucket_has_a_key_of_its_own_but_the_one_that_load_balancers_write_to():
    recorder, _ = made()
    rules = {role: inputs["rules"][0] for role, inputs in by_role(recorder, ENCRYPTION).items()}
    for role in ("assets", "backups"):
        key = f"arn:of:buckets-{role}-encryption-key"
        by_default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
        assert rules[role]["applyServerSideEncryptionByDefault"] == by_default
        assert rules[role]["bucketKeyEnabled"] is True
    assert rules["logs"]["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert set(by_role(recorder, KEY)) == {"assets", "backups"}


def test_logs_expire_and_nothing_else_does_before_it_is_replaced():
    rules = {role: inputs["rules"][0] for role, inputs in by_role(made()[0], LIFECYCLE).items()}
    assert rules["logs"]["expiration"] == {"days": 90}
    for role in ("assets", "backups"):
        assert rules[role]["expiration"] == {"expiredObjectDeleteMarker": True}
    kept = {role: rule["noncurrentVersionExpiration"]["noncurrentDays"] for role, rule in rules.items()}
    assert kept["backups"] > kept["assets"] > kept["logs"]
    assert {rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"] for rule in rules.values()} == {7}


def test_assets_are_read_by_cloudfront_for_distributions_of_this_account_alone():
    recorder, _ = made()
    (key_use,) = [one for one in statements(by_role(recorder, KEY)["assets"]["policy"]) if "Condition" in one]
    for one, action in ((granted(recorder, "assets"), "s3:GetObject"), (key_use, "kms:Decrypt")):
        assert one["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert one["Action"] == [action]
        pattern = one["Condition"]["ArnLike"]["aws:SourceArn"]
        assert fnmatchcase("arn:aws:cloudfront::123456789012:distribution/E1", pattern)
        assert not fnmatchcase("arn:aws:cloudfront::210987654321:distribution/E1", pattern)


def test_load_balancers_of_this_account_write_their_logs_and_nothing_else():
    grant, _ = all_granted(made()[0], "logs")
    assert grant["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert grant["Action"] == ["s3:PutObject"]
    (pattern,) = grant["Resource"]
    bucket = f"arn:aws:s3:::{NAMING.bucket('logs')}"
    assert fnmatchcase(f"{bucket}/AWSLogs/123456789012/elasticloadbalancing/ap-south-1/2026/11/27/one.log.gz", pattern)
    assert not fnmatchcase(f"{bucket}/AWSLogs/210987654321/elasticloadbalancing/one.log.gz", pattern)


def test_cloudfront_of_this_account_writes_its_logs_by_way_of_the_one_region_that_delivers_them():
    _, grant = all_granted(made()[0], "logs")
    assert grant["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert grant["Action"] == ["s3:PutObject"]
    (pattern,) = grant["Resource"]
    bucket = f"arn:aws:s3:::{NAMING.bucket('logs')}"
    assert fnmatchcase(f"{bucket}/AWSLogs/123456789012/CloudFront/E1/2026/11/27/09/one.gz", pattern)
    assert grant["Condition"]["StringEquals"]["aws:SourceAccount"] == "123456789012"
    source = grant["Condition"]["ArnLike"]["aws:SourceArn"]
    assert fnmatchcase("arn:aws:logs:us-east-1:123456789012:delivery-source:shop-prod-cdn", source)
    assert not fnmatchcase("arn:aws:logs:us-east-1:210987654321:delivery-source:shop-prod-cdn", source)


def test_backups_are_nobodys_but_the_accounts():
    policy = by_role(made()[0], POLICY)["backups"]["policy"]
    assert {one["Effect"] for one in statements(policy)} == {"Deny"}


def test_without_a_peer_that_stands_nothing_is_copied():
    assert made()[0].of(REPLICATION) == {}


def test_what_is_copied_goes_where_the_peer_keeps_it_and_is_encrypted_with_the_peers_key():
    here, there = made(copies_to=PEER)[0], made(naming=replace(NAMING, region=PEER))[0]
    rules = {role: inputs["rules"][0] for role, inputs in by_role(here, REPLICATION).items()}
    assert rules.keys() == {"assets", "backups"}
    for role, rule in rules.items():
        assert rule["destination"]["bucket"] == f"arn:aws:s3:::{by_role(there, BUCKET)[role]['bucket']}"
        _, _, _, region, account, alias = rule["destination"]["encryptionConfiguration"]["replicaKmsKeyId"].split(":")
        assert (region, account) == (PEER, "123456789012")
        assert alias == by_role(there, ALIAS)[role]["name"]
        assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}


def test_a_deletion_is_not_copied():
    recorder, _ = made(copies_to=PEER)
    for inputs in recorder.of(REPLICATION).values():
        assert inputs["rules"][0]["deleteMarkerReplication"] == {"status": "Disabled"}
    policies = [inputs["policy"] for name, inputs in recorder.of(ROLE_POLICY).items()]
    assert len(policies) == 2
    assert not any("Delete" in policy for policy in policies)


def test_the_role_that_copies_reads_here_writes_there_and_uses_each_key_by_way_of_s3_for_its_bucket():
    recorder, _ = made(copies_to=PEER)
    target = NAMING.elsewhere(PEER)
    found = statements(by_role(recorder, ROLE_POLICY)["assets"]["policy"])
    for one in found:
        (resource,), actions = one["Resource"], one["Action"]
        if "kms" in actions[0]:
            side = NAMING if actions == ["kms:Decrypt"] else target
            assert resource == side.arn("kms", "key/*")
            assert one["Condition"]["StringEquals"] == {
                "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{side.bucket('assets')}",
                "kms:ViaService": f"s3.{side.region}.amazonaws.com",
            }
        else:
            side = target if "s3:ReplicateObject" in actions else NAMING
            assert resource.removesuffix("/*") == f"arn:aws:s3:::{side.bucket('assets')}"
    assert len([one for one in found if "kms" in one["Action"][0]]) == 2


def test_who_reads_and_who_writes_may_do_no_more_and_not_elsewhere():
    address = made()[1].backups.address
    allowed = {
        name: {act for one in some for act in one["Action"]}
        for name, some in (("reading", address.reading), ("writing", address.writing))
    }
    assert allowed["reading"] == {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}
    assert allowed["writing"] == {"s3:AbortMultipartUpload", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey"}
    for one in (*address.reading, *address.writing):
        (resource,) = one["Resource"]
        assert resource.removesuffix("/*") == address.arn or "Condition" in one
