"""A shop's edge in one program of two regions: what stands before customers, and the home that it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.support.cloudfront_cases import ALL, DISABLED, NO_HOST, behavior
from tests.support.delivery_cases import FIELDS
from tests.support.wafv2_cases import COUNTED, acl, group, rate, rule

NAME = "shop.example"
SECRET = "open-sesame-said-the-edge"


@dataclass(frozen=True)
class Wanted:
    comment: str = "the shop"
    limit: int = 2000
    evaluated: bool = False
    """Whether the records ask after the distribution's health."""
    suffix: str = "{DistributionId}/{yyyy}/{MM}/{dd}"


def edge(wanted: Wanted) -> Callable[[], None]:
    def program() -> None:
        home = pulumi.ResourceOptions(provider=aws.Provider("home", region="ap-south-1"))
        far = pulumi.ResourceOptions(provider=aws.Provider("edge", region="us-east-1"))
        zone = aws.route53.Zone("zone", name=NAME, opts=home)
        front = _distribution(wanted, _certificate(zone, home, far), _firewall(wanted, far), home)
        for kind in ("A", "AAAA"):
            target = {"name": front.domain_name, "zone_id": front.hosted_zone_id}
            alias: Any = {**target, "evaluate_target_health": wanted.evaluated}
            aws.route53.Record(f"to-{kind}", zone_id=zone.zone_id, name=NAME, type=kind, aliases=[alias], opts=home)
        _logs(wanted, front, home, far)

    return program


def _certificate(zone: aws.route53.Zone, home: Any, far: Any) -> pulumi.Output[str]:
    names = {"domain_name": NAME, "subject_alternative_names": [f"*.{NAME}"]}
    certificate = aws.acm.Certificate("certificate", **names, validation_method="DNS", opts=far)
    proof = certificate.domain_validation_options[0]
    record = aws.route53.Record(
        "proof",
        zone_id=zone.zone_id,
        name=proof.resource_record_name.apply(str),
        type=proof.resource_record_type.apply(str),
        records=[proof.resource_record_value.apply(str)],
        ttl=60,
        opts=home,
    )
    issued = aws.acm.CertificateValidation(
        "issued", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn], opts=far
    )
    return issued.certificate_arn


def _firewall(wanted: Wanted, far: Any) -> pulumi.Output[str]:
    rules = [
        rule(0, "everybody", rate(wanted.limit)),
        rule(
            1, "common", group("AWSManagedRulesCommonRuleSet", ruleActionOverrides=COUNTED), overrideAction={"none": {}}
        ),
    ]
    told: Any = acl(rules=rules)
    firewall = aws.wafv2.WebAcl(
        "firewall",
        scope=told["scope"],
        default_action=told["defaultAction"],
        visibility_config=told["visibilityConfig"],
        rules=told["rules"],
        opts=far,
    )
    group_of_logs = aws.cloudwatch.LogGroup("firewall-log", name="aws-waf-logs-shop", opts=far)
    aws.wafv2.WebAclLoggingConfiguration(
        "firewall-logging",
        resource_arn=firewall.arn,
        log_destination_configs=[group_of_logs.arn],
        redacted_fields=[{"single_header": {"name": "authorization"}}],
        opts=far,
    )
    return firewall.arn


def _distribution(wanted: Wanted, certificate: Any, firewall: Any, home: Any) -> aws.cloudfront.Distribution:
    files = aws.s3.Bucket("files", bucket="shop-files", opts=home)
    control = aws.cloudfront.OriginAccessControl(
        "files-control",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
        opts=home,
    )
    server = {"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}
    api = {
        "originId": "api",
        "domainName": f"origin.{NAME}",
        "customOriginConfig": server,
        "customHeaders": [{"name": "X-From-Edge", "value": pulumi.Output.secret(SECRET)}],
    }
    bucket = {
        "originId": "files",
        "domainName": files.bucket_regional_domain_name,
        "originAccessControlId": control.id,
    }
    told: Any = {
        "origins": [api, bucket],
        "default": behavior("files"),
        "api": behavior(
            pathPattern="/api/*", allowedMethods=ALL, cachePolicyId=DISABLED, originRequestPolicyId=NO_HOST
        ),
        "certificate": {
            "acmCertificateArn": certificate,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
    }
    return aws.cloudfront.Distribution(
        "front",
        aliases=[NAME],
        comment=wanted.comment,
        enabled=True,
        is_ipv6_enabled=True,
        http_version="http2and3",
        origins=told["origins"],
        default_cache_behavior=told["default"],
        ordered_cache_behaviors=[told["api"]],
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate=told["certificate"],
        web_acl_id=firewall,
        opts=home,
    )


def _logs(wanted: Wanted, front: aws.cloudfront.Distribution, home: Any, far: Any) -> None:
    bucket = aws.s3.Bucket("requests", bucket="shop-requests", opts=home)
    source = aws.cloudwatch.LogDeliverySource("source", log_type="ACCESS_LOGS", resource_arn=front.arn, opts=far)
    target = aws.cloudwatch.LogDeliveryDestination(
        "target",
        output_format="w3c",
        delivery_destination_configuration={"destination_resource_arn": bucket.arn},
        opts=far,
    )
    aws.cloudwatch.LogDelivery(
        "delivery",
        delivery_source_name=source.name,
        delivery_destination_arn=target.arn,
        record_fields=FIELDS,
        s3_delivery_configurations=[{"suffix_path": wanted.suffix, "enable_hive_compatible_path": False}],
        opts=far,
    )
