"""One case or more for each resource type of Route 53 and ACM."""

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

BALANCER = {"name": "balancer.example", "zoneId": "ZP97RAFLXTNZK", "evaluateTargetHealth": True}


def drop_record(w: World, it: str) -> None:
    zone, name, kind = it.split("_")[:3]
    listed = w.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (record,) = [one for one in listed if (one["Name"].rstrip("."), one["Type"]) == (name, kind)]
    changes = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    w.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)


ROUTE53 = [
    Case(
        type="aws:route53/zone:Zone",
        inputs=lambda _: {"name": "shop.example", "comment": "the shop", "tags": TAGS},
        changes={"comment": lambda _: "another", "forceDestroy": lambda _: True},
        outside=lambda w, it: w.client("route53").update_hosted_zone_comment(Id=it, Comment="mine"),
        shows="comment",
    ),
    Case(
        type="aws:route53/record:Record",
        inputs=lambda w: {
            "zoneId": w.hosted_zone,
            "name": "api.shop.example",
            "type": "A",
            "ttl": 60,
            "records": ["192.0.2.1"],
            "allowOverwrite": True,
        },
        changes={
            "records": lambda _: ["192.0.2.1", "192.0.2.2"],
            "ttl": lambda _: 300,
            "allowOverwrite": lambda _: False,
        },
        outside=drop_record,
    ),
    Case(
        type="aws:route53/record:Record",
        also="alias",
        inputs=lambda w: {
            "zoneId": w.hosted_zone,
            "name": "shop.example",
            "type": "A",
            "aliases": [BALANCER],
            "setIdentifier": "ap-south-1",
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
            "healthCheckId": w.health_check,
        },
        changes={
            "aliases": lambda _: [BALANCER | {"name": "other.example"}],
            "healthCheckId": lambda w: w.other_health_check,
            "setIdentifier": lambda _: "another",
            "failoverRoutingPolicies": lambda _: [{"type": "SECONDARY"}],
        },
    ),
    Case(
        type="aws:acm/certificate:Certificate",
        inputs=lambda _: {
            "domainName": "shop.example",
            "subjectAlternativeNames": ["*.shop.example"],
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
            "tags": TAGS,
        },
        outside=lambda w, it: w.client("acm").delete_certificate(CertificateArn=it),
    ),
    Case(
        type="aws:acm/certificateValidation:CertificateValidation",
        inputs=lambda w: {"certificateArn": w.certificate, "validationRecordFqdns": ["_x.shop.example"]},
        outside=lambda w, it: w.client("acm").delete_certificate(CertificateArn=it),
    ),
]
