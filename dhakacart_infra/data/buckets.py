"""The platform's buckets: what the CDN serves, what load balancers log, what the shop is restored from."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.data.address import BucketAddress
from dhakacart_infra.data.bucket import Bucket, BucketArgs
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Conditions, Statement, allow, allow_principal, to
from dhakacart_infra.foundation.naming import PARTITION
from dhakacart_infra.foundation.providers import GLOBAL_REGION

LOG_DAYS = 90
REPLACED_ASSET_DAYS = 30  # a picture that was overwritten is missed within a month
REPLACED_BACKUP_DAYS = 90  # who wants to be rid of backups goes about it slowly
CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}
LOAD_BALANCING = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
LOG_DELIVERY = {"Service": "delivery.logs.amazonaws.com"}


@dataclass(frozen=True, kw_only=True)
class BucketsArgs:
    copies_to: str | None
    """The region of the peer, if its buckets stand: assets and backups are copied there, logs are not."""


class Buckets(Component, token="dhakacart:data:Buckets"):
    """``assets`` is read by the account's CloudFront distributions, ``logs`` written by them and by load balancers."""

    assets: Bucket
    logs: Bucket
    backups: Bucket
    names: pulumi.Output[dict[str, str]]

    def build(self, args: BucketsArgs) -> None:
        self.assets = Bucket(self.child_name("assets"), self._assets(args.copies_to), self.child())
        self.logs = Bucket(self.child_name("logs"), self._logs(), self.child())
        # No expiry and no Object Lock: Elasticsearch deletes its own snapshots, file by file, when it needs none of
        # them any more; a file that goes earlier, or cannot go, breaks the repository.
        backups = BucketArgs(role="backups", keep_replaced_days=REPLACED_BACKUP_DAYS, copies_to=args.copies_to)
        self.backups = Bucket(self.child_name("backups"), backups, self.child())
        self.names = pulumi.Output.all(assets=self.assets.name, logs=self.logs.name, backups=self.backups.name)

    def _assets(self, copies_to: str | None) -> BucketArgs:
        """CloudFront may read for any distribution of the account. Its id, which only AWS knows, would make the bucket
        wait for the distribution that waits for the bucket; and the peer's bucket could not name it at all."""
        distributions = f"arn:{PARTITION}:cloudfront::{self.naming.account_id}:distribution/*"
        own: Conditions = {"ArnLike": {"aws:SourceArn": distributions}}
        return BucketArgs(
            role="assets",
            keep_replaced_days=REPLACED_ASSET_DAYS,
            key_users=[allow_principal(CLOUDFRONT, ["kms:Decrypt"], own)],
            grants=[to(CLOUDFRONT, allow(["s3:GetObject"], [self._address("assets").objects], own))],
            copies_to=copies_to,
        )

    def _logs(self) -> BucketArgs:
        return BucketArgs(
            role="logs",
            own_key=False,  # load balancers know S3's keys alone (ELB guide, "Enable access logs")
            keep_replaced_days=1,
            expire_days=LOG_DAYS,
            grants=[self._load_balancers_write(), self._cloudfront_writes()],
        )

    def _load_balancers_write(self) -> Statement:
        """The same in every region: the accounts that older ones named are the past. The account in the path keeps
        others' load balancers out; a condition on where a request comes from is in none of the guide's examples."""
        own_logs = f"{self._address('logs').arn}/AWSLogs/{self.naming.account_id}/*"
        return to(LOAD_BALANCING, allow(["s3:PutObject"], [own_logs]))

    def _cloudfront_writes(self) -> Statement:
        """By way of CloudWatch Logs, in the one region that has CloudFront's (its guide, "Logs sent to Amazon S3")."""
        own: Conditions = {
            "ArnLike": {"aws:SourceArn": self.naming.elsewhere(GLOBAL_REGION).arn("logs", "delivery-source:*")},
            "StringEquals": {
                "aws:SourceAccount": self.naming.account_id,
                "s3:x-amz-acl": "bucket-owner-full-control",
            },
        }
        own_logs = f"{self._address('logs').arn}/AWSLogs/{self.naming.account_id}/*"
        return to(LOG_DELIVERY, allow(["s3:PutObject"], [own_logs], own))

    def _address(self, role: str) -> BucketAddress:
        return BucketAddress(naming=self.naming, role=role)
