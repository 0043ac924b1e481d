"""A customer-managed KMS key for one purpose: rotated yearly, known by its alias, usable only by whom it names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.iam import Conditions, Statement, allow, allow_principal, document
from dhakacart_infra.foundation.naming import Kind, Naming

MAX_DELETION_WINDOW_DAYS = 30  # what the key encrypts is lost with it: as long as KMS allows to think again
MIN_DELETION_WINDOW_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyArgs:
    purpose: str
    """Ends the alias, and the description: ``flow-logs``."""
    users: Sequence[Statement] = field(default_factory=tuple[Statement, ...])
    """Services that use the key; the account itself manages it and delegates through IAM."""
    multi_region: bool = False
    """Can be copied to other regions: for good or never."""


class EncryptionKey(Component, token="dhakacart:foundation:EncryptionKey"):
    """``arn`` is what resources encrypt with."""

    arn: pulumi.Output[str]

    def build(self, args: EncryptionKeyArgs) -> None:
        key = aws.kms.Key(
            self.child_name("key"),
            description=self.naming.of(Kind.TAG, args.purpose),
            enable_key_rotation=True,
            multi_region=args.multi_region or None,
            deletion_window_in_days=deletion_window_days(self.scope),
            policy=key_policy(self.naming, *args.users),
            opts=self.child(stateful=True),
        )
        aws.kms.Alias(
            self.child_name("alias"),
            name=self.naming.of(Kind.KMS_ALIAS, args.purpose),
            target_key_id=key.key_id,
            opts=self.child(stateful=True),
        )
        self.arn = key.arn


def deletion_window_days(scope: Scope) -> int:
    return MAX_DELETION_WINDOW_DAYS if scope.protect_data else MIN_DELETION_WINDOW_DAYS


def key_policy(naming: Naming, *users: Statement) -> str:
    """The account's own rights first: without them nobody, its root included, could ever change or delete the key again
    (KMS guide, "Default key policy")."""
    return document(allow_principal({"AWS": naming.account_root()}, ["kms:*"]), *users)


def log_group_use(naming: Naming, log_group_arn: str) -> Statement:
    """CloudWatch Logs may use the key for that one log group."""
    conditions: Conditions = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": log_group_arn}}
    return allow_principal(
        {"Service": f"logs.{naming.region}.amazonaws.com"},
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        conditions,
    )


def use_for_bucket(naming: Naming, purpose: str, bucket_arn: str, actions: Sequence[str]) -> Statement:
    """Whoever holds the statement may use the key by way of S3, for that one bucket.

    The key is told by its alias, which is computed: the peer's key has an id that this stack cannot know. A bucket with
    a bucket key is named as a whole where KMS would otherwise hear of each object (S3 guide, "S3 Bucket Keys").
    """
    conditions: Conditions = {
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": naming.of(Kind.KMS_ALIAS, purpose)},
        "StringEquals": {
            "kms:EncryptionContext:aws:s3:arn": bucket_arn,
            "kms:ViaService": f"s3.{naming.region}.amazonaws.com",
        },
    }
    return allow(actions, [naming.arn("kms", "key/*")], conditions)


def volume_use(naming: Naming) -> Statement:
    """EC2 may use the key for volumes, for whoever of the account may make and attach them.

    As AWS's own key for volumes is made. Naming the service-linked role of Auto Scaling instead would be refused in an
    account that has never scaled: KMS wants its principals to exist.
    """
    return _use_through(naming, "ec2", [naming.region])


def secret_use(naming: Naming, regions: Sequence[str]) -> Statement:
    """Secrets Manager may use the key, for whoever of the account may read or write the secret: as AWS's own key for
    secrets is made, which cannot be copied to another region."""
    return _use_through(naming, "secretsmanager", regions)


def _use_through(naming: Naming, service: str, regions: Sequence[str]) -> Statement:
    actions = [
        *("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"),
        *("kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
    ]
    services = [f"{service}.{region}.amazonaws.com" for region in regions]
    conditions: Conditions = {
        "StringEquals": {
            "kms:CallerAccount": naming.account_id,
            "kms:ViaService": services if len(services) > 1 else services[0],
        }
    }
    return allow_principal({"AWS": "*"}, actions, conditions)
