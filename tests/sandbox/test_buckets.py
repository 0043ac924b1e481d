"""Buckets as they stand in AWS: closed, encrypted and kept, written by whom they should be, copied once both stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi import automation

from dhakacart_infra.foundation.naming import Naming
from tests.support.aws import Aws
from tests.support.command import Run, run
from tests.support.policies import Request, allows
from tests.support.project import Project, up
from tests.support.stacks import PROJECT
from tests.support.standing import standing

PROGRAM = PROJECT / "tests" / "support" / "buckets_program.py"
ACCOUNT, HOME, AWAY = "123456789012", "ap-south-1", "ap-southeast-1"
ROLES = ("assets", "logs", "backups")
OUR_CDN = {"aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}
SOMEBODYS_CDN = {"aws:SourceArn": "arn:aws:cloudfront::210987654321:distribution/E1"}
TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
OLD_TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.1"}
NO_TLS = {"aws:SecureTransport": "false"}
CDN, ELB = "cloudfront", "logdelivery.elasticloadbalancing"
LOG = f"AWSLogs/{ACCOUNT}/elasticloadbalancing/{HOME}/2026/11/27/one.log.gz"


def bucket(role: str, *, environment: str = "staging", region: str = HOME) -> str:
    return Naming(project="dhakacart", environment=environment, region=region, account_id=ACCOUNT).bucket(role)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Staging's buckets stand."""
    return standing(tmp_path_factory, PROGRAM).project


@pytest.fixture(scope="module")
def policies(project: Project) -> dict[str, str]:
    with project.sandbox():
        s3 = Aws(HOME).client("s3")
        return {role: s3.get_bucket_policy(Bucket=bucket(role))["Policy"] for role in ROLES}


@pytest.fixture
def s3(project: Project) -> Iterator[Any]:
    with project.sandbox():
        yield Aws(HOME).client("s3")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_outside_the_account_gets_at_a_bucket_whatever_its_objects_say(s3, role):
    closed = s3.get_public_access_block(Bucket=bucket(role))["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    (owned,) = s3.get_bucket_ownership_controls(Bucket=bucket(role))["OwnershipControls"]["Rules"]
    assert owned == {"ObjectOwnership": "BucketOwnerEnforced"}
    assert s3.get_bucket_policy_status(Bucket=bucket(role))["PolicyStatus"]["IsPublic"] is False


def test_what_is_put_is_encrypted_with_the_buckets_own_key_and_by_s3_where_load_balancers_write(s3):
    for role in ROLES:
        s3.put_object(Bucket=bucket(role), Key="test/one", Body=b"one")
    put = {role: s3.head_object(Bucket=bucket(role), Key="test/one") for role in ROLES}
    kms, keys = Aws(HOME).client("kms"), {}
    for role in ("assets", "backups"):
        keys[role] = kms.describe_key(KeyId=f"alias/dhakacart/staging/aps1/{role}")["KeyMetadata"]["Arn"]
        assert (put[role]["ServerSideEncryption"], put[role]["SSEKMSKeyId"]) == ("aws:kms", keys[role])
    assert put["logs"]["ServerSideEncryption"] == "AES256"
    assert keys["assets"] != keys["backups"]


def test_what_was_overwritten_and_deleted_can_be_brought_back(s3):
    first = s3.put_object(Bucket=bucket("backups"), Key="test/dump", Body=b"first")["VersionId"]
    s3.put_object(Bucket=bucket("backups"), Key="test/dump", Body=b"second")
    s3.delete_object(Bucket=bucket("backups"), Key="test/dump")
    found = s3.get_object(Bucket=bucket("backups"), Key="test/dump", VersionId=first)
    assert found["Body"].read() == b"first"


def test_only_logs_go_by_themselves_and_nothing_that_was_replaced_stays_for_ever(s3):
    rules = {role: s3.get_bucket_lifecycle_configuration(Bucket=bucket(role))["Rules"] for role in ROLES}
    assert {role for role, (rule,) in rules.items() if "Days" in rule["Expiration"]} == {"logs"}
    for (rule,) in rules.values():
        assert rule["Status"] == "Enabled"
        assert rule["Filter"] == {}, "of every object"
        assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] > 0
        assert rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7


ASKED = {
    "a load balancer of ours that writes its log": ("logs", ELB, "s3:PutObject", LOG, TLS, True),
    "with an old TLS": ("logs", ELB, "s3:PutObject", LOG, OLD_TLS, False),
    "without TLS": ("logs", ELB, "s3:PutObject", LOG, NO_TLS, False),
    "another account's": ("logs", ELB, "s3:PutObject", LOG.replace(ACCOUNT, "210987654321"), TLS, False),
    "one that reads": ("logs", ELB, "s3:GetObject", LOG, TLS, False),
    "the CDN that writes logs": ("logs", CDN, "s3:PutObject", LOG, TLS | OUR_CDN, False),
    "the CDN that reads assets": ("assets", CDN, "s3:GetObject", "logo.png", TLS | OUR_CDN, True),
    "the CDN without TLS": ("assets", CDN, "s3:GetObject", "logo.png", NO_TLS | OUR_CDN, False),
    "somebody's CDN": ("assets", CDN, "s3:GetObject", "logo.png", TLS | SOMEBODYS_CDN, False),
    "a CDN that says not whose": ("assets", CDN, "s3:GetObject", "logo.png", TLS, False),
    "the CDN that writes assets": ("assets", CDN, "s3:PutObject", "logo.png", TLS | OUR_CDN, False),
    "the CDN that reads backups": ("backups", CDN, "s3:GetObject", "dump", TLS | OUR_CDN, False),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_buckets_policy_lets_in_whom_it_should_and_nobody_else(policies, asked):
    role, service, action, key, context, allowed = asked
    request = Request(service=service, action=action, resource=f"arn:aws:s3:::{bucket(role)}/{key}", context=context)
    assert allows(policies[role], request) is allowed


@pytest.mark.exhaustive
@pytest.mark.xdist_group("buckets")
def test_staging_is_destroyed_with_all_that_its_buckets_hold(tmp_path_factory):
    project = standing(tmp_path_factory, PROGRAM).project
    with project.sandbox() as sandbox:
        s3 = Aws(HOME).client("s3")
        for role in ROLES:
            for number in range(3):
                s3.put_object(Bucket=bucket(role), Key="one", Body=b"%d" % number)
            s3.delete_object(Bucket=bucket(role), Key="one")
        sandbox.store.save()
    ended = run(project, "destroy")
    assert ended.code == 0, ended.out + ended.err
    assert ended.out.splitlines()[-1] == "AWS holds nothing of staging."


@dataclass(frozen=True)
class Life:
    """Of production in two regions: what is copied before the peer stands, once it does, and the end."""

    too_early: str
    copied: dict[str, dict[str, Any]]
    """By region and role, where to."""
    refused: Run
    kept: bytes
    ended: Run


def _copy_buckets(project: Project, stack: str, *, to_peer: bool) -> None:
    project.edit(stack, lambda values: values["peer"].update(copy_buckets=to_peer))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    project = Project(tmp_path_factory.mktemp("prod") / "project", PROGRAM)
    backups = bucket("backups", environment="prod")
    with project.sandbox() as sandbox:
        _copy_buckets(project, "prod", to_peer=True)
        with pytest.raises(automation.CommandError) as too_early:
            up(sandbox, "prod")
        _copy_buckets(project, "prod", to_peer=False)
        up(sandbox, "prod")
        up(sandbox, "prod-dr")
        for stack in ("prod", "prod-dr"):
            _copy_buckets(project, stack, to_peer=True)
            up(sandbox, stack)
        copied = {region: _copied(region) for region in (HOME, AWAY)}
        Aws(HOME).client("s3").put_object(Bucket=backups, Key="dump", Body=b"all there is")
        sandbox.store.save()
    refused = run(project, "destroy", "--stack", "prod")
    with project.sandbox():
        kept = Aws(HOME).client("s3").get_object(Bucket=backups, Key="dump")["Body"].read()
    ended = run(project, "destroy", "--stack", "prod", "--unprotect")
    return Life(str(too_early.value), copied, refused, kept, ended)


def _copied(region: str) -> dict[str, Any]:
    s3 = Aws(region).client("s3")
    found = {}
    for role in ("assets", "backups"):
        name = bucket(role, environment="prod", region=region)
        (found[role],) = s3.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
    return found


@pytest.mark.exhaustive
@pytest.mark.xdist_group("buckets")
def test_copying_to_a_peer_that_does_not_stand_is_refused_as_s3_would(life):
    assert "InvalidRequest: Destination bucket must exist" in life.too_early


@pytest.mark.exhaustive
@pytest.mark.xdist_group("buckets")
def test_each_region_copies_to_the_other_with_the_others_key(life):
    for here, there, code in ((HOME, AWAY, "apse1"), (AWAY, HOME, "aps1")):
        for role, rule in life.copied[here].items():
            name = bucket(role, environment="prod", region=there)
            alias = f"arn:aws:kms:{there}:{ACCOUNT}:alias/dhakacart/prod/{code}/{role}"
            assert rule["Destination"] == {
                "Bucket": f"arn:aws:s3:::{name}",
                "EncryptionConfiguration": {"ReplicaKmsKeyID": alias},
            }
            assert rule["DeleteMarkerReplication"] == {"Status": "Disabled"}


@pytest.mark.exhaustive
@pytest.mark.xdist_group("buckets")
def test_production_is_not_destroyed_with_what_its_buckets_hold(life):
    assert life.refused.code == 1
    assert "protect" in life.refused.out + life.refused.err
    assert life.kept == b"all there is"


@pytest.mark.exhaustive
@pytest.mark.xdist_group("buckets")
def test_a_stack_that_was_unprotected_goes_with_its_objects_and_lets_the_other_stand(life):
    assert life.ended.code == 0, life.ended.out + life.ended.err
    assert life.ended.out.splitlines()[-1].startswith("AWS holds nothing of prod. ")
