"""A zone, health checks, certificates and what stands at the edge, which nobody's program made."""

from functools import cached_property
from typing import Any

EDGE = "us-east-1"
"""Where CloudFront has its certificates and web ACLs."""
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


class DomainWorld:
    """``client`` is the world's that this is a part of."""

    client: Any
    bucket: Any

    @cached_property
    def hosted_zone(self) -> str:
        made = self.client("route53").create_hosted_zone(Name="shop.example", CallerReference="shop")
        return made["HostedZone"]["Id"].rpartition("/")[2]

    def _health_check(self, name: str) -> str:
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": name, "Port": 443}
        made = self.client("route53").create_health_check(CallerReference=name, HealthCheckConfig=config)
        return made["HealthCheck"]["Id"]

    @cached_property
    def health_check(self) -> str:
        return self._health_check("shop.example")

    @cached_property
    def other_health_check(self) -> str:
        return self._health_check("other.example")

    @cached_property
    def certificate(self) -> str:
        """Issued."""
        return self._issued("ap-south-1")

    @cached_property
    def edge_certificate(self) -> str:
        """Issued where CloudFront looks for it."""
        return self._issued(EDGE)

    @cached_property
    def edge_firewall(self) -> str:
        return self._firewall("edge")

    @cached_property
    def regional_firewall(self) -> str:
        return self._firewall("region", "REGIONAL")

    @cached_property
    def long_certificate(self) -> str:
        return self._issued(EDGE, "EC_secp384r1")

    @cached_property
    def waiting_certificate(self) -> str:
        """Not issued."""
        return self.client("acm", EDGE).request_certificate(DomainName="waits.example")["CertificateArn"]

    @cached_property
    def distribution(self) -> str:
        origin = {"Id": "shop", "DomainName": "shop.example"}
        server = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
        behavior = {"TargetOriginId": "shop", "ViewerProtocolPolicy": "https-only", "CachePolicyId": CACHING_DISABLED}
        config = {
            "CallerReference": "shop",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin | {"CustomOriginConfig": server}]},
            "DefaultCacheBehavior": behavior,
        }
        wanted = {"DistributionConfig": config, "Tags": {"Items": []}}
        made = self.client("cloudfront").create_distribution_with_tags(DistributionConfigWithTags=wanted)
        return made["Distribution"]["ARN"]

    @cached_property
    def log_source(self) -> str:
        asked = {"name": "requests", "logType": "ACCESS_LOGS", "resourceArn": self.distribution}
        return self.client("logs", EDGE).put_delivery_source(**asked)["deliverySource"]["name"]

    @cached_property
    def log_destination(self) -> str:
        bucket = {"destinationResourceArn": f"arn:aws:s3:::{self.bucket}"}
        made = self.client("logs", EDGE).put_delivery_destination(
            name="bucket", deliveryDestinationConfiguration=bucket
        )
        return made["deliveryDestination"]["arn"]

    @cached_property
    def edge_logs(self) -> str:
        self.client("logs", EDGE).create_log_group(logGroupName="aws-waf-logs-shop")
        (group,) = self.client("logs", EDGE).describe_log_groups(logGroupNamePrefix="aws-waf")["logGroups"]
        return group["arn"].removesuffix(":*")

    def _firewall(self, name: str, scope: str = "CLOUDFRONT") -> str:
        made = self.client("wafv2", EDGE).create_web_acl(
            Name=name,
            Scope=scope,
            DefaultAction={"Allow": {}},
            VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name},
        )
        return made["Summary"]["ARN"]

    @cached_property
    def origin_control(self) -> str:
        config = {"Name": "s3", "OriginAccessControlOriginType": "s3"}
        signing = {"SigningBehavior": "always", "SigningProtocol": "sigv4"}
        made = self.client("cloudfront").create_origin_access_control(OriginAccessControlConfig=config | signing)
        return made["OriginAccessControl"]["Id"]

    def _issued(self, region: str, algorithm: str = "EC_prime256v1") -> str:
        acm, route53 = self.client("acm", region), self.client("route53")
        arn = acm.request_certificate(
            DomainName="shop.example",
            SubjectAlternativeNames=["*.shop.example"],
            ValidationMethod="DNS",
            KeyAlgorithm=algorithm,
        )["CertificateArn"]
        option = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0]
        proof = option["ResourceRecord"]
        record = {"Name": proof["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": proof["Value"]}]}
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=self.hosted_zone, ChangeBatch=batch)
        acm.describe_certificate(CertificateArn=arn)
        return arn
