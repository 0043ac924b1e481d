"""CloudFront: one distribution before the load balancers of both regions, with the firewall before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import CdnConfig
from dhakacart_infra.config.cdn import ORIGIN_HEADER
from dhakacart_infra.data.address import BucketAddress
from dhakacart_infra.data.bucket import Bucket
from dhakacart_infra.edge.access_logs import AccessLogs, AccessLogsArgs
from dhakacart_infra.edge.behaviours import BUCKET, COPY, EITHER_BUCKET, SHOP, default_behaviour, ordered_behaviours
from dhakacart_infra.edge.error_page import ErrorPage
from dhakacart_infra.edge.firewall import Firewall, FirewallArgs
from dhakacart_infra.foundation.alarms import Alarm, AlarmTopic, Metric
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.network import Domain
from dhakacart_infra.network.domain import not_renewed

ERROR_PERCENT = 5
CONNECTION_ATTEMPTS, CONNECTION_SECONDS = 2, 2
"""To a bucket: by CloudFront's own 3 of 10 s its copy is asked after half a minute (guide, "Control origin timeouts and
attempts")."""
ORIGIN_DOWN = (500, 502, 503, 504)
MIN_TLS = "TLSv1.2_2021"
READ_SECONDS = 30
KEEPALIVE_SECONDS = 50  # less than the load balancer's idle timeout, or it hangs up while a request comes
SHIELDS = (
    *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1"),
    *("eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-east-2", "us-west-2"),
)
"""Regions that have an origin shield (CloudFront guide, "Use Amazon CloudFront Origin Shield")."""
EITHER: "aws.cloudfront.DistributionOriginGroupArgsDict" = {
    "origin_id": EITHER_BUCKET,
    "failover_criteria": {"status_codes": list(ORIGIN_DOWN)},
    "members": [{"origin_id": BUCKET}, {"origin_id": COPY}],
}


@dataclass(frozen=True, kw_only=True)
class CdnArgs:
    scope: Scope
    """Of the region that keeps what is global."""
    config: CdnConfig
    domain: Domain
    region: str
    """Of the load balancer that answers on ordinary days: nobody else but its shield asks it."""
    origin_key: pulumi.Output[str]
    routes: Sequence[str]
    assets: Bucket
    copy: BucketAddress | None
    """Of ``assets`` in the peer's region, where there is one."""
    logs: Bucket
    error_page: ErrorPage
    alarms: AlarmTopic
    """Of that region."""


class Cdn(Component, token="dhakacart:edge:Cdn"):
    """``name`` is what AWS calls it; nobody is to come by that one, but by the domain."""

    name: pulumi.Output[str]

    def build(self, args: CdnArgs) -> None:
        firewall = Firewall(
            self.child_name("firewall"),
            FirewallArgs(config=args.config.firewall, alarms=args.alarms),
            self.child(),
        )
        distribution = aws.cloudfront.Distribution(
            self.child_name("distribution"),
            aliases=[args.domain.name],
            comment=self.naming.of(Kind.TAG, "cdn"),
            enabled=True,
            http_version="http2and3",
            is_ipv6_enabled=True,
            web_acl_id=firewall.arn,
            origins=[self._shop(args), *self._buckets(args)],
            origin_groups=[EITHER] if args.copy else [],
            default_cache_behavior=default_behaviour(),
            ordered_cache_behaviors=ordered_behaviours(
                args.config.static_paths, args.routes, EITHER_BUCKET if args.copy else BUCKET
            ),
            custom_error_responses=args.error_page.responses,
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate={
                "acm_certificate_arn": self._certificate(args),
                "minimum_protocol_version": MIN_TLS,
                "ssl_support_method": "sni-only",
            },
            opts=self.child(stateful=True),
        )
        self.name = distribution.domain_name
        args.alarms.watch(self, _errors(distribution.id))
        logs = AccessLogsArgs(distribution_arn=distribution.arn, bucket=args.logs)
        AccessLogs(self.child_name("logs"), logs, self.child())

    def _certificate(self, args: CdnArgs) -> pulumi.Output[str]:
        certificate = aws.acm.Certificate(
            self.child_name("certificate"),
            domain_name=args.domain.name,
            validation_method="DNS",
            tags={"Name": self.naming.of(Kind.TAG, "cdn")},
            opts=self.child(),
        )
        args.alarms.watch(self, not_renewed(certificate.arn))
        issued = aws.acm.CertificateValidation(
            self.child_name("issued"),
            certificate_arn=certificate.arn,
            # By the record that proves the region's certificate: of an account and a name there is one.
            opts=self.child(depends_on=args.domain.proofs),
        )
        return issued.certificate_arn

    def _shop(self, args: CdnArgs) -> "aws.cloudfront.DistributionOriginArgsDict":
        return {
            "origin_id": SHOP,
            "domain_name": args.domain.origin,
            "custom_headers": [{"name": ORIGIN_HEADER, "value": args.origin_key}],
            "custom_origin_config": {
                "http_port": 80,  # must be said, and is never used
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
                "origin_read_timeout": READ_SECONDS,
                "origin_keepalive_timeout": KEEPALIVE_SECONDS,
            },
            "origin_shield": _shield(args.region),
        }

    def _buckets(self, args: CdnArgs) -> "list[aws.cloudfront.DistributionOriginArgsDict]":
        access = aws.cloudfront.OriginAccessControl(
            self.child_name("access"),
            name=self.naming.of(Kind.ORIGIN_ACCESS, "assets"),
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self.child(),
        )
        found = {BUCKET: args.assets.address, **({COPY: args.copy} if args.copy else {})}
        return [
            {
                "origin_id": origin,
                "domain_name": address.endpoint,
                "origin_access_control_id": access.id,
                "connection_attempts": CONNECTION_ATTEMPTS,
                "connection_timeout": CONNECTION_SECONDS,
                "origin_shield": _shield(address.naming.region),
            }
            for origin, address in found.items()
        ]


def _shield(region: str) -> "aws.cloudfront.DistributionOriginOriginShieldArgsDict | None":
    return {"enabled": True, "origin_shield_region": region} if region in SHIELDS else None


def _errors(distribution_id: pulumi.Output[str]) -> Alarm:
    return Alarm(
        kind="CdnErrors",
        severity="critical",
        means=f"More than {ERROR_PERCENT} % of what customers ask CloudFront for ends in an error of the shop.",
        watches=Metric(
            namespace="AWS/CloudFront",
            name="5xxErrorRate",
            statistic="Average",
            dimensions={"DistributionId": distribution_id, "Region": "Global"},
        ),
        is_="GreaterThanThreshold",
        threshold=ERROR_PERCENT,
        periods=5,
        of_them=3,  # in a minute of the night one error is many
        missing="notBreaching",
    )
