"""One case or more for each resource type by which CloudWatch Logs delivers."""

from typing import Any

from tests.support.domain_world import EDGE
from tests.support.resource_case import TAGS, Case
from tests.support.world import World

FIELDS = ["date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status"]


def path(suffix: str, *, hive: bool = False) -> list[dict[str, Any]]:
    return [{"suffixPath": suffix, "enableHiveCompatiblePath": hive}]


def separate(w: World, it: str) -> None:
    w.client("logs", EDGE).update_delivery_configuration(id=it, fieldDelimiter=";")


def move(w: World, it: str) -> None:
    elsewhere = {"destinationResourceArn": f"arn:aws:s3:::{w.other_bucket}"}
    w.client("logs", EDGE).put_delivery_destination(name=it, deliveryDestinationConfiguration=elsewhere)


DELIVERIES = [
    Case(
        type="aws:cloudwatch/logDeliverySource:LogDeliverySource",
        region=EDGE,
        inputs=lambda w: {
            "name": "requests",
            "logType": "ACCESS_LOGS",
            "resourceArn": w.distribution,
            "tags": TAGS,
        },
        outside=lambda w, it: w.client("logs", EDGE).delete_delivery_source(name=it),
    ),
    Case(
        type="aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        region=EDGE,
        inputs=lambda w: {
            "name": "bucket",
            "outputFormat": "w3c",
            "deliveryDestinationType": "S3",
            "deliveryDestinationConfiguration": {"destinationResourceArn": f"arn:aws:s3:::{w.bucket}"},
            "tags": TAGS,
        },
        changes={
            "deliveryDestinationConfiguration": lambda w: {
                "destinationResourceArn": f"arn:aws:s3:::{w.other_bucket}/requests"
            }
        },
        outside=move,
        shows="deliveryDestinationConfiguration",
    ),
    Case(
        type="aws:cloudwatch/logDelivery:LogDelivery",
        region=EDGE,
        inputs=lambda w: {
            "deliverySourceName": w.log_source,
            "deliveryDestinationArn": w.log_destination,
            "recordFields": FIELDS,
            "fieldDelimiter": ",",
            "s3DeliveryConfigurations": path("{DistributionId}/{yyyy}/{MM}/{dd}"),
            "tags": TAGS,
        },
        changes={
            "recordFields": lambda _: [*FIELDS, "asn"],
            "fieldDelimiter": lambda _: ";",
            "s3DeliveryConfigurations": lambda _: path("{yyyy}", hive=True),
        },
        outside=separate,
        shows="fieldDelimiter",
    ),
]
