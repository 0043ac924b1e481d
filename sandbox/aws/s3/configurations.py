"""S3: what is configured of a bucket, a resource each, which one call puts, one reads and one takes away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.checks import names, policy_text
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Setting
from sandbox.aws.shapes import inward, members, operation, parameters
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = "NoSuchBucket"
PUBLIC_ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
STATUSES = ("Enabled", "Disabled")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """``put`` and ``get`` name the calls; their parameters and replies are spelt as properties here."""

    type: str
    constraints: Constraints
    put: str
    get: str
    delete: str
    ask: Callable[[Props], Props]
    """From the inputs to the parameters."""
    tell: Callable[[Props], Props]
    """From the reply to the inputs."""
    missing: str = ""
    """The error code by which ``get`` says that there is none."""
    bare: Props = field(default_factory=dict[str, Any])
    """Parameters of ``delete`` where that is a call which puts another."""
    unread: frozenset[str] = frozenset()
    unhandled: frozenset[str] = frozenset()

    def aws_type(self) -> AwsType:
        sent = self.constraints.inputs - self.unread - self.unhandled - {"region"}
        return AwsType(
            type=self.type,
            constraints=self.constraints,
            create=self._create,
            sent=sent,
            read=self._read,
            delete=lambda aws, bucket, _: aws.call("s3", self.delete, Bucket=bucket, **self.bare),
            settings=(Setting(inputs=tuple(sorted(sent - self.constraints.replaces)), apply=self._put),),
            unread=self.unread,
        )

    def _create(self, aws: Region, props: Props) -> str:
        self._put(aws, props["bucket"], props)
        return props["bucket"]

    def _put(self, aws: Region, bucket: str, props: Props) -> None:
        aws.call("s3", self.put, Bucket=bucket, **parameters(members("s3", self.put), self.ask(props), {}))

    def _read(self, aws: Region, bucket: str, state: Props) -> Props | None:
        reply = aws.find("s3", self.get, "@", (GONE, self.missing), Bucket=bucket)
        if reply is None:
            return None
        told = {name: part for name, part in reply.items() if name != "ResponseMetadata"}
        return {"bucket": bucket, **self.tell(inward(operation("s3", self.get).output_shape, told))}


def _given(props: Props, *wanted: str) -> Props:
    return {name: props[name] for name in wanted if name in props}


def _ask_encryption(props: Props) -> Props:
    rules = [dict(rule) for rule in props["rules"]]
    for rule in rules:
        rule["blockedEncryptionTypes"] = {"encryptionType": rule.get("blockedEncryptionTypes", [])}
    return {"serverSideEncryptionConfiguration": {"rules": rules}}


def _tell_encryption(reply: Props) -> Props:
    rules: list[Props] = [dict(rule) for rule in reply["serverSideEncryptionConfiguration"]["rules"]]
    for rule in rules:
        rule["blockedEncryptionTypes"] = rule.get("blockedEncryptionTypes", {}).get("encryptionType", [])
    return {"rules": [{name: part for name, part in rule.items() if part != []} for rule in rules]}


PUBLIC_ACCESS_BLOCK = Configuration(
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    constraints=Constraints(
        source="internal/service/s3/bucket_public_access_block.go",
        inputs=names("bucket region skipDestroy", *PUBLIC_ACCESS),
        required=("bucket",),
        replaces=names("bucket region"),
        defaults=dict.fromkeys(PUBLIC_ACCESS, False),
        delete_before_replace=True,
    ),
    put="PutPublicAccessBlock",
    get="GetPublicAccessBlock",
    delete="DeletePublicAccessBlock",
    missing="NoSuchPublicAccessBlockConfiguration",
    ask=lambda props: {"publicAccessBlockConfiguration": _given(props, *PUBLIC_ACCESS)},
    tell=lambda reply: reply["publicAccessBlockConfiguration"],
    unhandled=frozenset({"skipDestroy"}),
)
OWNERSHIP = Configuration(
    type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    constraints=Constraints(
        source="internal/service/s3/bucket_ownership_controls.go",
        inputs=names("bucket region rule"),
        required=("bucket", "rule"),
        replaces=names("bucket region"),
        values={"rule.objectOwnership": ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")},
        delete_before_replace=True,
    ),
    put="PutBucketOwnershipControls",
    get="GetBucketOwnershipControls",
    delete="DeleteBucketOwnershipControls",
    missing="OwnershipControlsNotFoundError",
    ask=lambda props: {"ownershipControls": {"rules": [props["rule"]]}},
    tell=lambda reply: {"rule": reply["ownershipControls"]["rules"][0]},
)
ENCRYPTION = Configuration(
    type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    constraints=Constraints(
        source="internal/service/s3/bucket_server_side_encryption_configuration.go",
        inputs=names("bucket expectedBucketOwner region rules"),
        required=("bucket", "rules"),
        replaces=names("bucket expectedBucketOwner region"),
        values={
            "rules.applyServerSideEncryptionByDefault.sseAlgorithm": ("AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"),
            "rules.blockedEncryptionTypes": ("NONE", "SSE-C"),
        },
        ranges={"bucket": (1, 63)},
        sets=frozenset({"rules"}),
        delete_before_replace=True,
    ),
    put="PutBucketEncryption",
    get="GetBucketEncryption",
    delete="DeleteBucketEncryption",
    ask=_ask_encryption,
    tell=_tell_encryption,
    unhandled=frozenset({"expectedBucketOwner"}),
)
VERSIONING = Configuration(
    type="aws:s3/bucketVersioning:BucketVersioning",
    constraints=Constraints(
        source="internal/service/s3/bucket_versioning.go",
        inputs=names("bucket expectedBucketOwner mfa region versioningConfiguration"),
        required=("bucket", "versioningConfiguration"),
        replaces=names("bucket expectedBucketOwner region"),
        values={
            "versioningConfiguration.mfaDelete": STATUSES,
            "versioningConfiguration.status": ("Enabled", "Suspended", "Disabled"),
        },
        ranges={"bucket": (1, 63)},
        computed=frozenset({"versioningConfiguration.mfaDelete"}),
        delete_before_replace=True,
    ),
    put="PutBucketVersioning",
    get="GetBucketVersioning",
    delete="PutBucketVersioning",
    bare={"VersioningConfiguration": {"Status": "Suspended"}},  # never unversioned again
    ask=lambda props: _given(props, "versioningConfiguration"),
    tell=lambda reply: {"versioningConfiguration": {"status": "Disabled", **reply}},
    unhandled=frozenset({"expectedBucketOwner", "mfa"}),
)
LIFECYCLE = Configuration(
    type="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    constraints=Constraints(
        source="internal/service/s3/bucket_lifecycle_configuration.go",
        inputs=names("bucket expectedBucketOwner region rules timeouts transitionDefaultMinimumObjectSize"),
        required=("bucket",),
        replaces=names("bucket expectedBucketOwner region"),
        values={
            "rules.status": STATUSES,
            "transitionDefaultMinimumObjectSize": ("varies_by_storage_class", "all_storage_classes_128K"),
        },
        ranges={"bucket": (1, 63), "rules.id": (1, 255)},
        computed=frozenset({"expectedBucketOwner", "transitionDefaultMinimumObjectSize"}),
        delete_before_replace=True,
    ),
    put="PutBucketLifecycleConfiguration",
    get="GetBucketLifecycleConfiguration",
    delete="DeleteBucketLifecycle",
    missing="NoSuchLifecycleConfiguration",
    ask=lambda props: {
        "lifecycleConfiguration": _given(props, "rules"),
        **_given(props, "transitionDefaultMinimumObjectSize"),
    },
    tell=lambda reply: reply,
    unhandled=frozenset({"expectedBucketOwner", "timeouts"}),
)
POLICY = Configuration(
    type="aws:s3/bucketPolicy:BucketPolicy",
    constraints=Constraints(
        source="internal/service/s3/bucket_policy.go",
        inputs=names("bucket policy region"),
        required=("bucket", "policy"),
        replaces=names("bucket region"),
        documents=frozenset({"policy"}),
        checks=(policy_text("policy"),),
        delete_before_replace=True,
    ),
    put="PutBucketPolicy",
    get="GetBucketPolicy",
    delete="DeleteBucketPolicy",
    missing="NoSuchBucketPolicy",
    ask=lambda props: _given(props, "policy"),
    tell=lambda reply: reply,
)
REPLICATION = Configuration(
    type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    constraints=Constraints(
        source="internal/service/s3/bucket_replication_configuration.go",
        inputs=names("bucket region role rules token"),
        required=("bucket", "role", "rules"),
        replaces=names("bucket region"),
        values={
            "rules.deleteMarkerReplication.status": STATUSES,
            "rules.sourceSelectionCriteria.replicaModifications.status": STATUSES,
            "rules.sourceSelectionCriteria.sseKmsEncryptedObjects.status": STATUSES,
            "rules.status": STATUSES,
        },
        ranges={"bucket": (1, 63), "rules.id": (0, 255)},
        delete_before_replace=True,
    ),
    put="PutBucketReplication",
    get="GetBucketReplication",
    delete="DeleteBucketReplication",
    missing="ReplicationConfigurationNotFoundError",
    ask=lambda props: {"replicationConfiguration": _given(props, "role", "rules")},
    tell=lambda reply: reply["replicationConfiguration"],
    unhandled=frozenset({"token"}),
)

TYPES = tuple(
    one.aws_type() for one in (PUBLIC_ACCESS_BLOCK, OWNERSHIP, ENCRYPTION, VERSIONING, LIFECYCLE, POLICY, REPLICATION)
)
