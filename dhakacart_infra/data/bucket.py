"""A bucket of the platform: closed to the public, encrypted, versioned, and spoken to over TLS alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from dhakacart_infra.data.address import BucketAddress
from dhakacart_infra.data.replication import Replication, ReplicationArgs
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Conditions, Statement, document
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs

UNFINISHED_DAYS = 7  # an upload in parts that was given up is paid for and shown nowhere
MIN_TLS = "1.2"


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    role: str
    """Tells it from the environment's others, and is the purpose of its key."""
    own_key: bool = True
    """Encrypted with a key of its own; with S3's where a service that writes to it knows no other."""
    key_users: Sequence[Statement] = field(default_factory=tuple[Statement, ...])
    """Services that use the key."""
    grants: Sequence[Statement] = field(default_factory=tuple[Statement, ...])
    """Services that use the bucket: a bucket has one policy."""
    keep_replaced_days: int
    """For how long what was overwritten or deleted can be brought back."""
    expire_days: int | None = None
    """When objects go by themselves; never if there is none."""
    copies_to: str | None = None
    """The region of the peer's bucket of the same role, which stands."""


class Bucket(Component, token="dhakacart:data:Bucket"):
    """``address`` has its name and the statements for those who use it; ``name`` is known once it stands."""

    name: pulumi.Output[str]
    address: BucketAddress
    policy: aws.s3.BucketPolicy
    """Whom it lets in: who writes unasked waits for it."""

    def build(self, args: BucketArgs) -> None:
        self.address = BucketAddress(naming=self.naming, role=args.role)
        bucket = aws.s3.Bucket(
            self.child_name("bucket"),
            bucket=self.address.name,
            bucket_namespace="account-regional",
            force_destroy=not self.scope.protect_data,
            opts=self.child(stateful=True),
        )
        self.name = bucket.bucket
        self._close()
        self._encrypt(args)
        versioning = aws.s3.BucketVersioning(
            self.child_name("versions"),
            bucket=self.name,
            versioning_configuration={"status": "Enabled"},
            opts=self.child(stateful=True),
        )
        self._tidy(args, versioning)
        self.policy = aws.s3.BucketPolicy(
            self.child_name("policy"),
            bucket=self.name,
            policy=document(*self._tls_only(), *args.grants),
            opts=self.child(stateful=True),
        )
        if args.copies_to:
            target = BucketAddress(naming=self.naming.elsewhere(args.copies_to), role=args.role)
            copies = ReplicationArgs(source=self.address, target=target, versioning=versioning)
            Replication(self.child_name("copies"), copies, self.child())

    def _close(self) -> None:
        """New buckets are like this anyway; said, so that a refresh shows when somebody has opened one."""
        aws.s3.BucketPublicAccessBlock(
            self.child_name("closed"),
            bucket=self.name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child(stateful=True),
        )
        aws.s3.BucketOwnershipControls(
            self.child_name("owned"),
            bucket=self.name,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self.child(stateful=True),
        )

    def _encrypt(self, args: BucketArgs) -> None:
        key = None
        if args.own_key:
            key_args = EncryptionKeyArgs(purpose=args.role, users=args.key_users)
            key = EncryptionKey(self.child_name("encryption"), key_args, self.child())
        aws.s3.BucketServerSideEncryptionConfiguration(
            self.child_name("encrypted"),
            bucket=self.name,
            rules=[
                {
                    "apply_server_side_encryption_by_default": (
                        {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
                        if key
                        else {"sse_algorithm": "AES256"}
                    ),
                    "bucket_key_enabled": args.own_key,  # or KMS is asked, and paid, for each object
                    # Nobody but the client could read what a client's own key encrypts, and S3 would not copy it.
                    "blocked_encryption_types": ["SSE-C"],
                }
            ],
            opts=self.child(stateful=True),
        )

    def _tidy(self, args: BucketArgs, versioning: aws.s3.BucketVersioning) -> None:
        aws.s3.BucketLifecycleConfiguration(
            self.child_name("lifecycle"),
            bucket=self.name,
            rules=[
                {
                    "id": "tidy",
                    "status": "Enabled",
                    "filter": {},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": UNFINISHED_DAYS},
                    "noncurrent_version_expiration": {"noncurrent_days": args.keep_replaced_days},
                    # Days take the delete markers along that have no version left.
                    "expiration": (
                        {"days": args.expire_days} if args.expire_days else {"expired_object_delete_marker": True}
                    ),
                }
            ],
            opts=self.child(stateful=True, depends_on=[versioning]),  # rules for versions want a bucket that has them
        )

    def _tls_only(self) -> list[Statement]:
        """Two statements: a request without TLS has no version of it, and would pass the second."""
        return [
            self._refuse({"Bool": {"aws:SecureTransport": "false"}}),
            self._refuse({"NumericLessThan": {"s3:TlsVersion": MIN_TLS}}),
        ]

    def _refuse(self, conditions: Conditions) -> Statement:
        return {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [self.address.arn, self.address.objects],
            "Condition": conditions,
        }
