"""S3: buckets themselves. What is configured of one is a resource of its own each: ``configurations.py``."""

from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AutoName, AwsType, Census, Tagging, account_id, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

FIRST_REGION = "us-east-1"  # the one that no location stands for
DELETED_AT_ONCE = 1000  # objects, the most that one call takes

BUCKET = Constraints(
    source="internal/service/s3/bucket.go",
    inputs=names(
        "accelerationStatus acl bucket bucketNamespace bucketPrefix corsRules forceDestroy grants lifecycleRules",
        "logging objectLockConfiguration objectLockEnabled policy region replicationConfiguration requestPayer",
        "serverSideEncryptionConfiguration tags versioning website",
    ),
    replaces=names("bucket bucketNamespace bucketPrefix objectLockEnabled region"),
    conflicts=(("bucket", "bucketPrefix"), ("acl", "grants")),
    values={"bucketNamespace": ("account-regional", "global")},
    ranges={"bucket": (0, 63), "bucketPrefix": (0, 37)},
    defaults={"forceDestroy": False},
    computed=names(
        "accelerationStatus acl bucket bucketNamespace bucketPrefix corsRules grants lifecycleRules logging",
        "objectLockEnabled policy replicationConfiguration requestPayer serverSideEncryptionConfiguration versioning",
        "website",
    ),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    name, tags = props["bucket"], tag_list(props.get("tagsAll"))
    given: dict[str, Any] = {} if aws.name == FIRST_REGION else {"LocationConstraint": aws.name}
    given |= {"Tags": tags} if tags else {}
    space = {"BucketNamespace": props["bucketNamespace"]} if "bucketNamespace" in props else {}
    aws.call("s3", "CreateBucket", Bucket=name, **({"CreateBucketConfiguration": given} if given else {}), **space)
    return name


def _read(aws: Region, name: str, state: Props) -> Props | None:
    if aws.find("s3", "GetBucketLocation", "ResponseMetadata", ("NoSuchBucket",), Bucket=name) is None:
        return None
    is_regional = name.endswith(f"-{account_id(aws)}-{aws.name}-an")
    return {
        "arn": f"arn:aws:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketNamespace": "account-regional" if is_regional else "global",
        "bucketRegionalDomainName": f"{name}.s3.{aws.name}.amazonaws.com",
        "tags": _tags(aws, name),
    }


def _delete(aws: Region, name: str, state: Props) -> None:
    if aws.unprotect or state.get("forceDestroy"):
        _empty(aws, name)
    aws.call("s3", "DeleteBucket", Bucket=name)


def _empty(aws: Region, name: str) -> None:
    """Every version and every delete marker, which a bucket is not empty of when it shows no object."""
    path = "[Versions, DeleteMarkers][] | [?@].{Key: Key, VersionId: VersionId}"
    while found := aws.find("s3", "ListObjectVersions", path, Bucket=name, MaxKeys=DELETED_AT_ONCE):
        reply = aws.call("s3", "DeleteObjects", Bucket=name, Delete={"Objects": found, "Quiet": True})
        for error in reply.get("Errors", ()):
            raise AwsError("s3", "DeleteObjects", error["Code"], f"{error['Key']}: {error['Message']}")


def _tags(aws: Region, name: str) -> dict[str, str]:
    return tag_map(aws.find("s3", "GetBucketTagging", "TagSet", ("NoSuchTagSet",), Bucket=name))


def _put_tags(aws: Region, name: str, tags: Mapping[str, str]) -> None:
    """S3 takes and drops them all at once."""
    aws.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tag_list({**_tags(aws, name), **tags})})


def _drop_tags(aws: Region, name: str, dropped: list[str]) -> None:
    kept = {key: text for key, text in _tags(aws, name).items() if key not in dropped}
    aws.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tag_list(kept)})


TYPES = (
    AwsType(
        type="aws:s3/bucket:Bucket",
        constraints=BUCKET,
        create=_create,
        sent=names("bucket bucketNamespace"),
        unread=frozenset({"forceDestroy"}),
        as_made={"objectLockEnabled": False, "bucketNamespace": "global"},
        read=_read,
        delete=_delete,
        tagging=Tagging(put=_put_tags, drop=_drop_tags),
        census=Census(
            service="s3", operation="ListBuckets", path="Buckets[].Name", params={"BucketRegion": "{region}"}
        ),
        auto_name=AutoName(field="bucket", max_length=63),
    ),
)
