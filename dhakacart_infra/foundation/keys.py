"""A customer-managed KMS key for one purpose: rotated yearly, known by its alias, usable only by whom it names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Conditions, Statement, allow_principal, document
from dhakacart_infra.foundation.naming import Kind, Naming

MAX_DELETION_WINDOW_DAYS = 30  # what the key encrypts is lost with it: as long as KMS allows to think again
MIN_DELETION_WINDOW_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyArgs:
    purpose: str
    """Ends the alias, and the description: ``flow-logs``."""
    users: Sequence[Statement] = field(default_factory=tuple[Statement, ...])
    """Services that use the key; the account itself manages it and delegates through IAM."""


class EncryptionKey(Component, token="dhakacart:foundation:EncryptionKey"):
    """``arn`` is what resources encrypt with."""

    arn: pulumi.Output[str]

    def build(self, args: EncryptionKeyArgs) -> None:
        key = aws.kms.Key(
            self.child_name("key"),
            description=self.naming.of(Kind.TAG, args.purpose),
            enable_key_rotation=True,
            deletion_window_in_days=(MAX_DELETION_WINDOW_DAYS if self.scope.protect_data else MIN_DELETION_WINDOW_DAYS),
            policy=document(self._administration(), *args.users),
            opts=self.child(stateful=True),
        )
        aws.kms.Alias(
            self.child_name("alias"),
            name=self.naming.of(Kind.KMS_ALIAS, args.purpose),
            target_key_id=key.key_id,
            opts=self.child(),
        )
        self.arn = key.arn

    def _administration(self) -> Statement:
        # Without it nobody, the account's root included, could ever change or delete the key again (KMS guide,
        # "Default key policy").
        return allow_principal({"AWS": self.naming.account_root()}, ["kms:*"])


def log_group_use(naming: Naming, log_group_arn: str) -> Statement:
    """CloudWatch Logs may use the key for that one log group."""
    conditions: Conditions = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": log_group_arn}}
    return allow_principal(
        {"Service": f"logs.{naming.region}.amazonaws.com"},
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        conditions,
    )


def volume_use(naming: Naming) -> Statement:
    """EC2 may use the key for volumes, for whoever of the account may make and attach them.

    As AWS's own key for volumes is made. Naming the service-linked role of Auto Scaling instead would be refused in an
    account that has never scaled: KMS wants its principals to exist.
    """
    actions = [
        *("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"),
        *("kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
    ]
    conditions: Conditions = {
        "StringEquals": {
            "kms:CallerAccount": naming.account_id,
            "kms:ViaService": f"ec2.{naming.region}.amazonaws.com",
        }
    }
    return allow_principal({"AWS": "*"}, actions, conditions)
