"""What CloudFront refuses of a distribution, each mistake alone in one that it would take."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.support.cloudfront_cases import ALL, READ, SERVER, behavior, bucket, old, pair
from tests.support.world import World

Change = Callable[[World], dict[str, Any]]
NOBODYS = "11111111-2222-3333-4444-555555555555"
COVERED = "The certificate that is attached to your distribution doesn't cover the alternate domain name"


class Mistake(NamedTuple):
    what: str
    refused: str
    """Part of what CloudFront says."""
    change: Change


def server(**others: Any) -> dict[str, Any]:
    return SERVER | {"customOriginConfig": SERVER["customOriginConfig"] | others}  # pyright: ignore


def origins(**others: Any) -> Change:
    return lambda w: {"origins": [SERVER | others, bucket(w)]}


def default(**others: Any) -> Change:
    return lambda w: {"defaultCacheBehavior": behavior(**others)}


def ordered(*patterns: str) -> Change:
    return lambda w: {"orderedCacheBehaviors": [behavior(pathPattern=pattern) for pattern in patterns]}


def answered(**one: Any) -> Change:
    return lambda w: {"customErrorResponses": [{"errorCode": 404, **one}]}


def certificate(**others: Any) -> Change:
    return lambda w: {
        "viewerCertificate": {"acmCertificateArn": w.edge_certificate, "sslSupportMethod": "sni-only", **others}
    }


def headers(*names: str) -> Change:
    return origins(customHeaders=[{"name": name, "value": "x"} for name in names])


MISTAKES = [
    Mistake("a behavior of no origin", "NoSuchOrigin", default(origin="nobody")),
    Mistake("a pair of no origin", "NoSuchOrigin", lambda w: {"originGroups": [pair(500)], "origins": [SERVER]}),
    Mistake("one id twice", "InvalidArgument.*Origin Id", lambda w: {"origins": [SERVER, SERVER, bucket(w)]}),
    Mistake("no such control", "InvalidOriginAccessControl", lambda w: {
        "origins": [SERVER, bucket(w) | {"originAccessControlId": "E0"}]
    }),
    Mistake("signed for no bucket", "InvalidDomainNameForOriginAccessControl", lambda w: {
        "origins": [SERVER | {"originAccessControlId": w.origin_control}, bucket(w)]
    }),
    Mistake("no bucket's name", "does not refer to a valid S3 bucket", lambda w: {
        "origins": [SERVER, {"originId": "files", "domainName": "files.example"}]
    }),
    Mistake("both kinds of identity", "IllegalOriginAccessConfiguration", lambda w: {
        "origins": [SERVER, bucket(w) | {"s3OriginConfig": {"originAccessIdentity": "origin-access-identity/x"}}]
    }),
    Mistake("an address for a name", "must be a domain name", origins(domainName="https://origin.shop.example")),
    Mistake("a patience beyond all", "InvalidOriginReadTimeout", lambda w: {
        "origins": [server(originReadTimeout=121), bucket(w)]
    }),
    Mistake("kept alive for ever", "InvalidOriginKeepaliveTimeout", lambda w: {
        "origins": [server(originKeepaliveTimeout=121), bucket(w)]
    }),
    Mistake("a shield nowhere", "OriginShieldRegion is not valid", origins(originShield={"enabled": True})),
    Mistake("a shield where none is", "OriginShieldRegion is not valid", origins(
        originShield={"enabled": True, "originShieldRegion": "af-south-1"}
    )),
    Mistake("31 headers", "TooManyOriginCustomHeaders", headers(*(f"X-{number}" for number in range(31)))),
    Mistake("CloudFront's own header", "HeaderName host", headers("Host")),
    Mistake("AWS's own header", "HeaderName x-amz-date", headers("X-Amz-Date")),
    Mistake("one header twice", "HeaderName x-a", headers("X-A", "x-a")),
    Mistake("half of the writing methods", "AllowedMethods", default(allowedMethods=[*READ, "POST"])),
    Mistake("what is written is cached", "CachedMethods", default(allowedMethods=ALL, cachedMethods=[*READ, "POST"])),
    Mistake("what is not allowed is cached", "CachedMethods", default(cachedMethods=[*READ, "OPTIONS"])),
    Mistake("no such cache policy", "NoSuchCachePolicy", default(cachePolicyId=NOBODYS)),
    Mistake("no such request policy", "NoSuchOriginRequestPolicy", default(originRequestPolicyId=NOBODYS)),
    Mistake("no such response policy", "NoSuchResponseHeadersPolicy", default(responseHeadersPolicyId=NOBODYS)),
    Mistake("the viewer's host to a bucket", "InvalidHeadersForS3Origin", default(
        origin="files", originRequestPolicyId="216adef6-5c7f-47e4-b989-5492eafa07d3"
    )),
    Mistake("policy and values", "ForwardedValues cannot be used when a cache policy", default(
        forwardedValues={"queryString": True, "cookies": {"forward": "none"}}
    )),
    Mistake("neither policy nor values", "ForwardedValues is required", default(cachePolicyId="")),
    Mistake("longer at least than at most", "InvalidTTLOrder", lambda w: {
        "defaultCacheBehavior": old("api") | {"minTtl": 7200}
    }),
    Mistake("a pattern with a space", "PathPattern is not valid", ordered("/a b")),
    Mistake("a pattern too long", "PathPattern is not valid", ordered("/" + "a" * 255)),
    Mistake("one pattern twice", "PathPattern is not valid", ordered("/api/*", "api/*")),
    Mistake("76 behaviors", "TooManyCacheBehaviors", ordered(*(f"/{number}" for number in range(76)))),
    Mistake("an answer that is no failure", "InvalidErrorCode", answered(errorCode=418, errorCachingMinTtl=1)),
    Mistake("a code and no page", "go together", answered(responseCode=200)),
    Mistake("a page and no code", "go together", answered(responsePagePath="/404.html")),
    Mistake("a code of no answer", "InvalidResponseCode", answered(responseCode=302, responsePagePath="/404.html")),
    Mistake("a page of no path", "ResponsePagePath is not valid", answered(
        responseCode=404, responsePagePath="404.html"
    )),
    Mistake("a name and no certificate", "you must attach a trusted certificate", lambda w: {
        "viewerCertificate": {"cloudfrontDefaultCertificate": True}
    }),
    Mistake("a certificate elsewhere", "isn't in us-east-1 region", lambda w: {
        "viewerCertificate": {"acmCertificateArn": w.certificate, "sslSupportMethod": "sni-only"}
    }),
    Mistake("a certificate that waits", "isn't valid", lambda w: {
        "viewerCertificate": {"acmCertificateArn": w.waiting_certificate, "sslSupportMethod": "sni-only"}
    }),
    Mistake("a key too long", "isn't valid", lambda w: {
        "viewerCertificate": {"acmCertificateArn": w.long_certificate, "sslSupportMethod": "sni-only"}
    }),
    Mistake("a certificate and no way to it", "InvalidViewerCertificate", certificate(sslSupportMethod="")),
    Mistake("another name", COVERED, lambda w: {"aliases": ["other.example"]}),
    Mistake("a name two below", COVERED, lambda w: {"aliases": ["a.b.shop.example"]}),
    Mistake("the oldest protocol", "InvalidProtocolSettings", certificate(minimumProtocolVersion="SSLv3")),
    Mistake("no such firewall", "InvalidWebACLId", lambda w: {"webAclId": w.edge_firewall + "0"}),
    Mistake("a firewall of a region", "InvalidWebACLId", lambda w: {"webAclId": w.regional_firewall}),
]  # fmt: skip
NOT_SENT = [
    Mistake("a function", "does not handle defaultCacheBehavior.functionAssociations", default(
        functionAssociations=[{"eventType": "viewer-request", "functionArn": "arn"}]
    )),
    Mistake("no id", 'argument "origins.originId" is required', origins(originId="")),
    Mistake("no pattern", 'argument "orderedCacheBehaviors.pathPattern"', lambda w: {
        "orderedCacheBehaviors": [behavior()]
    }),
    Mistake("no region", "must be a valid AWS Region Code", origins(
        originShield={"enabled": True, "originShieldRegion": "Mumbai"}
    )),
    Mistake("four attempts", "origins.connectionAttempts to be in the range", origins(connectionAttempts=4)),
    Mistake("a protocol of no name", "viewerProtocolPolicy to be one of", default(viewerProtocolPolicy="http-only")),
]  # fmt: skip
"""What the provider itself refuses, or the sandbox."""
