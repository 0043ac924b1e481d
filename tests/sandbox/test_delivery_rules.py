"""CloudWatch Logs of the sandbox: what a delivery of CloudFront's log must be, and what AWS does of its own for it."""

import json
from typing import Any

import pytest

from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.services import TYPES
from sandbox.providers.table import with_defaults
from tests.support.cloudfront_cases import distribution
from tests.support.delivery_cases import FIELDS, path
from tests.support.world import World

SOURCE = TYPES["aws:cloudwatch/logDeliverySource:LogDeliverySource"]
TARGET = TYPES["aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"]
DELIVERY = TYPES["aws:cloudwatch/logDelivery:LogDelivery"]
FRONT = TYPES["aws:cloudfront/distribution:Distribution"]
POLICY = TYPES["aws:s3/bucketPolicy:BucketPolicy"]
WRITER = "delivery.logs.amazonaws.com"


def source(world: World, **others: Any) -> dict[str, Any]:
    return {"name": "requests", "logType": "ACCESS_LOGS", "resourceArn": world.distribution, **others}


def target(world: World, arn: str = "", **others: Any) -> dict[str, Any]:
    to = {"destinationResourceArn": arn or f"arn:aws:s3:::{world.bucket}"}
    return {"name": "bucket", "outputFormat": "w3c", "deliveryDestinationConfiguration": to, **others}


def delivery(world: World, **others: Any) -> dict[str, Any]:
    ends = {"deliverySourceName": world.log_source, "deliveryDestinationArn": world.log_destination}
    return {**ends, "recordFields": FIELDS, **others}


def test_the_log_of_a_distribution_is_taken_from_one_region_once(world, home, edge):
    with pytest.raises(AwsError, match="us-east-1 only"):
        SOURCE.create(home, source(world))
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        SOURCE.create(edge, source(world, resourceArn=f"{world.distribution}0"))
    with pytest.raises(AwsError, match="log type APPLICATION_LOGS is not supported"):
        SOURCE.create(edge, source(world, logType="APPLICATION_LOGS"))
    SOURCE.create(edge, source(world))
    with pytest.raises(AwsError, match="This ResourceId has already been used in another Delivery Source"):
        SOURCE.create(edge, source(world, name="again"))


def test_a_source_is_of_one_distribution_for_good(world, edge):
    SOURCE.create(edge, source(world))
    front = FRONT.create(edge, with_defaults(FRONT.constraints, distribution()))
    other = f"arn:aws:cloudfront::{world.account}:distribution/{front}"
    with pytest.raises(AwsError, match="new ResourceId is not allowed"):
        SOURCE.create(edge, source(world, resourceArn=other))


@pytest.mark.parametrize(
    ("arn", "given", "told"),
    [
        ("arn:aws:s3:::no-such-bucket", {}, "ResourceNotFoundException"),
        ("arn:aws:sqs:us-east-1:123456789012:queue", {}, "neither a bucket"),
        ("arn:aws:logs:us-east-1:123456789012:log-group:a", {"outputFormat": "parquet"}, "not supported for a dest"),
    ],
)
def test_a_destination_is_refused(arn, given, told, world, edge):
    with pytest.raises(AwsError, match=told):
        TARGET.create(edge, target(world, arn, **given))


def test_a_destination_keeps_its_format(world, edge):
    TARGET.create(edge, target(world))
    with pytest.raises(AwsError, match="do not change"):
        TARGET.create(edge, target(world, outputFormat="json"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"deliverySourceName": "none"}, "ResourceNotFoundException"),
        ({"deliveryDestinationArn": "arn:aws:logs:us-east-1:1:delivery-destination:none"}, "ResourceNotFoundException"),
        ({"recordFields": [*FIELDS, "c-shoe-size"]}, "record fields c-shoe-size are not supported"),
        ({"s3DeliveryConfigurations": path("{distribution}/{yyyy}")}, "Provided suffixPath is invalid"),
        ({"s3DeliveryConfigurations": path("year={yyyy}", hive=True)}, "Provided suffixPath is invalid"),
    ],
)
def test_a_delivery_is_refused(given, told, world, edge):
    with pytest.raises(AwsError, match=told):
        DELIVERY.create(edge, delivery(world, **given))


def test_a_source_has_one_delivery_of_a_kind_and_its_ends_stand_as_long_as_it(world, edge):
    it = DELIVERY.create(edge, delivery(world))
    with pytest.raises(AwsError, match=r"ConflictException.*already"):
        DELIVERY.create(edge, delivery(world))
    for kind, name in ((SOURCE, "requests"), (TARGET, "bucket")):
        with pytest.raises(AwsError, match="ConflictException"):
            kind.delete(edge, name, {})
    DELIVERY.delete(edge, it, {})
    for kind, name in ((SOURCE, "requests"), (TARGET, "bucket")):
        kind.delete(edge, name, {})


def test_the_path_gets_a_prefix_as_a_delivery_is_made_and_none_as_it_changes(world, edge):
    it = DELIVERY.create(edge, delivery(world, s3DeliveryConfigurations=path("{DistributionId}")))

    def stands() -> str:
        found = world.client("logs", "us-east-1").get_delivery(id=it)["delivery"]
        return found["s3DeliveryConfiguration"]["suffixPath"]

    assert stands() == "AWSLogs/{account-id}/CloudFront/{DistributionId}"
    DELIVERY.settings[0].apply(edge, it, {"s3DeliveryConfigurations": path("{yyyy}")})
    assert stands() == "{yyyy}"


def statements(world: World) -> list[dict[str, Any]]:
    found = world.client("s3").get_bucket_policy(Bucket=world.bucket)["Policy"]
    return json.loads(found)["Statement"]


def keep(home: Region, world: World, *given: dict[str, Any]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(given)})
    POLICY.create(home, {"bucket": world.bucket, "policy": policy})


def writing(world: World, **others: Any) -> dict[str, Any]:
    there = f"arn:aws:s3:::{world.bucket}/AWSLogs/{world.account}/*"
    who = {"Effect": "Allow", "Principal": {"Service": WRITER}}
    return {**who, "Action": "s3:PutObject", "Resource": there, **others}


def test_aws_lets_its_writer_into_a_bucket_whose_policy_says_nothing_of_it(world, edge):
    DELIVERY.create(edge, delivery(world))
    (made,) = statements(world)
    assert made["Principal"] == {"Service": WRITER}
    assert made["Resource"] == writing(world)["Resource"]
    assert made["Condition"]["StringEquals"]["aws:SourceAccount"] == [world.account]


def test_a_policy_that_lets_the_writer_in_stays_as_it_is(world, home, edge):
    keep(home, world, writing(world))
    DELIVERY.create(edge, delivery(world))
    assert statements(world) == [writing(world)]


@pytest.mark.parametrize(
    "others",
    [
        {"Effect": "Deny"},
        {"Action": "s3:GetObject"},
        {"Principal": {"Service": "logs.amazonaws.com"}},
        {"Resource": "elsewhere"},
    ],
)
def test_a_policy_of_something_else_gets_the_statement_beside_its_own(others, world, home, edge):
    elsewhere = {"Resource": f"arn:aws:s3:::{world.bucket}/elsewhere/*"} if "Resource" in others else {}
    own = writing(world, **{**others, **elsewhere})
    keep(home, world, own)
    DELIVERY.create(edge, delivery(world))
    first, second = statements(world)
    assert first == own
    assert second["Sid"] == "AWSLogDeliveryWrite"


def test_below_a_prefix_the_writer_is_let_in_there(world, edge):
    world.client("logs", "us-east-1").put_delivery_destination(
        name="bucket",
        deliveryDestinationConfiguration={"destinationResourceArn": f"arn:aws:s3:::{world.bucket}/edge"},
    )
    arn = f"arn:aws:logs:us-east-1:{world.account}:delivery-destination:bucket"
    DELIVERY.create(edge, {"deliverySourceName": world.log_source, "deliveryDestinationArn": arn})
    (made,) = statements(world)
    assert made["Resource"] == f"arn:aws:s3:::{world.bucket}/edge/AWSLogs/{world.account}/*"
