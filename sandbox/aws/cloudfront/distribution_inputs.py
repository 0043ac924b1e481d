"""CloudFront: what a distribution may be given, and what the provider itself refuses of it."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.aws.checks import names, nested
from sandbox.providers.constraints import Constraints, Inputs

HANDLED = names(
    "aliases comment customErrorResponses defaultCacheBehavior defaultRootObject enabled httpVersion isIpv6Enabled",
    "orderedCacheBehaviors originGroups origins priceClass restrictions retainOnDelete viewerCertificate",
    "waitForDeployment webAclId",
)
NOT_HANDLED = names(
    "fieldLevelEncryptionId functionAssociations lambdaFunctionAssociations originMtlsConfig realtimeLogConfigArn",
    "trustedKeyGroups trustedSigners vpcOriginConfig",
)
"""What the sandbox brings about in no origin and no behavior."""
BEHAVIORS = ("defaultCacheBehavior", "orderedCacheBehaviors")
REGION_CODE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2")
MINIMUM = (
    *("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021"),
    *("TLSv1.3_2025", "TLSv1.2_2025"),
)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []  # pyright: ignore[reportUnknownVariableType]


def _objects(inputs: Inputs) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every origin, the server that it is, and every behavior."""
    for name in ("origins", *BEHAVIORS):
        for one in _each(inputs.get(name)):
            yield name, one
            if isinstance(server := one.get("customOriginConfig"), dict):
                yield "origins.customOriginConfig", server


def _not_handled(inputs: Inputs) -> str | None:
    for path, one in _objects(inputs):
        for name in sorted(NOT_HANDLED & one.keys()):
            if one[name]:
                return f"the sandbox does not handle {path}.{name} of a distribution yet: leave it out"
    return None


def _required(inputs: Inputs) -> str | None:
    needed = {
        "origins": ("domainName", "originId"),
        "origins.customOriginConfig": ("httpPort", "httpsPort", "originProtocolPolicy", "originSslProtocols"),
        **dict.fromkeys(BEHAVIORS, ("allowedMethods", "cachedMethods", "targetOriginId", "viewerProtocolPolicy")),
    }
    for path, one in _objects(inputs):
        pattern = ("pathPattern",) if path == "orderedCacheBehaviors" else ()
        for name in (*needed[path], *pattern):
            if one.get(name) in (None, ""):
                return f'Missing required argument. The argument "{path}.{name}" is required.'
    return None


def _shield(inputs: Inputs) -> str | None:
    for origin in _each(inputs.get("origins")):
        region = nested(origin, "originShield").get("originShieldRegion")
        if isinstance(region, str) and not REGION_CODE.fullmatch(region):
            path = "origins.originShield.originShieldRegion"
            return f'invalid value for {path} (must be a valid AWS Region Code): "{region}"'
    return None


DISTRIBUTION = Constraints(
    source="internal/service/cloudfront/distribution.go",
    inputs=HANDLED
    | names(
        "anycastIpListId cacheTagConfig connectionFunctionAssociation continuousDeploymentPolicyId loggingConfig",
        "staging tags viewerMtlsConfig",
    ),
    required=("defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"),
    replaces=frozenset({"staging"}),
    values={
        **{f"{name}.viewerProtocolPolicy": ("allow-all", "https-only", "redirect-to-https") for name in BEHAVIORS},
        "httpVersion": ("http1.1", "http2", "http3", "http2and3"),
        "origins.customOriginConfig.originProtocolPolicy": ("http-only", "match-viewer", "https-only"),
        "priceClass": ("PriceClass_100", "PriceClass_200", "PriceClass_All", "None"),
        "restrictions.geoRestriction.restrictionType": ("blacklist", "whitelist", "none"),
        "viewerCertificate.minimumProtocolVersion": MINIMUM,
        "viewerCertificate.sslSupportMethod": ("sni-only", "vip", "static-ip"),
    },
    ranges={
        "comment": (0, 128),
        "origins.connectionAttempts": (1, 3),
        "origins.connectionTimeout": (1, 10),
        "origins.customOriginConfig.originReadTimeout": (1, 180),
    },
    defaults={
        **{f"{name}.{member}": value for name in BEHAVIORS for member, value in (("compress", False), ("minTtl", 0))},
        "httpVersion": "http2",
        "isIpv6Enabled": False,
        "origins.connectionAttempts": 3,
        "origins.connectionTimeout": 10,
        "origins.customOriginConfig.originKeepaliveTimeout": 5,
        "origins.customOriginConfig.originReadTimeout": 30,
        "priceClass": "PriceClass_All",
        "retainOnDelete": False,
        "staging": False,
        "viewerCertificate.minimumProtocolVersion": "TLSv1",
        "waitForDeployment": True,
    },
    computed=frozenset({"continuousDeploymentPolicyId"}),
    sets=names(
        "aliases customErrorResponses originGroups originGroups.failoverCriteria.statusCodes origins",
        "origins.customHeaders origins.customOriginConfig.originSslProtocols restrictions.geoRestriction.locations",
        *(f"{name}.{methods}" for name in BEHAVIORS for methods in ("allowedMethods", "cachedMethods")),
    ),
    checks=(_not_handled, _required, _shield),
)
