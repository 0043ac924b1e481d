"""CloudWatch Logs: deliveries of the logs that other services write, such as CloudFront's of requests."""

from dataclasses import replace

from sandbox.aws.checks import arn, names, nested
from sandbox.aws.gateway import Region
from sandbox.aws.plain import Plain
from sandbox.aws.resource import AutoName, AwsType, Census
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("ResourceNotFoundException",)
NAME_LENGTH = 60
PATHS = "s3DeliveryConfigurations"
PREFIX = "AWSLogs/{account-id}/CloudFront/"
"""What AWS puts before a path, and the provider takes away as it reads (terraform-provider-aws#46455)."""
DESTINATION = "deliveryDestinationConfiguration"


def _service(inputs: Inputs) -> str:
    """Of the destination: the third part of its ARN."""
    given = nested(inputs, DESTINATION).get("destinationResourceArn", "")
    return str(given).partition(":aws:")[2].partition(":")[0]


def _another_kind(old: Inputs, new: Inputs) -> frozenset[str]:
    return frozenset({DESTINATION}) if _service(old) != _service(new) else frozenset()


def _one_path(inputs: Inputs) -> str | None:
    given: list[Props] = inputs.get(PATHS) or []
    return f"Too many list items: {PATHS} allows 1 item maximum, got {len(given)}" if len(given) > 1 else None


SOURCE = Constraints(
    source="internal/service/logs/delivery_source.go",
    inputs=names("logType name region resourceArn tags"),
    required=("logType", "resourceArn"),
    replaces=names("logType name region resourceArn"),
    ranges={"logType": (1, 255), "name": (1, NAME_LENGTH)},
    computed=frozenset({"name"}),
    checks=(arn("resourceArn"),),
    delete_before_replace=True,
)
TARGET = Constraints(
    source="internal/service/logs/delivery_destination.go",
    inputs=names("deliveryDestinationType name outputFormat region tags") | {DESTINATION},
    replaces=names("deliveryDestinationType name outputFormat region"),
    values={
        "deliveryDestinationType": ("S3", "CWL", "FH", "XRAY"),
        "outputFormat": ("json", "plain", "w3c", "raw", "parquet"),
    },
    ranges={"name": (1, NAME_LENGTH)},
    computed=names("deliveryDestinationType name"),
    replaces_when=_another_kind,
    delete_before_replace=True,
)
DELIVERY = Constraints(
    source="internal/service/logs/delivery.go",
    inputs=names("deliveryDestinationArn deliverySourceName fieldDelimiter recordFields region tags") | {PATHS},
    required=("deliveryDestinationArn", "deliverySourceName"),
    replaces=names("deliveryDestinationArn deliverySourceName region"),
    ranges={"deliverySourceName": (1, NAME_LENGTH), "fieldDelimiter": (0, 5)},
    computed=names("fieldDelimiter recordFields") | {PATHS},
    checks=(arn("deliveryDestinationArn"), _one_path),
    delete_before_replace=True,
)


def _deliveries() -> AwsType:
    """The one path is an object to AWS and a list to the program."""
    plain = Plain(
        type="aws:cloudwatch/logDelivery:LogDelivery",
        constraints=DELIVERY,
        service="logs",
        key={"id": "id"},
        create="CreateDelivery",
        read="GetDelivery",
        at="delivery",
        update="UpdateDeliveryConfiguration",
        delete="DeleteDelivery",
        missing=GONE,
    ).aws_type()
    (setting,) = plain.settings

    def read(aws: Region, it: str, state: Props) -> Props | None:
        found = plain.read(aws, it, state)
        path = (found or {}).pop(PATHS, None)
        if found and path:
            found[PATHS] = [path | {"suffixPath": path.get("suffixPath", "").removeprefix(PREFIX)}]
        return found

    def create(aws: Region, props: Props) -> str:
        return plain.create(aws, _outward(props))

    def change(aws: Region, it: str, props: Props) -> None:
        setting.apply(aws, it, _outward(props))

    return replace(plain, create=create, read=read, settings=(replace(setting, apply=change),))


def _outward(props: Props) -> Props:
    given: list[Props] = props.get(PATHS) or []
    return {name: value for name, value in props.items() if name != PATHS} | ({PATHS: given[0]} if given else {})


def _counted(kind: AwsType, operation: str, path: str) -> AwsType:
    """``Describe…`` is another call than the one that reads."""
    return replace(kind, census=Census(service="logs", operation=operation, path=path))


SOURCES, TARGETS = (
    Plain(
        type="aws:cloudwatch/logDeliverySource:LogDeliverySource",
        constraints=SOURCE,
        service="logs",
        key={"name": "name"},
        create="PutDeliverySource",
        read="GetDeliverySource",
        at="deliverySource",
        delete="DeleteDeliverySource",
        missing=GONE,
        elsewhere={"resourceArn": "resourceArns[0]"},
        outputs=("service",),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ).aws_type(),
    Plain(
        type="aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        constraints=TARGET,
        service="logs",
        key={"name": "name"},
        create="PutDeliveryDestination",
        read="GetDeliveryDestination",
        at="deliveryDestination",
        update="PutDeliveryDestination",
        delete="DeleteDeliveryDestination",
        missing=GONE,
        auto_name=AutoName(max_length=NAME_LENGTH),
    ).aws_type(),
)
TYPES = (
    _counted(SOURCES, "DescribeDeliverySources", "deliverySources[].name"),
    _counted(TARGETS, "DescribeDeliveryDestinations", "deliveryDestinations[].name"),
    _counted(_deliveries(), "DescribeDeliveries", "deliveries[].id"),
)
