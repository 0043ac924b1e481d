"""CloudWatch alarms, SNS, Budgets, RDS events and health checks of the sandbox: what they refuse."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.moto_calls import client
from sandbox.aws.services import TYPES, teach_moto
from sandbox.providers.table import difference, refusals, with_defaults
from tests.support.aws import ACCOUNT

BASE = {"AlarmName": "a", "EvaluationPeriods": 5, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1}
METRIC = {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60}
QUERY = 'SELECT SUM(HTTPCode_ELB_5XX_Count) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer)'


def query(expression: str, **more: Any) -> dict[str, Any]:
    return {"Id": "q1", "Expression": expression, "Period": 60, "ReturnData": True, **more}


@pytest.fixture
def aws(account: str) -> Any:
    teach_moto()
    return lambda service, region="ap-south-1": client(region, service)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"Metrics": [query("SEARCH('{AWS/RDS}', 'Sum', 60)")]}, "SEARCH is not supported"),
        ({"Metrics": [query(f"{QUERY} GROUP BY LoadBalancer")]}, "GROUP BY and ORDER BY"),
        ({"Metrics": [query(QUERY, ReturnData=False)]}, "Exactly one element"),
        ({"Metrics": [query(QUERY), query("q1 * 2", Id="q2")]}, "Exactly one element"),
        ({**METRIC, "Metrics": [query(QUERY)]}, "Exactly one of MetricName and Metrics"),
        ({}, "Exactly one of MetricName and Metrics"),
        ({"MetricName": "CPUUtilization", "Namespace": "AWS/RDS"}, "Period is required"),
        ({**METRIC, "Period": 300, "EvaluationPeriods": 289}, "checked across more than"),
        ({**METRIC, "Period": 86_400, "EvaluationPeriods": 8}, "checked across more than"),
        ({**METRIC, "DatapointsToAlarm": 6}, "DatapointsToAlarm must be less"),
        ({**METRIC, "OKActions": [f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"]}, "Invalid region us-east-1"),
    ],
)
def test_an_alarm_that_could_never_judge_or_never_tell_is_refused(aws, asked, reason):
    with pytest.raises(ClientError, match=reason):
        aws("cloudwatch").put_metric_alarm(**{**BASE, **asked})
    assert aws("cloudwatch").describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {**METRIC, "Period": 86_400, "EvaluationPeriods": 7},
        {"Metrics": [query(f"{QUERY} GROUP BY LoadBalancer ORDER BY SUM() DESC")]},
    ],
)
def test_an_alarm_of_a_week_and_one_on_several_series_are_taken(aws, asked):
    aws("cloudwatch").put_metric_alarm(**{**BASE, **asked})
    (alarm,) = aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


def test_a_composite_alarm_asks_only_alarms_that_are_there_and_keeps_them_there(aws):
    cloudwatch = aws("cloudwatch")
    for name in ("page", "api"):
        cloudwatch.put_metric_alarm(**{**BASE, **METRIC, "AlarmName": name})
    with pytest.raises(ClientError, match=r"alarms \[pages\] in the alarm rule do not exist"):
        cloudwatch.put_composite_alarm(AlarmName="down", AlarmRule='ALARM("page") OR ALARM(pages)')
    with pytest.raises(ClientError, match="syntax is not valid"):
        cloudwatch.put_composite_alarm(AlarmName="down", AlarmRule="ALARM(page) XOR ALARM(api)")
    arn = f"arn:aws:cloudwatch:ap-south-1:{ACCOUNT}:alarm:api"
    cloudwatch.put_composite_alarm(AlarmName="down", AlarmRule=f'ALARM("page") OR (NOT OK({arn}) AND TRUE)')
    with pytest.raises(ClientError, match="Cannot delete api as there are composite"):
        cloudwatch.delete_alarms(AlarmNames=["api"])
    assert [one["AlarmName"] for one in cloudwatch.describe_alarms()["MetricAlarms"]] == ["page", "api"]
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]["AlarmName"] == "down"
    cloudwatch.delete_alarms(AlarmNames=["down"])
    cloudwatch.delete_alarms(AlarmNames=["api", "page"])


def test_a_changed_alarm_stays_in_its_state(aws):
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(**{**BASE, **METRIC})
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="tried")
    cloudwatch.put_metric_alarm(**{**BASE, **METRIC, "Threshold": 2})
    (alarm,) = cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"]
    assert (alarm["Threshold"], alarm["StateReason"]) == (2, "tried")


def topic(aws: Any, service: str = "", name: str = "alarms") -> str:
    arn = aws("sns").create_topic(Name=name)["TopicArn"]
    if service:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        aws("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return arn


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"SnsTopicArn": f"arn:aws:sns:ap-south-1:{ACCOUNT}:none"}, "does not exist"),
        ({"SourceIds": ["none"], "SourceType": "db-instance"}, "Could not find source: none"),
        ({"SourceIds": ["none"]}, "SourceType must be specified"),
        ({"SourceType": "db-instance", "EventCategories": ["lowstorage"]}, "category does not exist: lowstorage"),
    ],
)
def test_a_subscription_to_what_is_not_there_is_refused(aws, asked, reason):
    given = {"SubscriptionName": "s", "SnsTopicArn": topic(aws, "events.rds.amazonaws.com"), **asked}
    with pytest.raises(ClientError, match=reason):
        aws("rds").create_event_subscription(**given)


def test_rds_is_subscribed_only_to_a_topic_that_lets_it_publish(aws):
    rds = aws("rds")
    with pytest.raises(ClientError, match="do not have permission to publish"):
        rds.create_event_subscription(SubscriptionName="s", SnsTopicArn=topic(aws, "cloudwatch.amazonaws.com"))
    allowed = topic(aws, "events.rds.amazonaws.com", "others")
    rds.create_event_subscription(SubscriptionName="s", SnsTopicArn=allowed)
    with pytest.raises(ClientError, match="do not have permission to publish"):
        rds.modify_event_subscription(SubscriptionName="s", SnsTopicArn=topic(aws))


def test_a_budget_has_an_amount_and_each_notice_once_to_one_topic(aws):
    budgets, month = aws("budgets"), {"BudgetName": "m", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    with pytest.raises(ClientError, match="Budget Limit"):
        budgets.create_budget(AccountId=ACCOUNT, Budget=month)
    whole = {**month, "BudgetLimit": {"Amount": "1", "Unit": "USD"}}
    budgets.create_budget(AccountId=ACCOUNT, Budget=whole)
    with pytest.raises(ClientError, match="already exists"):
        budgets.create_budget(AccountId=ACCOUNT, Budget=whole)
    notice = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
    told = [{"SubscriptionType": "SNS", "Address": f"arn:aws:sns:ap-south-1:{ACCOUNT}:{name}"} for name in "ab"]
    asked = {"AccountId": ACCOUNT, "BudgetName": "m", "Notification": notice}
    with pytest.raises(ClientError, match="one SNS topic"):
        budgets.create_notification(**asked, Subscribers=told)
    budgets.create_notification(**asked, Subscribers=told[:1])
    with pytest.raises(ClientError, match="already exists"):
        budgets.create_notification(**asked, Subscribers=told[1:])


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"Type": "HTTPS"}, "fully qualified domain name"),
        ({"Type": "HTTPS", "FullyQualifiedDomainName": "a.example", "SearchString": "cart"}, "SearchString"),
        ({"Type": "HTTPS_STR_MATCH", "FullyQualifiedDomainName": "a.example"}, "SearchString"),
        ({"Type": "TCP", "IPAddress": "192.0.2.1", "ResourcePath": "/"}, "ResourcePath"),
    ],
)
def test_a_health_check_that_does_not_say_what_it_asks_is_refused(aws, config, reason):
    with pytest.raises(ClientError, match=reason):
        aws("route53").create_health_check(CallerReference="c", HealthCheckConfig=config)


ALARM = {"comparisonOperator": "LessThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n"}
TOPIC = f"arn:aws:sns:ap-south-1:{ACCOUNT}:alarms"


@pytest.mark.parametrize(
    ("kind", "inputs", "reason"),
    [
        ("sns/topic:Topic", {"name": "alarms.fifo"}, "invalid topic name"),
        ("sns/topic:Topic", {"name": "a", "contentBasedDeduplication": True}, "only be set for FIFO"),
        ("sns/topicPolicy:TopicPolicy", {"arn": TOPIC, "policy": "[]"}, "not a JSON object"),
        ("sns/topicSubscription:TopicSubscription", {"topic": TOPIC, "protocol": "mail", "endpoint": "a"}, "one of"),
        ("cloudwatch/metricAlarm:MetricAlarm", {"evaluationPeriods": 1}, "`comparisonOperator` must be set"),
        ("cloudwatch/metricAlarm:MetricAlarm", ALARM, "One of `statistic` or `extended_statistic`"),
        ("cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "statistic": "Sum", "period": 90}, "divisible by 60"),
        ("cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "extendedStatistic": "p101"}, "invalid statistic"),
        ("cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "metricQueries": []}, "conflicts with metricQueries"),
        ("cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "alarmActions": ["alarms"]}, "invalid ARN"),
        ("cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "okActions": [TOPIC] * 6}, "5 item maximum"),
        ("rds/eventSubscription:EventSubscription", {"snsTopic": TOPIC, "name": "a b"}, "alphanumeric"),
        ("budgets/budget:Budget", {"budgetType": "COST", "timeUnit": "HOURLY"}, "to be one of"),
        ("route53/healthCheck:HealthCheck", {"type": "HTTPS", "requestInterval": 20}, "to be one of"),
        ("route53/healthCheck:HealthCheck", {"type": "HTTPS", "regions": ["us-east-1"]}, "3 item minimum"),
    ],
)
def test_the_provider_refuses_before_aws_is_asked(kind, inputs, reason):
    constraints = TYPES[f"aws:{kind}"].constraints
    assert any(reason in failure.reason for failure in refusals(constraints, with_defaults(constraints, inputs)))


def test_an_amount_written_otherwise_is_the_same_budget():
    constraints = TYPES["aws:budgets/budget:Budget"].constraints
    assert not difference(constraints, {"limitAmount": "100.0"}, {"limitAmount": "100"}).changed
    assert difference(constraints, {"limitAmount": "100"}, {"limitAmount": "101"}).changed
