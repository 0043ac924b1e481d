"""CloudFront: distributions. CloudFront is asked in the whole, and deletes only what was disabled before."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.cloudfront.distribution_inputs import DISTRIBUTION, HANDLED
from sandbox.aws.gateway import Region
from sandbox.aws.nested import as_asked, from_reply, to_call
from sandbox.aws.resource import AwsType, Census, Setting, Tagging, receive, tag_list, tag_map
from sandbox.aws.shapes import operation
from sandbox.providers.properties import Props
from sandbox.providers.table import with_defaults

GONE = ("NoSuchDistribution",)
ZONE = "Z2FDTNDATAQYW2"
"""Of every distribution's domain name (Route 53 API, "AliasTarget")."""
RENAMED = {
    "DistributionConfig.orderedCacheBehaviors": "CacheBehaviors",
    "Origin.originId": "Id",
    "OriginCustomHeader.name": "HeaderName",
    "OriginCustomHeader.value": "HeaderValue",
    "OriginGroup.originId": "Id",
    "ViewerCertificate.cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
}
METHODS, TTLS = ("allowedMethods", "cachedMethods"), ("defaultTtl", "maxTtl", "minTtl")
STEERING = names("retainOnDelete waitForDeployment")


def _shape() -> Any:
    return operation("cloudfront", "UpdateDistribution").input_shape.members["DistributionConfig"]


def _config(props: Props, caller: str) -> dict[str, Any]:
    given = {name: props[name] for name in HANDLED & props.keys() - STEERING}
    behaviors = [given["defaultCacheBehavior"], *given.get("orderedCacheBehaviors", [])]
    geo = given.pop("restrictions")["geoRestriction"]
    config = to_call(_shape(), given | {"defaultCacheBehavior": {}, "orderedCacheBehaviors": []}, RENAMED)
    config["Origins"]["Items"] = [_origin(one) for one in config["Origins"]["Items"]]
    shape = _shape().members["CacheBehaviors"].members["Items"].member
    config["DefaultCacheBehavior"], *others = [_behavior(shape, one) for one in behaviors]
    config["CacheBehaviors"] = {"Quantity": len(others), "Items": others}
    places: list[str] = geo.get("locations") or []
    restriction = {"RestrictionType": geo["restrictionType"], "Quantity": len(places), "Items": places}
    config["Restrictions"] = {"GeoRestriction": restriction}
    return {"Comment": "", "CallerReference": caller, **config}


def _origin(made: dict[str, Any]) -> dict[str, Any]:
    """What names no server is a bucket, with no identity of the old kind."""
    return made if "CustomOriginConfig" in made else {"S3OriginConfig": {"OriginAccessIdentity": ""}, **made}


def _behavior(shape: Any, props: Props) -> dict[str, Any]:
    """Times are a cache policy's to say where there is one: what stands beside it is not sent."""
    left = {*METHODS, *(TTLS if props.get("cachePolicyId") else ())}
    made = to_call(shape, {name: value for name, value in props.items() if name not in left}, RENAMED)
    allowed, cached = ({"Quantity": len(props[name]), "Items": props[name]} for name in METHODS)
    return made | {"AllowedMethods": {**allowed, "CachedMethods": cached}}


def _create(aws: Region, props: Props) -> str:
    asked = {"DistributionConfig": _config(props, str(uuid.uuid4())), "Tags": {"Items": tag_list(props.get("tagsAll"))}}
    return aws.call("cloudfront", "CreateDistributionWithTags", DistributionConfigWithTags=asked)["Distribution"]["Id"]


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("cloudfront", "GetDistribution", "@", GONE, Id=it)
    if found is None:
        return None
    distribution = found["Distribution"]
    props = _asked(distribution["DistributionConfig"])
    props |= receive(distribution, "DomainName", "Status", arn="ARN")
    tags = aws.find("cloudfront", "ListTagsForResource", "Tags.Items", Resource=distribution["ARN"])
    outputs: Props = {
        "callerReference": distribution["DistributionConfig"]["CallerReference"],
        "etag": found["ETag"],
        "hostedZoneId": ZONE,
        "inProgressValidationBatches": distribution["InProgressInvalidationBatches"],
        "lastModifiedTime": distribution["LastModifiedTime"].isoformat(),
        "loggingV1Enabled": False,
        "trustedKeyGroups": [{"enabled": False, "items": []}],
        "trustedSigners": [{"enabled": False, "items": []}],
        "tags": tag_map(tags),
    }
    return as_asked(props, {name: state[name] for name in HANDLED & state.keys() - STEERING}) | outputs


def _asked(config: Mapping[str, Any]) -> Props:
    """The inputs by which a program would ask for it."""
    shape = _shape()
    wanted = {name: part for name, part in config.items() if name not in ("CallerReference", "Restrictions")}
    props = from_reply(shape, wanted, RENAMED)
    behaviors = [props["defaultCacheBehavior"], *props.get("orderedCacheBehaviors", [])]
    for one in behaviors:
        methods = one.pop("allowedMethods")
        one |= {"allowedMethods": methods["items"], "cachedMethods": methods["cachedMethods"]}
    for origin in props["origins"]:
        if not origin.get("s3OriginConfig"):
            origin.pop("s3OriginConfig", None)
    for answer in props.get("customErrorResponses", []):
        if "responseCode" in answer:
            answer["responseCode"] = int(answer["responseCode"])
    geo = config["Restrictions"]["GeoRestriction"]
    places = {"locations": geo["Items"]} if geo.get("Items") else {}
    props["restrictions"] = {"geoRestriction": {"restrictionType": geo["RestrictionType"], **places}}
    return {name: value for name, value in with_defaults(DISTRIBUTION, props).items() if name not in STEERING}


def _change(aws: Region, it: str, props: Props) -> None:
    def wanted(standing: dict[str, Any]) -> dict[str, Any]:
        return _config(props, standing["CallerReference"])

    _put(aws, it, wanted)


def _disabled(standing: dict[str, Any]) -> dict[str, Any]:
    return standing | {"Enabled": False}


def _put(aws: Region, it: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Over what stands, whose version the call names."""
    found = aws.call("cloudfront", "GetDistributionConfig", Id=it)
    asked = {"Id": it, "IfMatch": found["ETag"], "DistributionConfig": change(found["DistributionConfig"])}
    aws.call("cloudfront", "UpdateDistribution", **asked)


def _delete(aws: Region, it: str, state: Props) -> None:
    _put(aws, it, _disabled)
    if state.get("retainOnDelete"):
        return
    found = aws.call("cloudfront", "GetDistributionConfig", Id=it)
    aws.call("cloudfront", "DeleteDistribution", Id=it, IfMatch=found["ETag"])


def _arn(aws: Region, it: str) -> str:
    return aws.find("cloudfront", "GetDistribution", "Distribution.ARN", Id=it)


TYPES = (
    AwsType(
        type="aws:cloudfront/distribution:Distribution",
        constraints=DISTRIBUTION,
        create=_create,
        sent=HANDLED - STEERING,
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=tuple(sorted(HANDLED - STEERING)), apply=_change),),
        unread=STEERING,
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call(
                "cloudfront", "TagResource", Resource=_arn(aws, it), Tags={"Items": tag_list(tags)}
            ),
            drop=lambda aws, it, gone: aws.call(
                "cloudfront", "UntagResource", Resource=_arn(aws, it), TagKeys={"Items": gone}
            ),
        ),
        census=Census(service="cloudfront", operation="ListDistributions", path="DistributionList.Items[].Id"),
    ),
)
