"""One case or more for each resource type of CloudFront."""

from typing import Any

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

OPTIMIZED, DISABLED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
NO_HOST, SECURE = "b689b0a8-53d0-40ab-baf2-68738e2966ac", "67f7725c-6f97-4210-82d7-5512b31e9d03"
READ, ALL = ["GET", "HEAD"], ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
SERVER = {
    "originId": "api",
    "domainName": "origin.shop.example",
    "customOriginConfig": {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
        "originKeepaliveTimeout": 60,
    },
    "customHeaders": [{"name": "X-From-Edge", "value": "open-sesame"}],
    "originShield": {"enabled": True, "originShieldRegion": "ap-south-1"},
}


def behavior(origin: str = "api", **others: Any) -> dict[str, Any]:
    usual = {"viewerProtocolPolicy": "redirect-to-https", "cachePolicyId": OPTIMIZED, "compress": True}
    return {"targetOriginId": origin, "allowedMethods": READ, "cachedMethods": READ, **usual, **others}


def distribution(**others: Any) -> dict[str, Any]:
    """As little as CloudFront takes."""
    return {
        "enabled": True,
        "origins": [SERVER],
        "defaultCacheBehavior": behavior(),
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        **others,
    }


def bucket(w: World, name: str = "files") -> dict[str, Any]:
    return {
        "originId": name,
        "domainName": f"{w.bucket}.s3.ap-south-1.amazonaws.com",
        "originAccessControlId": w.origin_control,
    }


def whole(w: World) -> dict[str, Any]:
    return distribution(
        aliases=["shop.example"],
        comment="the shop",
        customErrorResponses=[
            {"errorCode": 404, "responseCode": 404, "responsePagePath": "/404.html", "errorCachingMinTtl": 10}
        ],
        defaultRootObject="index.html",
        httpVersion="http2and3",
        isIpv6Enabled=True,
        orderedCacheBehaviors=[
            behavior(pathPattern="/api/*", allowedMethods=ALL, cachePolicyId=DISABLED, originRequestPolicyId=NO_HOST),
            behavior("files", pathPattern="/files/*", responseHeadersPolicyId=SECURE),
        ],
        origins=[SERVER, bucket(w)],
        priceClass="PriceClass_200",
        restrictions={"geoRestriction": {"restrictionType": "blacklist", "locations": ["AQ"]}},
        viewerCertificate={
            "acmCertificateArn": w.edge_certificate,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
        webAclId=w.edge_firewall,
        tags=TAGS,
    )


def old(name: str) -> dict[str, Any]:
    """A behavior that says itself how long, as before there were policies."""
    values = {"queryString": True, "cookies": {"forward": "none"}, "headers": ["Origin"]}
    times = {"minTtl": 1, "defaultTtl": 60, "maxTtl": 3600}
    return behavior(name, forwardedValues=values, **times) | {"cachePolicyId": ""}


def pair(*codes: int) -> dict[str, Any]:
    members = [{"originId": "files"}, {"originId": "api"}]
    return {"originId": "both", "failoverCriteria": {"statusCodes": list(codes)}, "members": members}


def switch_off(w: World, it: str) -> None:
    found = w.client("cloudfront").get_distribution_config(Id=it)
    config = found["DistributionConfig"] | {"Enabled": False}
    w.client("cloudfront").update_distribution(Id=it, IfMatch=found["ETag"], DistributionConfig=config)


def sign_never(w: World, it: str) -> None:
    cloudfront = w.client("cloudfront")
    found = cloudfront.get_origin_access_control(Id=it)
    config = found["OriginAccessControl"]["OriginAccessControlConfig"] | {"SigningBehavior": "never"}
    cloudfront.update_origin_access_control(Id=it, IfMatch=found["ETag"], OriginAccessControlConfig=config)


CLOUDFRONT = [
    Case(
        type="aws:cloudfront/originAccessControl:OriginAccessControl",
        inputs=lambda _: {
            "name": "files",
            "description": "the shop's files",
            "originAccessControlOriginType": "s3",
            "signingBehavior": "always",
            "signingProtocol": "sigv4",
        },
        changes={
            "name": lambda _: "uploads",
            "description": lambda _: "uploads",
            "originAccessControlOriginType": lambda _: "lambda",
            "signingBehavior": lambda _: "no-override",
            "signingProtocol": lambda _: "sigv4",
        },
        outside=sign_never,
        shows="signingBehavior",
    ),
    Case(
        type="aws:cloudfront/distribution:Distribution",
        inputs=whole,
        changes={
            "aliases": lambda _: None,
            "comment": lambda _: "another",
            "customErrorResponses": lambda _: [{"errorCode": 503, "errorCachingMinTtl": 0}],
            "defaultCacheBehavior": lambda _: old("both"),
            "defaultRootObject": lambda _: None,
            "enabled": lambda _: False,
            "httpVersion": lambda _: "http2",
            "isIpv6Enabled": lambda _: False,
            "orderedCacheBehaviors": lambda _: [behavior("files", pathPattern="*.css")],
            "originGroups": lambda _: [pair(500, 503)],
            "origins": lambda w: [bucket(w), SERVER | {"originPath": "/v2", "customHeaders": []}],
            "priceClass": lambda _: "PriceClass_All",
            "restrictions": lambda _: {"geoRestriction": {"restrictionType": "none", "locations": []}},
            "retainOnDelete": lambda _: False,
            "viewerCertificate": lambda _: {"cloudfrontDefaultCertificate": True},
            "waitForDeployment": lambda _: False,
            "webAclId": lambda _: None,
        },
        outside=switch_off,
        shows="enabled",
    ),
    Case(
        type="aws:cloudfront/distribution:Distribution",
        also="pair",
        inputs=lambda w: distribution(
            origins=[SERVER, bucket(w)], originGroups=[pair(500)], defaultCacheBehavior=behavior("both")
        ),
    ),
]
