"""CloudFront: what a distribution must be, and what it leans on must be there. moto asks for next to none of it.

Limits are those of the CloudFront guide ("Quotas", "All distribution settings") and of the API's own descriptions.
"""

import re
from collections.abc import Callable, Iterator

from sandbox.aws.cloudfront.behavior_rules_recorded import BEHAVIOR_RULES, PATTERN, behaviors, items
from sandbox.aws.cloudfront.common_recorded import CONTROLS, DISTRIBUTIONS, REGION
from sandbox.aws.record import Place, Refusal, Thing

Rule = Callable[[Place, Thing, str], None]
SECONDS = range(1, 121)
MAX_HEADERS = 30
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]+\.s3([.-][a-z0-9-]+)?\.amazonaws\.com")
SHIELDS = {
    *("us-east-1", "us-east-2", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1"),
    *("ap-southeast-2", "eu-central-1", "eu-west-1", "eu-west-2", "sa-east-1"),
}
"""Regions with Origin Shield (the guide, "Use Amazon CloudFront Origin Shield")."""
ITS_OWN = {
    *("cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since"),
    *("if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate"),
    *("proxy-authorization", "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding"),
    *("upgrade", "via", "x-real-ip"),
}
"""Headers that CloudFront adds to no request (the guide, "Add custom headers to origin requests")."""
FAILED = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
ANSWERED = {"200", *map(str, FAILED)}
TOO_LONG = {"EC-secp384r1", "EC-secp521r1"}
"""Keys that CloudFront does not work with (the guide, "Requirements for using SSL/TLS certificates")."""
NAMES_PAGE = (
    "For more details, see: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html"
    "#alternate-domain-names-requirements"
)


def check(place: Place, config: Thing, it: str) -> None:
    """Refuse what CloudFront refuses of a distribution, new or changed."""
    for rule in RULES:
        rule(place, config, it)


def _origins(config: Thing) -> Iterator[Thing]:
    yield from config["Origins"]["Items"]


def _origin_names(place: Place, config: Thing, it: str) -> None:
    known = [origin["Id"] for origin in [*_origins(config), *items(config, "OriginGroups")]]
    if len(set(known)) < len(known):
        raise Refusal("InvalidArgument", "The parameter Origin Id contains duplicates.")
    members = [one["OriginId"] for group in items(config, "OriginGroups") for one in group["Members"]["Items"]]
    if {*members, *(one["TargetOriginId"] for one in behaviors(config))} - {*known}:
        raise Refusal("NoSuchOrigin", "One or more of your origins or origin groups do not exist.")


def _buckets(place: Place, config: Thing, it: str) -> None:
    for origin in _origins(config):
        control, name = origin.get("OriginAccessControlId"), origin["DomainName"]
        if control:
            _require_control(place, control, name)
        if "S3OriginConfig" in origin and not BUCKET.fullmatch(name):
            raise Refusal("InvalidArgument", "The parameter Origin DomainName does not refer to a valid S3 bucket.")
        if control and origin.get("S3OriginConfig", {}).get("OriginAccessIdentity"):
            message = (
                "An origin cannot contain both an origin access control (OAC) and an origin access identity (OAI)."
            )
            raise Refusal("IllegalOriginAccessConfiguration", message)


def _require_control(place: Place, control: str, name: str) -> None:
    kept = place.shelf(CONTROLS).get((control,))
    if kept is None:
        raise Refusal("InvalidOriginAccessControl", "The origin access control is not valid.")
    kind = kept["OriginAccessControlConfig"]["OriginAccessControlOriginType"]
    if kind == "s3" and not BUCKET.fullmatch(name):
        message = "An origin access control is associated with an origin whose domain name is not supported."
        raise Refusal("InvalidDomainNameForOriginAccessControl", message)


def _servers(place: Place, config: Thing, it: str) -> None:
    for origin in _origins(config):
        server = origin.get("CustomOriginConfig", {})
        if server and "://" in origin["DomainName"]:
            raise Refusal("InvalidArgument", "The parameter origin name must be a domain name.")
        if server.get("OriginReadTimeout", 30) not in SECONDS:
            raise Refusal("InvalidOriginReadTimeout", "The read timeout specified for the origin is not valid.")
        if server.get("OriginKeepaliveTimeout", 5) not in SECONDS:
            raise Refusal(
                "InvalidOriginKeepaliveTimeout", "The keep alive timeout specified for the origin is not valid."
            )
        shield = origin.get("OriginShield", {})
        if shield.get("Enabled") and shield.get("OriginShieldRegion") not in SHIELDS:
            message = f"The parameter OriginShieldRegion is not valid: {shield.get('OriginShieldRegion')}."
            raise Refusal("InvalidArgument", message)


def _headers(place: Place, config: Thing, it: str) -> None:
    for origin in _origins(config):
        given = [one["HeaderName"].lower() for one in items(origin, "CustomHeaders")]
        if len(given) > MAX_HEADERS:
            raise Refusal("TooManyOriginCustomHeaders", "Your request contains too many origin custom headers.")
        for name in given:
            if name in ITS_OWN or name.startswith(("x-amz-", "x-edge-")) or given.count(name) > 1:
                raise Refusal("InvalidArgument", f"The parameter HeaderName {name} is not allowed as a custom header.")


def _errors(place: Place, config: Thing, it: str) -> None:
    for one in items(config, "CustomErrorResponses"):
        page, answer = one.get("ResponsePagePath"), one.get("ResponseCode")
        if one["ErrorCode"] not in FAILED:
            raise Refusal("InvalidErrorCode", "An invalid error code was specified.")
        if bool(page) != bool(answer):
            message = "The parameters ResponsePagePath and ResponseCode of a custom error response go together."
            raise Refusal("InvalidArgument", message)
        if answer and answer not in ANSWERED:
            raise Refusal("InvalidResponseCode", "A response code is not valid.")
        if page and not (page.startswith("/") and PATTERN.fullmatch(page)):
            raise Refusal("InvalidArgument", f"The parameter ResponsePagePath is not valid: {page}.")


def _aliases(place: Place, config: Thing, it: str) -> None:
    wanted = set(items(config, "Aliases"))
    for (other,), kept in place.shelf(DISTRIBUTIONS).items():
        if other != it and wanted & set(items(kept["Distribution"]["DistributionConfig"], "Aliases")):
            message = "One or more of the CNAMEs you provided are already associated with a different resource."
            raise Refusal("CNAMEAlreadyExists", message)


def _certificate(place: Place, config: Thing, it: str) -> None:
    given, wanted = config.get("ViewerCertificate", {}), items(config, "Aliases")
    arn = given.get("ACMCertificateArn")
    if not arn and not given.get("IAMCertificateId"):
        if wanted:
            message = (
                "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted "
                f"certificate that validates your authorization to use the domain name. {NAMES_PAGE}"
            )
            raise Refusal("InvalidViewerCertificate", message)
        return
    found = place.elsewhere("acm", REGION).shelf("certificate").get((arn,), {"Status": "NONE"})
    fit = found["Status"] == "ISSUED" and found["KeyAlgorithm"] not in TOO_LONG
    if not fit or not given.get("SSLSupportMethod"):
        message = (
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
            "valid certificate chain."
        )
        raise Refusal("InvalidViewerCertificate", message)
    if not all(any(_covers(name, alias) for name in found["SubjectAlternativeNames"]) for alias in wanted):
        message = (
            "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) "
            f"that you're trying to add. {NAMES_PAGE}"
        )
        raise Refusal("InvalidViewerCertificate", message)
    if given["SSLSupportMethod"] == "sni-only" and given.get("MinimumProtocolVersion") == "SSLv3":
        message = "You cannot specify SSLv3 as the minimum protocol version with clients that support SNI only."
        raise Refusal("InvalidProtocolSettings", message)


def _covers(name: str, alias: str) -> bool:
    """A star stands for one label."""
    return name == alias or (name.startswith("*.") and alias.partition(".")[2] == name[2:])


def _firewall(place: Place, config: Thing, it: str) -> None:
    """Of the scope that is CloudFront's, which AWS keeps in one region; the rest is not accessible, as if not there."""
    arn = config.get("WebACLId")
    standing = place.elsewhere("wafv2", REGION).shelf("web ACL").values()
    if arn and all((kept["ARN"], kept["Scope"]) != (arn, "CLOUDFRONT") for kept in standing):
        raise Refusal("InvalidWebACLId", "Web ACL is not accessible by the requester.")


def _behaviors(place: Place, config: Thing, it: str) -> None:
    buckets = {origin["Id"] for origin in _origins(config) if "S3OriginConfig" in origin}
    for rule in BEHAVIOR_RULES:
        rule(config, buckets)


RULES: tuple[Rule, ...] = (
    *(_origin_names, _buckets, _servers, _headers, _behaviors),
    *(_errors, _aliases, _certificate, _firewall),
)
