"""What CloudFront does with a path: who answers, what is kept for how long, what the origin gets to see.

By AWS's managed policies (CloudFront guide, "Use managed cache policies", "… origin request policies", "… response
headers policies"): each says what it does in AWS's own console, and none counts against the account's quota.
"""

from collections.abc import Iterable, Sequence

import pulumi_aws as aws

from dhakacart_infra.config.cdn import ERRORS, PICTURES

KEPT = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # CachingOptimized: a day, or as long as the origin says; compressed
AS_THE_ORIGIN_SAYS = (
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe"  # UseOriginCacheControlHeaders-QueryStrings: else not at all
)
NEVER_KEPT = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
EVERYTHING = "216adef6-5c7f-47e4-b989-5492eafa07d3"  # AllViewer
HOST_ALONE = "bf0718e1-ba1e-49d1-88b1-f726733018ae"  # HostHeaderOnly: by it the load balancer knows the certificate
SECURITY_HEADERS = (
    "67f7725c-6f97-4210-82d7-5512b31e9d03"  # SecurityHeadersPolicy: HSTS of a year, no framing, no sniffing
)

READING = ("GET", "HEAD")
ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
SHOP, BUCKET, COPY = "shop", "assets", "assets-copy"
"""The origins: the load balancers, the bucket, and the peer's copy of it."""
EITHER_BUCKET = "assets-or-copy"
"""The copy answers while the bucket does not."""


def default_behaviour() -> "aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict":
    """Pages: asked for anew each time, unless the service says how long they hold."""
    return _behaviour(SHOP, ALL_METHODS, AS_THE_ORIGIN_SAYS, EVERYTHING)


def ordered_behaviours(
    static_paths: Sequence[str], routes: Iterable[str], pictures: str
) -> "list[aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict]":
    """Of the others, the longest path first: the first that fits is taken. ``pictures`` names who has them."""
    found = {
        **{f"{path}/*": _behaviour(pictures, READING, KEPT) for path in (PICTURES, ERRORS)},
        **{f"{path}/*": _behaviour(SHOP, READING, KEPT, HOST_ALONE) for path in static_paths},
        **{f"{route}*": _behaviour(SHOP, ALL_METHODS, NEVER_KEPT, EVERYTHING) for route in routes if route != "/"},
    }
    return [
        {**found[pattern], "path_pattern": pattern}
        for pattern in sorted(found, key=lambda pattern: (-len(pattern), pattern))
    ]


def _behaviour(
    origin: str, methods: Sequence[str], cache_policy: str, shown: str | None = None
) -> "aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict":
    return {
        "target_origin_id": origin,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(methods),
        "cached_methods": list(READING),
        "cache_policy_id": cache_policy,
        "origin_request_policy_id": shown,
        "response_headers_policy_id": SECURITY_HEADERS,
        "compress": cache_policy != NEVER_KEPT,  # CloudFront compresses what it keeps alone
    }
