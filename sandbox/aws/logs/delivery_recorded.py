"""CloudWatch Logs: deliveries, from what writes a log (a distribution) to where it goes (a bucket).

moto keeps them, checks nothing, and has no prefix. What holds is of the CloudFront guide, "Configure standard logging
(v2)", and of the CloudWatch Logs guide, "Logging that requires additional permissions [V2]".
"""

import secrets
import string

from sandbox.aws.logs.delivery_policy_recorded import let_write
from sandbox.aws.record import Answers, Place, Refusal, Thing

SOURCES, DESTINATIONS, DELIVERIES = "delivery source", "delivery destination", "delivery"
EDGE_REGION = "us-east-1"
LOG_TYPES = {"cloudfront": ("ACCESS_LOGS", "CONNECTION_LOGS")}
PREFIX = "AWSLogs/{account-id}/CloudFront/"
"""What CloudFront's logs get before the path that a delivery is made with; an update takes the path as it is given."""
VARIABLES = ("{DistributionId}", "{distributionid}", "{yyyy}", "{MM}", "{dd}", "{HH}", "{accountid}", "{account-id}")
KINDS = {"s3": "S3", "logs": "CWL", "firehose": "FH"}
FORMATS = {"S3": ("json", "plain", "w3c", "raw", "parquet"), "CWL": ("json", "plain"), "FH": ("json", "plain", "raw")}
FIELDS = (
    *("timestamp", "timestamp(ms)", "DistributionId", "date", "time", "x-edge-location", "sc-bytes", "c-ip"),
    *("cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(Referer)", "cs(User-Agent)", "cs-uri-query"),
    *("cs(Cookie)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes"),
    *("time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type"),
    *("cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port", "time-to-first-byte"),
    *("x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end"),
    *("c-country", "origin-fbl", "origin-lbl", "asn", "cache-behavior-path-pattern"),
    *("viewer-request-log-data", "viewer-response-log-data"),
)
ADDED = {"timestamp", "timestamp(ms)", "DistributionId", *FIELDS[FIELDS.index("c-country") :]}
UNASKED = [field for field in FIELDS if field not in ADDED]
"""The fields of a log of the older kind, which a delivery has that names none."""
ID_LENGTH = 16


def _invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)


def _find(place: Place, kind: str, key: str) -> Thing:
    if (found := place.shelf(kind).get((key,))) is None:
        raise Refusal("ResourceNotFoundException", f"The {kind} {key} does not exist.")
    return found


def _put_source(place: Place, asked: Thing) -> Thing:
    name, arn, log = asked["name"], asked["resourceArn"], asked["logType"]
    service = arn.split(":")[2]
    if log not in LOG_TYPES.get(service, ()):
        raise _invalid(f"The log type {log} is not supported for {service}.")
    if service == "cloudfront" and place.region != EDGE_REGION:
        raise _invalid(f"Delivery sources for CloudFront are made in {EDGE_REGION} only.")
    standing = place.elsewhere("cloudfront").shelf("distribution").values()
    if all(kept["Distribution"]["ARN"] != arn for kept in standing):
        raise Refusal("ResourceNotFoundException", f"The resource {arn} does not exist.")
    kept = place.shelf(SOURCES).get((name,))
    if kept and kept["resourceArns"] != [arn]:
        message = "Update to existing Delivery Source with new ResourceId is not allowed. Please create a new Delivery"
        raise Refusal("ConflictException", f"{message} Source instead.")
    others = [one for (other,), one in place.shelf(SOURCES).items() if other != name]
    if any((one["resourceArns"], one["logType"]) == ([arn], log) for one in others):
        message = "This ResourceId has already been used in another Delivery Source in this account."
        raise Refusal("ConflictException", message)
    made = {"name": name, "arn": place.arn(f"delivery-source:{name}"), "resourceArns": [arn], "service": service}
    place.shelf(SOURCES)[name,] = made | {"logType": log, "status": "ACTIVE"}
    _tag(place, made, asked)
    return {"deliverySource": place.shelf(SOURCES)[name,]}


def _put_destination(place: Place, asked: Thing) -> Thing:
    name, arn = asked["name"], asked["deliveryDestinationConfiguration"]["destinationResourceArn"]
    kind = KINDS.get(arn.split(":")[2])
    if kind is None:
        raise _invalid(f"The destination {arn} is neither a bucket, nor a log group, nor a Firehose stream.")
    if asked.get("outputFormat", "json") not in FORMATS[kind]:
        raise _invalid(f"The output format {asked['outputFormat']} is not supported for a destination of type {kind}.")
    if kind == "S3" and bucket_of(arn) not in place.of("s3").buckets:
        raise Refusal("ResourceNotFoundException", f"The destination {arn} does not exist.")
    kept = place.shelf(DESTINATIONS).get((name,), {})
    format_kept = asked.get("outputFormat") in (None, kept.get("outputFormat"))
    if kept and not (kept["deliveryDestinationType"] == kind and format_kept):
        raise Refusal("ConflictException", "The type and the output format of a delivery destination do not change.")
    told = {member: asked[member] for member in ("deliveryDestinationConfiguration", "outputFormat") if member in asked}
    made = {"name": name, "arn": place.arn(f"delivery-destination:{name}"), "deliveryDestinationType": kind}
    place.shelf(DESTINATIONS)[name,] = kept | made | told
    _tag(place, made, asked)
    return {"deliveryDestination": place.shelf(DESTINATIONS)[name,]}


def _tag(place: Place, made: Thing, asked: Thing) -> None:
    """moto keeps them by ARN."""
    place.backend.tag_resource(made["arn"], asked.get("tags", {}))


def _forget_tags(place: Place, gone: Thing) -> None:
    place.backend.tagger.delete_all_tags_for_resource(gone["arn"])


def bucket_of(arn: str) -> str:
    return arn.rpartition(":")[2].partition("/")[0]


def _delivery(asked: Thing, kept: Thing) -> Thing:
    """The fields and the path that are asked for, of what there is."""
    fields = asked.get("recordFields") or kept.get("recordFields") or [*UNASKED]
    if unknown := [field for field in fields if field not in FIELDS]:
        raise _invalid(f"The record fields {', '.join(unknown)} are not supported by this delivery source.")
    path = asked.get("s3DeliveryConfiguration", {})
    suffix, rest = path.get("suffixPath", ""), path.get("suffixPath", "")
    for variable in VARIABLES:
        rest = rest.replace(variable, "")
    if {"{", "}"} & {*rest} or (path.get("enableHiveCompatiblePath") and "=" in suffix):
        raise _invalid("Provided suffixPath is invalid.")
    return {"recordFields": fields, "fieldDelimiter": asked.get("fieldDelimiter", kept.get("fieldDelimiter", ""))}


def _create(place: Place, asked: Thing) -> Thing:
    source = _find(place, SOURCES, asked["deliverySourceName"])
    destination = _find(place, DESTINATIONS, asked["deliveryDestinationArn"].rpartition(":")[2])
    kind = destination["deliveryDestinationType"]
    for one in place.shelf(DELIVERIES).values():
        if (one["deliverySourceName"], one["deliveryDestinationType"]) == (source["name"], kind):
            message = f"The delivery source {source['name']} has a delivery to a destination of type {kind} already."
            raise Refusal("ConflictException", message)
    made = _delivery(asked, {})
    path = asked.get("s3DeliveryConfiguration", {})
    if kind == "S3":
        let_write(place, destination["deliveryDestinationConfiguration"]["destinationResourceArn"])
        hive = path.get("enableHiveCompatiblePath", False)
        suffix = PREFIX + path.get("suffixPath", "")
        made["s3DeliveryConfiguration"] = {"suffixPath": suffix, "enableHiveCompatiblePath": hive}
    it = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(ID_LENGTH))
    place.shelf(DELIVERIES)[it,] = made | {
        "id": it,
        "arn": place.arn(f"delivery:{it}"),
        "deliverySourceName": source["name"],
        "deliveryDestinationArn": destination["arn"],
        "deliveryDestinationType": kind,
    }
    _tag(place, place.shelf(DELIVERIES)[it,], asked)
    return {"delivery": place.shelf(DELIVERIES)[it,]}


def _update(place: Place, asked: Thing) -> Thing:
    kept = _find(place, DELIVERIES, asked["id"])
    given = {"s3DeliveryConfiguration": asked["s3DeliveryConfiguration"]} if "s3DeliveryConfiguration" in asked else {}
    kept |= _delivery(asked, kept) | given
    return {}


def _delete_end(place: Place, kind: str, name: str) -> Thing:
    """A source or a destination, which no delivery may be left of."""
    found = _find(place, kind, name)
    ends = {SOURCES: ("deliverySourceName", "name"), DESTINATIONS: ("deliveryDestinationArn", "arn")}
    member, own = ends[kind]
    if any(one[member] == found[own] for one in place.shelf(DELIVERIES).values()):
        raise Refusal("ConflictException", f"The {kind} {name} is used by a delivery. Delete that first.")
    _forget_tags(place, place.shelf(kind).pop((name,)))
    return {}


def _delete(place: Place, asked: Thing) -> Thing:
    _find(place, DELIVERIES, asked["id"])
    _forget_tags(place, place.shelf(DELIVERIES).pop((asked["id"],)))
    return {}


ANSWERS: Answers = {
    "PutDeliverySource": _put_source,
    "GetDeliverySource": lambda place, asked: {"deliverySource": _find(place, SOURCES, asked["name"])},
    "DescribeDeliverySources": lambda place, asked: {"deliverySources": [*place.shelf(SOURCES).values()]},
    "DeleteDeliverySource": lambda place, asked: _delete_end(place, SOURCES, asked["name"]),
    "PutDeliveryDestination": _put_destination,
    "GetDeliveryDestination": lambda place, asked: {"deliveryDestination": _find(place, DESTINATIONS, asked["name"])},
    "DescribeDeliveryDestinations": lambda place, asked: {
        "deliveryDestinations": [*place.shelf(DESTINATIONS).values()]
    },
    "DeleteDeliveryDestination": lambda place, asked: _delete_end(place, DESTINATIONS, asked["name"]),
    "CreateDelivery": _create,
    "GetDelivery": lambda place, asked: {"delivery": _find(place, DELIVERIES, asked["id"])},
    "DescribeDeliveries": lambda place, asked: {"deliveries": [*place.shelf(DELIVERIES).values()]},
    "UpdateDeliveryConfiguration": _update,
    "DeleteDelivery": _delete,
}
