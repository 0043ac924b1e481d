"""The domain: the zone that has its name, and the region's certificate for it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import DomainConfig
from dhakacart_infra.foundation.alarms import DAY, Alarm, AlarmTopic, Metric
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

VALIDATION_TTL_SECONDS = 300
DAYS_LEFT = 30
"""ACM renews by itself and earlier: 45 days before the end, or 60 (ACM guide, "Managed certificate renewal")."""


@dataclass(frozen=True, kw_only=True)
class DomainArgs:
    config: DomainConfig
    proves_ownership: bool
    """ACM asks an account for one record for a name, whichever region's certificate is for it: the environment's first
    stack has it, and its peer's certificate is issued by the same (ACM guide, "DNS validation")."""
    alarms: AlarmTopic


class Domain(Component, token="dhakacart:network:Domain"):
    """``certificate_arn`` is there once the certificate is issued."""

    name: str
    origin: str
    """Where the CDN finds the load balancer, if there is one before it."""
    zone_id: pulumi.Output[str]
    certificate_arn: pulumi.Output[str]
    proofs: list[pulumi.Resource]
    """By which any certificate of the account for the name is issued; empty where another stack keeps them."""

    def build(self, args: DomainArgs) -> None:
        self.name = args.config.name
        self.origin = f"origin.{self.name}"
        self.zone_id = self._zone(args.config)
        certificate = aws.acm.Certificate(
            self.child_name("certificate"),
            domain_name=self.name,
            subject_alternative_names=[f"*.{self.name}"],
            validation_method="DNS",
            tags={"Name": self.naming.of(Kind.TAG, "domain")},
            opts=self.child(),
        )
        args.alarms.watch(self, not_renewed(certificate.arn))
        self.proofs = [self._proof(certificate)] if args.proves_ownership else []
        issued = aws.acm.CertificateValidation(
            self.child_name("issued"),
            certificate_arn=certificate.arn,
            # Not with the records' names: those of a wildcard and its domain are one.
            opts=self.child(depends_on=self.proofs),
        )
        self.certificate_arn = issued.certificate_arn

    def _zone(self, config: DomainConfig) -> pulumi.Output[str]:
        if config.zone:
            return pulumi.Output.from_input(config.zone.id)
        zone = aws.route53.Zone(
            self.child_name("zone"),
            name=config.name,
            comment=f"{self.naming.project}, {self.naming.environment}",
            opts=self.child(stateful=True),
        )
        return zone.zone_id

    def _proof(self, certificate: aws.acm.Certificate) -> aws.route53.Record:
        asked = certificate.domain_validation_options[0]
        return aws.route53.Record(
            self.child_name("proof"),
            zone_id=self.zone_id,
            name=asked.resource_record_name,
            type=asked.resource_record_type,
            records=[asked.resource_record_value],
            ttl=VALIDATION_TTL_SECONDS,
            opts=self.child(),
        )


def not_renewed(certificate_arn: pulumi.Output[str]) -> Alarm:
    """Of any certificate that ACM issued: twice a day it says how many days are left."""
    return Alarm(
        kind="CertificateNotRenewed",
        severity="critical",
        means=f"A certificate ends in less than {DAYS_LEFT} days, and ACM has not renewed it.",
        watches=Metric(
            namespace="AWS/CertificateManager",
            name="DaysToExpiry",
            statistic="Minimum",
            dimensions={"CertificateArn": certificate_arn},
        ),
        is_="LessThanThreshold",
        threshold=DAYS_LEFT,
        period=DAY,
        periods=1,
        missing="missing",
    )
