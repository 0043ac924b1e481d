"""A zone, health checks and a certificate that nobody's program made."""

from functools import cached_property
from typing import Any


class DomainWorld:
    """``client`` is the world's that this is a part of."""

    client: Any

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
        acm, route53 = self.client("acm"), self.client("route53")
        arn = acm.request_certificate(DomainName="shop.example", ValidationMethod="DNS")["CertificateArn"]
        (option,) = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
        proof = option["ResourceRecord"]
        record = {"Name": proof["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": proof["Value"]}]}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=self.hosted_zone, ChangeBatch=batch)
        return arn
