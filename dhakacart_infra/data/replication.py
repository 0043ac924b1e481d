"""Copies of a bucket's new objects in the peer's bucket of the same role, encrypted with the peer's key.

Not copied: what was there before (S3 Batch Replication does that once), deletions, what lifecycle rules do, and copies
that came from the peer. So both regions may copy to each other, and a deletion by mistake stays where it was made.
"""

from dataclasses import dataclass

import pulumi_aws as aws

from dhakacart_infra.data.address import BucketAddress
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import allow, document


@dataclass(frozen=True, kw_only=True)
class ReplicationArgs:
    source: BucketAddress
    target: BucketAddress
    """S3 wants to see it, with versions: it stands before."""
    versioning: aws.s3.BucketVersioning
    """The source's, which comes before and goes after."""


class Replication(Component, token="dhakacart:data:Replication"):
    """What the source gets from now on, the target has within minutes."""

    def build(self, args: ReplicationArgs) -> None:
        role = aws.iam.Role(
            self.child_name("role"),
            description=f"Copies {args.source.name} to {args.target.name}",
            # No condition: whoever hands the role to S3 must be allowed to pass it on, so no other account can.
            assume_role_policy=document(
                {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            opts=self.child(),
        )
        permission = aws.iam.RolePolicy(
            self.child_name("copy"), role=role.id, policy=_policy(args.source, args.target), opts=self.child()
        )
        aws.s3.BucketReplicationConfig(
            self.child_name("rules"),
            bucket=args.versioning.bucket,
            role=role.arn,
            rules=[_everything(args.target)],
            # What arrives before the role may copy it is not copied later.
            opts=self.child(depends_on=[permission, args.versioning]),
        )


def _policy(source: BucketAddress, target: BucketAddress) -> str:
    """As in the S3 guide, "Setting up permissions for live replication", without deletions."""
    return document(
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], [source.arn]),
        allow(
            ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
            [source.objects],
        ),
        allow(["s3:ReplicateObject", "s3:ReplicateTags"], [target.objects]),
        source.key_use("kms:Decrypt"),
        # To decrypt the target's bucket key is to check it ("S3 Bucket Keys and replication").
        target.key_use("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
    )


def _everything(target: BucketAddress) -> aws.s3.BucketReplicationConfigRuleArgsDict:
    return {
        "id": "everything",
        "status": "Enabled",
        "priority": 1,
        "filter": {},
        "delete_marker_replication": {"status": "Disabled"},
        "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
        "destination": {
            "bucket": target.arn,
            "encryption_configuration": {"replica_kms_key_id": target.key_alias_arn},
        },
    }
