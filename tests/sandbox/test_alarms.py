"""Staging's alarms, as simulated AWS has them: they watch what stands, tell an encrypted topic, and it may be told."""

import json
from collections.abc import Iterator

import pytest

from tests.support.aws import Aws
from tests.support.project import WHOLE
from tests.support.standing import standing

HOME, ABROAD = "ap-south-1", "us-east-1"
DIMENSIONS = {"CacheClusterId", "CertificateArn", "DBInstanceIdentifier", "HealthCheckId", "NatGatewayId", "RuleName"}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with standing(tmp_path_factory, WHOLE).project.sandbox() as sandbox:
        sandbox.gateway.wake()
        yield Aws(HOME)


def topic(region: str) -> str:
    """That people hear of; nobody reads the heartbeat's."""
    topics = [one["TopicArn"] for one in Aws(region).client("sns").list_topics()["Topics"]]
    (found,) = (arn for arn in topics if arn.endswith("-alarms"))
    return found


def things(aws: Aws) -> set[str]:
    """What stands, by the names that alarms have of it."""
    redis, rds = aws.client("elasticache"), aws.client("rds")
    (group,) = redis.describe_replication_groups()["ReplicationGroups"]
    names = {
        *(one["NatGatewayId"] for one in aws.ec2.describe_nat_gateways()["NatGateways"]),
        *(one["DBInstanceIdentifier"] for one in rds.describe_db_instances()["DBInstances"]),
        *(one["Id"] for one in aws.client("route53").list_health_checks()["HealthChecks"]),
        *(one["Name"] for one in aws.client("events").list_rules()["Rules"]),
        *group["MemberClusters"],
    }
    for region in (HOME, ABROAD):
        listed = Aws(region).client("acm").list_certificates()["CertificateSummaryList"]
        names |= {one["CertificateArn"] for one in listed}
    return names


def test_every_alarm_watches_something_that_stands(aws):
    watched: set[str] = set()
    for region in (HOME, ABROAD):
        for alarm in Aws(region).client("cloudwatch").describe_alarms()["MetricAlarms"]:
            metrics = [alarm, *(query.get("MetricStat", {}).get("Metric", {}) for query in alarm.get("Metrics", []))]
            watched |= {
                one["Value"] for metric in metrics for one in metric.get("Dimensions", []) if one["Name"] in DIMENSIONS
            }
    assert watched
    assert watched <= things(aws), watched - things(aws)


@pytest.mark.parametrize("region", [HOME, ABROAD])
def test_alarms_tell_the_topic_of_their_region_which_is_encrypted_with_a_key_of_ours(aws, region):
    kinds = ["MetricAlarm", "CompositeAlarm"]
    found = Aws(region).client("cloudwatch").describe_alarms(AlarmTypes=kinds)
    told = {target for kind in kinds for one in found[f"{kind}s"] for target in one["AlarmActions"]}
    assert told == {topic(region)}
    attributes = Aws(region).client("sns").get_topic_attributes(TopicArn=topic(region))["Attributes"]
    key = Aws(region).client("kms").describe_key(KeyId=attributes["KmsMasterKeyId"])["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER"
    policy = Aws(region).client("kms").get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    users = [one["Principal"].get("Service") for one in json.loads(policy)["Statement"]]
    senders = [one["Principal"] for one in json.loads(attributes["Policy"])["Statement"] if one["Effect"] == "Allow"]
    assert {one["Service"] for one in senders} == set(users) - {None}, "whoever may publish may encrypt"


def test_the_shop_is_down_when_a_service_is_and_its_alarm_cannot_be_taken_from_under_it(aws):
    cloudwatch = Aws(ABROAD).client("cloudwatch")
    (down,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    parts = [one["AlarmName"] for one in cloudwatch.describe_alarms()["MetricAlarms"] if not one["AlarmActions"]]
    assert len(parts) == 2
    assert all(f'ALARM("{name}")' in down["AlarmRule"] for name in parts)
    with pytest.raises(cloudwatch.exceptions.ClientError, match="composite alarm"):
        cloudwatch.delete_alarms(AlarmNames=parts[:1])


def test_rds_and_the_budget_tell_the_same_topic(aws):
    (events,) = aws.client("rds").describe_event_subscriptions()["EventSubscriptionsList"]
    assert (events["SnsTopicArn"], events["Enabled"]) == (topic(HOME), True)
    budgets, account = aws.client("budgets"), topic(HOME).split(":")[4]
    (month,) = budgets.describe_budgets(AccountId=account)["Budgets"]
    asked = {"AccountId": account, "BudgetName": month["BudgetName"]}
    for notice in budgets.describe_notifications_for_budget(**asked)["Notifications"]:
        (told,) = budgets.describe_subscribers_for_notification(**asked, Notification=notice)["Subscribers"]
        assert told == {"SubscriptionType": "SNS", "Address": topic(HOME)}


def test_an_address_is_asked_in_each_region(aws):
    for region in (HOME, ABROAD):
        (one,) = Aws(region).client("sns").list_subscriptions()["Subscriptions"]
        assert (one["Protocol"], one["TopicArn"]) == ("email", topic(region))
