"""What a bucket is called and who may use it, here or in the peer's region: computed, not looked up."""

from dataclasses import dataclass

from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.keys import use_for_bucket
from dhakacart_infra.foundation.naming import PARTITION, Kind, Naming


@dataclass(frozen=True, kw_only=True)
class BucketAddress:
    """``role`` tells it from the environment's others, and is the purpose of its key."""

    naming: Naming
    role: str

    @property
    def name(self) -> str:
        return self.naming.bucket(self.role)

    @property
    def arn(self) -> str:
        return f"arn:{PARTITION}:s3:::{self.name}"

    @property
    def objects(self) -> str:
        return f"{self.arn}/*"

    @property
    def endpoint(self) -> str:
        """Where CloudFront asks for its objects: by the name without a region it would be led on for a day."""
        return f"{self.name}.s3.{self.naming.region}.amazonaws.com"

    @property
    def key_alias_arn(self) -> str:
        return self.naming.arn("kms", self.naming.of(Kind.KMS_ALIAS, self.role))

    def key_use(self, *actions: str) -> Statement:
        return use_for_bucket(self.naming, self.role, self.arn, actions)

    @property
    def reading(self) -> list[Statement]:
        """For the role of whoever reads: without listing, an object that is not there looks forbidden."""
        return [
            allow(["s3:ListBucket"], [self.arn]),
            allow(["s3:GetObject"], [self.objects]),
            self.key_use("kms:Decrypt"),
        ]

    @property
    def writing(self) -> list[Statement]:
        """For the role of whoever writes: a large object is sent in parts, which S3 decrypts to join them."""
        return [
            allow(["s3:AbortMultipartUpload", "s3:PutObject"], [self.objects]),
            self.key_use("kms:Decrypt", "kms:GenerateDataKey"),
        ]
