"""What customers asked of CloudFront, in the logs bucket.

By its second way of logging: the first wants a bucket with access control lists (CloudFront guide, "Configure standard
logging").
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.data.bucket import Bucket
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

FIELDS = (
    *("date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status"),
    *("cs(Referer)", "cs(User-Agent)", "x-edge-result-type", "x-edge-request-id", "cs-protocol", "cs-bytes"),
    *("time-taken", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type", "cs-protocol-version"),
    *("time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type"),
)
"""All that say how the shop is doing. Neither cookies nor queries, in which sessions and addresses of people stand."""
BY_HOUR = "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}"
"""Below AWSLogs/ACCOUNT/CloudFront/, which AWS puts before it as the delivery is made, and not as it is changed: a new
path wants a new delivery."""


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    distribution_arn: pulumi.Output[str]
    bucket: Bucket


class AccessLogs(Component, token="dhakacart:edge:AccessLogs"):
    def build(self, args: AccessLogsArgs) -> None:
        source = aws.cloudwatch.LogDeliverySource(
            self.child_name("source"),
            name=self.naming.of(Kind.DELIVERY, "cdn"),
            resource_arn=args.distribution_arn,
            log_type="ACCESS_LOGS",
            opts=self.child(),
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            self.child_name("destination"),
            name=self.naming.of(Kind.DELIVERY, "logs"),
            output_format="json",
            delivery_destination_configuration={"destination_resource_arn": args.bucket.address.arn},
            # The bucket lets it in first: AWS would add a statement of its own to the policy otherwise.
            opts=self.child(depends_on=[args.bucket.policy]),
        )
        aws.cloudwatch.LogDelivery(
            self.child_name("delivery"),
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            record_fields=list(FIELDS),
            s3_delivery_configurations=[{"enable_hive_compatible_path": False, "suffix_path": BY_HOUR}],
            opts=self.child(),
        )
