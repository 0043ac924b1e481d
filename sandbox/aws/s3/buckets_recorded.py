"""S3: what AWS refuses of buckets, and what is configured of one, of which moto keeps a part."""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.s3.utils import bucket_policy_is_public

from sandbox.aws.record import Answers, Place, Refusal, Thing

# "General purpose bucket naming rules" of the S3 guide.
NAME = re.compile(r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
REGIONAL = re.compile(r".*-\d{12}-[a-z]{2}(-[a-z]+)+-\d-an")
ARN = "arn:aws:s3:::"
# What a bucket has unasked: since April 2023 it is closed, since March 2026 no key of a customer's own is taken.
CLOSED: Thing = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)
OWNED: Thing = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
ENCRYPTED: Thing = {
    "Rules": [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
            "BucketKeyEnabled": False,
        }
    ]
}
PUBLIC_ACCESS, REPLICATION = "PublicAccessBlockConfiguration", "ReplicationConfiguration"
SMALLEST = "TransitionDefaultMinimumObjectSize"


def _agreed() -> None:
    """Nothing follows."""


def _kept(place: Place, asked: Thing) -> dict[str, Any]:
    """What is configured of a bucket, which goes with it. moto raises its own error if there is none."""
    return place.backend.get_bucket(asked["Bucket"]).__dict__.setdefault("configured", {})


def _part(
    calls: tuple[str, str, str],
    *members: str,
    missing: str = "",
    new: Thing | None = None,
    check: Callable[[Place, Thing], object] = lambda place, asked: None,
) -> Answers:
    """Calls that put, get and delete a part, kept as it was asked for once moto has agreed. One that is never
    ``missing`` is as in a ``new`` bucket when it was deleted."""

    def put(place: Place, asked: Thing) -> Any:
        check(place, asked)
        kept, part = _kept(place, asked), {member: asked[member] for member in members if member in asked}
        return lambda: kept.update({members[0]: part})

    def get(place: Place, asked: Thing) -> Thing:
        found: Thing | None = _kept(place, asked).get(members[0], new and {members[0]: new})
        if found is None:
            raise Refusal(missing, f"The {members[0]} of the bucket {asked['Bucket']} was not found")
        return found

    def delete(place: Place, asked: Thing) -> Any:
        kept = _kept(place, asked)
        return lambda: kept.update({members[0]: None if missing else {members[0]: new}})

    return dict(zip(calls, (put, get, delete), strict=True))


def _create(place: Place, asked: Thing) -> Any:
    name: str = asked["Bucket"]
    if not NAME.fullmatch(name) or name.startswith(RESERVED_STARTS) or name.endswith(RESERVED_ENDS):
        raise Refusal("InvalidBucketName", f"The specified bucket is not valid: {name}")
    if REGIONAL.fullmatch(name) and asked.get("BucketNamespace") != "account-regional":
        message = "The requested bucket is an account-regional namespace bucket, but your request is missing the"
        raise Refusal("MissingNamespaceHeader", f"{message} required x-amz-bucket-namespace header.")
    configuration: Thing = asked.get("CreateBucketConfiguration") or {}
    tags = {tag["Key"]: tag["Value"] for tag in configuration.get("Tags", ())}
    return lambda: place.backend.put_bucket_tagging(name, tags)


def _version(place: Place, asked: Thing) -> Any:
    is_source = _kept(place, asked).get(REPLICATION)
    if is_source and asked["VersioningConfiguration"]["Status"] != "Enabled":
        message = "A replication configuration is present on this bucket, so the versioning state cannot be changed."
        raise Refusal("InvalidBucketState", message)
    return _agreed


def _check_policy(place: Place, asked: Thing) -> Any:
    for statement in json.loads(asked["Policy"])["Statement"]:
        for resource in _several(statement["Resource"]):
            if resource.partition("/")[0] != ARN + asked["Bucket"]:
                raise Refusal("MalformedPolicy", f"Policy has invalid resource: {resource}")
        named = statement["Principal"]
        for principal in _several(named.get("AWS", ())) if isinstance(named, dict) else ():
            if not _exists(place, principal):
                raise Refusal("MalformedPolicy", f"Invalid principal in policy: {principal}")
    closed: Thing | None = _kept(place, asked).get(PUBLIC_ACCESS, {PUBLIC_ACCESS: CLOSED})
    if closed and closed[PUBLIC_ACCESS]["BlockPublicPolicy"] and bucket_policy_is_public(asked["Policy"]):
        message = "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        raise Refusal("AccessDenied", f"User is not authorized to perform: s3:PutBucketPolicy because {message}")
    return _agreed


def _exists(place: Place, principal: str) -> bool:
    """Roles of the account have to; accounts, and what is of others, are not looked for."""
    _, _, role = principal.partition(f":{place.account}:role/")
    roles: dict[str, Any] = place.of("iam").roles
    return not role or any(one.arn == principal for one in roles.values())


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _check_replication(place: Place, asked: Thing) -> None:
    for rule in asked[REPLICATION]["Rules"]:
        target = place.backend.buckets.get(rule["Destination"]["Bucket"].removeprefix(ARN))
        if target is None:
            raise Refusal("InvalidRequest", "Destination bucket must exist.")
        if not target.is_versioned:
            raise Refusal("InvalidRequest", "Destination bucket must have versioning enabled.")
        if "Filter" in rule and "DeleteMarkerReplication" not in rule:
            schema = "must be specified for this version of Cross Region Replication configuration schema."
            raise Refusal("InvalidRequest", f"DeleteMarkerReplication {schema}")
        wanted = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled"
        if wanted is not ("EncryptionConfiguration" in rule["Destination"]):
            message = "SseKmsEncryptedObjects and ReplicaKmsKeyID must be specified together."
            raise Refusal("InvalidRequest", message)


LIFECYCLE = _part(
    ("PutBucketLifecycleConfiguration", "GetBucketLifecycleConfiguration", "DeleteBucketLifecycle"),
    "LifecycleConfiguration",
    SMALLEST,
    missing="NoSuchLifecycleConfiguration",
)


def _lifecycle(place: Place, asked: Thing) -> Thing:
    """Put as one member, read as its rules."""
    found = LIFECYCLE["GetBucketLifecycleConfiguration"](place, asked)
    return {SMALLEST: found.get(SMALLEST, "all_storage_classes_128K"), **found["LifecycleConfiguration"]}


ANSWERS: Answers = {
    "CreateBucket": _create,
    "PutBucketVersioning": _version,
    "PutBucketPolicy": _check_policy,
    **_part(
        ("PutPublicAccessBlock", "GetPublicAccessBlock", "DeletePublicAccessBlock"),
        PUBLIC_ACCESS,
        missing="NoSuchPublicAccessBlockConfiguration",
        new=CLOSED,
    ),
    **_part(
        ("PutBucketOwnershipControls", "GetBucketOwnershipControls", "DeleteBucketOwnershipControls"),
        "OwnershipControls",
        missing="OwnershipControlsNotFoundError",
        new=OWNED,
    ),
    **_part(
        ("PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption"),
        "ServerSideEncryptionConfiguration",
        new=ENCRYPTED,
    ),
    **LIFECYCLE,
    "GetBucketLifecycleConfiguration": _lifecycle,
    **_part(
        ("PutBucketReplication", "GetBucketReplication", "DeleteBucketReplication"),
        REPLICATION,
        missing="ReplicationConfigurationNotFoundError",
        check=_check_replication,
    ),
}
