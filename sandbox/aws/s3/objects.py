"""S3: single objects of a bucket, of which the program keeps the content."""

from collections.abc import Mapping

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Setting, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("NoSuchBucket", "NoSuchKey", "404")
HEADERS = ("cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType")
CONTENT = ("content", *HEADERS)
MAX_TAGS = 10  # of an object, the provider's default ones included (S3 guide, "Categorizing your objects using tags")


def _few_tags(inputs: Inputs) -> str | None:
    count = len(inputs.get("tags", {}))
    return f'"tags": an object has up to {MAX_TAGS}, got {count}' if count > MAX_TAGS else None


def _has_a_key(inputs: Inputs) -> str | None:
    """Pulumi's class would make one up; a page that nobody can name is of no use here."""
    return None if inputs.get("key") else '"key": the sandbox makes up none: say it'


OBJECT = Constraints(
    source="internal/service/s3/object.go",
    inputs=names(
        "acl bucket bucketKeyEnabled checksumAlgorithm content contentBase64 etag forceDestroy key kmsKeyId metadata",
        "objectLockLegalHoldStatus objectLockMode objectLockRetainUntilDate overrideProvider serverSideEncryption",
        "region source sourceHash storageClass tags websiteRedirect",
    )
    | frozenset(HEADERS),
    required=("bucket",),
    replaces=names("bucket key"),
    conflicts=(("content", "source", "contentBase64"), ("etag", "kmsKeyId")),
    computed=names("acl bucketKeyEnabled contentType etag kmsKeyId serverSideEncryption storageClass"),
    defaults={"forceDestroy": False},
    delete_before_replace=True,
    checks=(_few_tags, _has_a_key),
)


def _put(aws: Region, it: str, props: Props) -> None:
    """A change of a header is an upload, too."""
    bucket, _, key = it.partition("/")
    asked = send(props, *HEADERS)
    aws.call("s3", "PutObject", Bucket=bucket, Key=key, Body=props.get("content", "").encode(), **asked)
    _set_tags(aws, it, props.get("tagsAll", {}))


def _create(aws: Region, props: Props) -> str:
    it = f"{props['bucket']}/{props['key']}"
    _put(aws, it, props)
    return it


def _read(aws: Region, it: str, state: Props) -> Props | None:
    """Not what is in it: the provider tells by nothing that somebody has changed that."""
    bucket, _, key = it.partition("/")
    found = aws.find("s3", "HeadObject", "@", GONE, Bucket=bucket, Key=key)
    if found is None:
        return None
    given = [name for name in HEADERS if found.get(name[0].upper() + name[1:])]
    props = receive(found, *(name[0].upper() + name[1:] for name in given))
    props |= {"arn": f"arn:aws:s3:::{it}", "bucket": bucket, "key": key, "etag": found["ETag"].strip('"')}
    return props | {"versionId": found.get("VersionId", ""), "tags": _tags(aws, it)}


def _tags(aws: Region, it: str) -> dict[str, str]:
    bucket, _, key = it.partition("/")
    return tag_map(aws.find("s3", "GetObjectTagging", "TagSet", GONE, Bucket=bucket, Key=key))


def _set_tags(aws: Region, it: str, tags: Mapping[str, str]) -> None:
    """All of them at once: S3 knows no other way."""
    bucket, _, key = it.partition("/")
    aws.call("s3", "PutObjectTagging", Bucket=bucket, Key=key, Tagging={"TagSet": tag_list(tags)})


def _tag(aws: Region, it: str, tags: Mapping[str, str]) -> None:
    _set_tags(aws, it, {**_tags(aws, it), **tags})


def _untag(aws: Region, it: str, gone: list[str]) -> None:
    _set_tags(aws, it, {key: value for key, value in _tags(aws, it).items() if key not in gone})


def _delete(aws: Region, it: str, state: Props) -> None:
    """With all its versions."""
    bucket, _, key = it.partition("/")
    listed = aws.call("s3", "ListObjectVersions", Bucket=bucket, Prefix=key)
    for one in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        if one["Key"] == key:
            aws.call("s3", "DeleteObject", Bucket=bucket, Key=key, VersionId=one["VersionId"])


TYPES = (
    AwsType(
        type="aws:s3/bucketObjectv2:BucketObjectv2",
        constraints=OBJECT,
        create=_create,
        sent=frozenset(CONTENT) | names("bucket key"),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=CONTENT, apply=_put),),
        unread=names("content forceDestroy"),
        tagging=Tagging(put=_tag, drop=_untag),
    ),
)
