"""CloudFront: what the behaviors of a distribution must be."""

import re
from collections.abc import Callable, Collection
from typing import Any

from sandbox.aws.cloudfront.policies import CACHE, HOST_TO_BUCKET, ORIGIN_REQUEST, RESPONSE_HEADERS
from sandbox.aws.record import Refusal, Thing

READ, WITH_OPTIONS = frozenset({"GET", "HEAD"}), frozenset({"GET", "HEAD", "OPTIONS"})
ALL = WITH_OPTIONS | {"PUT", "PATCH", "POST", "DELETE"}
MAX_BEHAVIORS = 75  # the default one aside
MAX_PATTERN = 255
PATTERN = re.compile(r"[A-Za-z0-9_\-.*$/~\"'@:+&?]+")
"""The characters of a path (the CloudFront guide, "Path pattern")."""
POLICIES = {
    "CachePolicyId": (CACHE, "NoSuchCachePolicy", "The specified cache policy does not exist."),
    "OriginRequestPolicyId": (
        ORIGIN_REQUEST,
        "NoSuchOriginRequestPolicy",
        "The specified origin request policy does not exist.",
    ),
    "ResponseHeadersPolicyId": (
        RESPONSE_HEADERS,
        "NoSuchResponseHeadersPolicy",
        "The specified response headers policy does not exist.",
    ),
}
"""By member: the policies that there are. Nobody makes others in the sandbox."""


def items(thing: Thing, member: str) -> list[Any]:
    """A list that CloudFront counts; nothing where it is not given."""
    return thing.get(member, {}).get("Items", [])


def behaviors(config: Thing) -> list[Thing]:
    return [config["DefaultCacheBehavior"], *items(config, "CacheBehaviors")]


def _methods(config: Thing, buckets: Collection[str]) -> None:
    for one in behaviors(config):
        methods = one.get("AllowedMethods", {"Items": READ})
        allowed: frozenset[str] = frozenset(methods["Items"])
        cached: frozenset[str] = frozenset(methods.get("CachedMethods", {}).get("Items", READ))
        if allowed not in (READ, WITH_OPTIONS, ALL):
            raise Refusal("InvalidArgument", "The parameter AllowedMethods contains methods that do not go together.")
        if cached not in (READ, WITH_OPTIONS) or not cached <= allowed:
            raise Refusal("InvalidArgument", "The parameter CachedMethods contains methods that are not cached.")


def _policies(config: Thing, buckets: Collection[str]) -> None:
    for one in behaviors(config):
        for member, (known, code, message) in POLICIES.items():
            if one.get(member) and one[member] not in known:
                raise Refusal(code, message)
        if one.get("OriginRequestPolicyId") in HOST_TO_BUCKET and one["TargetOriginId"] in buckets:
            message = "The headers specified are not valid for an Amazon S3 origin."
            raise Refusal("InvalidHeadersForS3Origin", message)


def _times(config: Thing, buckets: Collection[str]) -> None:
    """A cache policy says how long, and what the request is told apart by; without one the behavior does."""
    for one in behaviors(config):
        old = [name for name in ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL") if name in one]
        if "CachePolicyId" in one and old:
            message = f"The parameter {old[0]} cannot be used when a cache policy is associated to the cache behavior."
            raise Refusal("InvalidArgument", message)
        if "CachePolicyId" in one:
            continue
        if "ForwardedValues" not in one:
            raise Refusal("InvalidArgument", "The parameter ForwardedValues is required.")
        least = one.get("MinTTL", 0)
        usual, most = one.get("DefaultTTL", max(least, 86_400)), one.get("MaxTTL", 31_536_000)
        if not 0 <= least <= usual <= most:
            raise Refusal("InvalidTTLOrder", "The TTL order specified is not valid.")


def _patterns(config: Thing, buckets: Collection[str]) -> None:
    given = [one["PathPattern"] for one in items(config, "CacheBehaviors")]
    if len(given) > MAX_BEHAVIORS:
        raise Refusal("TooManyCacheBehaviors", "You cannot create more cache behaviors for the distribution.")
    bare = [pattern.removeprefix("/") for pattern in given]
    for pattern in given:
        if len(pattern) > MAX_PATTERN or not PATTERN.fullmatch(pattern) or bare.count(pattern.removeprefix("/")) > 1:
            raise Refusal("InvalidArgument", f"The parameter PathPattern is not valid: {pattern[:MAX_PATTERN]}.")


BEHAVIOR_RULES: tuple[Callable[[Thing, Collection[str]], None], ...] = (_methods, _policies, _times, _patterns)
