"""One case or more for each resource type of S3."""

from typing import Any

from tests.support.resource_case import TAGS, Case, policy
from tests.support.world import REGION, World

CLOSED = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def read_by(service: str, bucket: str) -> str:
    resource = f"arn:aws:s3:::{bucket}/*"
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource})


def expiring(days: int) -> list[dict[str, Any]]:
    """A rule with something of each sort that rules have."""
    return [
        {
            "id": "old",
            "status": "Enabled",
            "filter": {},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            "expiration": {"expiredObjectDeleteMarker": True},
            "noncurrentVersionExpiration": {"noncurrentDays": days, "newerNoncurrentVersions": 2},
        },
        {"id": "logs", "status": "Enabled", "filter": {"prefix": "logs/"}, "expiration": {"days": days}},
    ]


def encrypted(algorithm: str, key: str | None = None) -> list[dict[str, Any]]:
    by_default = {"sseAlgorithm": algorithm, **({"kmsMasterKeyId": key} if key else {})}
    rule = {"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": bool(key)}
    return [{**rule, "blockedEncryptionTypes": ["SSE-C"]}]


def copied(w: World, *, deletions: str) -> list[dict[str, Any]]:
    target = {"bucket": f"arn:aws:s3:::{w.other_bucket}", "encryptionConfiguration": {"replicaKmsKeyId": w.key_arn}}
    return [
        {
            "id": "all",
            "priority": 1,
            "status": "Enabled",
            "filter": {},
            "deleteMarkerReplication": {"status": deletions},
            "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
            "destination": target,
        }
    ]


def open_up(w: World, it: str) -> None:
    w.client("s3").delete_public_access_block(Bucket=it)


def own_keys(w: World, it: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    w.client("s3").put_bucket_encryption(Bucket=it, ServerSideEncryptionConfiguration={"Rules": [rule]})


def suspend(w: World, it: str) -> None:
    w.client("s3").put_bucket_versioning(Bucket=it, VersioningConfiguration={"Status": "Suspended"})


def served_as_text(w: World, it: str) -> None:
    bucket, _, key = it.partition("/")
    w.client("s3").put_object(Bucket=bucket, Key=key, Body=b"soon", ContentType="text/plain")


def retag(w: World, it: str) -> None:
    w.client("s3").put_bucket_tagging(Bucket=it, Tagging={"TagSet": [{"Key": "Name", "Value": "by hand"}]})


S3 = [
    Case(
        type="aws:s3/bucket:Bucket",
        inputs=lambda w: {
            "bucket": f"assets-{w.account}-{REGION}-an",
            "bucketNamespace": "account-regional",
            "tags": TAGS,
        },
        changes={"forceDestroy": lambda _: True},
        outside=retag,
        shows="tags",
    ),
    Case(type="aws:s3/bucket:Bucket", also="prefix", inputs=lambda _: {"bucketPrefix": "assets-"}),
    Case(
        type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        inputs=lambda w: {"bucket": w.bucket, **dict.fromkeys(CLOSED, True)},
        changes=dict.fromkeys(CLOSED, lambda _: False),
        outside=open_up,
    ),
    Case(
        type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        inputs=lambda w: {"bucket": w.bucket, "rule": {"objectOwnership": "BucketOwnerPreferred"}},
        changes={"rule": lambda _: {"objectOwnership": "BucketOwnerEnforced"}},
        outside=lambda w, it: w.client("s3").delete_bucket_ownership_controls(Bucket=it),
    ),
    Case(
        type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        inputs=lambda w: {"bucket": w.bucket, "rules": encrypted("aws:kms", w.key_arn)},
        changes={"rules": lambda _: encrypted("AES256")},
        outside=own_keys,
        shows="rules",
    ),
    Case(
        type="aws:s3/bucketVersioning:BucketVersioning",
        inputs=lambda w: {"bucket": w.bucket, "versioningConfiguration": {"status": "Enabled"}},
        changes={"versioningConfiguration": lambda _: {"status": "Suspended"}},
        outside=suspend,
        shows="versioningConfiguration",
    ),
    Case(
        type="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        inputs=lambda w: {"bucket": w.bucket, "rules": expiring(30)},
        changes={
            "rules": lambda _: expiring(90),
            "transitionDefaultMinimumObjectSize": lambda _: "varies_by_storage_class",
        },
        outside=lambda w, it: w.client("s3").delete_bucket_lifecycle(Bucket=it),
    ),
    Case(
        type="aws:s3/bucketPolicy:BucketPolicy",
        inputs=lambda w: {"bucket": w.bucket, "policy": read_by("cloudfront", w.bucket)},
        changes={"policy": lambda w: read_by("logging.s3", w.bucket)},
        outside=lambda w, it: w.client("s3").put_bucket_policy(Bucket=it, Policy=read_by("logging.s3", it)),
        shows="policy",
    ),
    Case(
        type="aws:s3/bucketObjectv2:BucketObjectv2",
        inputs=lambda w: {
            "bucket": w.bucket,
            "key": "errors/unavailable.html",
            "content": "<h1>soon</h1>",
            "contentType": "text/html",
            "tags": TAGS,
        },
        changes={
            "content": lambda _: "<h1>sooner</h1>",
            "contentType": lambda _: "text/html; charset=utf-8",
            "cacheControl": lambda _: "max-age=60",
            "contentDisposition": lambda _: "inline",
            "contentEncoding": lambda _: "identity",
            "contentLanguage": lambda _: "bn",
            "tags": lambda _: {"owner": "others"},
        },
        outside=served_as_text,
        shows="contentType",
    ),
    Case(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        inputs=lambda w: {"bucket": w.bucket, "role": w.role, "rules": copied(w, deletions="Disabled")},
        changes={
            "role": lambda w: w.role.replace("reader", "other"),
            "rules": lambda w: copied(w, deletions="Enabled"),
        },
        outside=lambda w, it: w.client("s3").delete_bucket_replication(Bucket=it),
    ),
]
