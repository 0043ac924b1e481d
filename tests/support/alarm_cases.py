"""One case or more for each resource type of CloudWatch's alarms, SNS, Budgets, and what tells of RDS."""

import json

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

METRIC = {"namespace": "AWS/Events", "metricName": "Invocations", "period": 60, "stat": "Sum"}
NOTICE = {"comparisonOperator": "GREATER_THAN", "threshold": 80, "thresholdType": "PERCENTAGE"}


def topic_policy(arn: str, action: str = "sns:Publish") -> str:
    principal = {"Service": ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def rename(w: World, arn: str) -> None:
    w.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="mine")


def repolicy(w: World, arn: str) -> None:
    text = topic_policy(arn, "sns:Subscribe")
    w.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)


def rewatch(w: World, name: str) -> None:
    w.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule=f"OK({w.alarm})")


def drop_budget(w: World, it: str) -> None:
    account, _, name = it.partition(":")
    w.client("budgets").delete_budget(AccountId=account, BudgetName=name)


def queries(threshold: str) -> list[dict[str, object]]:
    return [
        {"id": "share", "expression": f"100 * failed / {threshold}", "label": "share", "returnData": True},
        {"id": "failed", "metric": {**METRIC, "dimensions": {"RuleName": "nightly"}, "unit": "Count"}},
    ]


ALARMS = [
    Case(
        type="aws:sns/topic:Topic",
        inputs=lambda w: {"name": "alarms", "displayName": "Alarms", "kmsMasterKeyId": w.key_arn, "tags": TAGS},
        changes={
            "deliveryPolicy": lambda _: '{"http": {}}',
            "displayName": lambda _: "Others",
            "kmsMasterKeyId": lambda w: w.other_key,
            "policy": lambda w: topic_policy(w.topic_arn("alarms")),
        },
        outside=rename,
        shows="displayName",
    ),
    Case(type="aws:sns/topic:Topic", also="prefix", inputs=lambda _: {"namePrefix": "alarms-"}),
    Case(
        type="aws:sns/topicPolicy:TopicPolicy",
        inputs=lambda w: {"arn": w.topic, "policy": topic_policy(w.topic)},
        changes={"policy": lambda w: topic_policy(w.topic, "sns:Subscribe")},
        outside=repolicy,
        shows="policy",
    ),
    Case(
        type="aws:sns/topicSubscription:TopicSubscription",
        inputs=lambda w: {"topic": w.topic, "protocol": "email", "endpoint": "on-call@dhakacart.example"},
        changes={
            "confirmationTimeoutInMinutes": lambda _: 2,
            "endpointAutoConfirms": lambda _: True,
            "filterPolicy": lambda _: '{"severity": ["critical"]}',
            "rawMessageDelivery": lambda _: True,
        },
        outside=lambda w, it: w.client("sns").unsubscribe(SubscriptionArn=it),
    ),
    Case(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        inputs=lambda w: {
            "name": "cpu",
            "namespace": "AWS/RDS",
            "metricName": "CPUUtilization",
            "dimensions": {"DBInstanceIdentifier": "shop"},
            "statistic": "Average",
            "period": 60,
            "evaluationPeriods": 15,
            "datapointsToAlarm": 10,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 80,
            "treatMissingData": "notBreaching",
            "alarmActions": [w.topic],
            "okActions": [w.topic],
            "tags": TAGS,
        },
        changes={
            "actionsEnabled": lambda _: False,
            "alarmActions": lambda w: [w.other_topic],
            "alarmDescription": lambda _: "Too much to do",
            "comparisonOperator": lambda _: "LessThanThreshold",
            "datapointsToAlarm": lambda _: None,
            "dimensions": lambda _: {"DBInstanceIdentifier": "other"},
            "evaluationPeriods": lambda _: 5,
            "insufficientDataActions": lambda w: [w.topic],
            "metricName": lambda _: "FreeableMemory",
            "namespace": lambda _: "AWS/DocDB",
            "okActions": lambda _: None,
            "period": lambda _: 300,
            "statistic": lambda _: "Minimum",
            "threshold": lambda _: 1.5,
            "treatMissingData": lambda _: "breaching",
            "unit": lambda _: "Bytes",
        },
        outside=lambda w, name: w.client("cloudwatch").delete_alarms(AlarmNames=[name]),
    ),
    Case(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        also="percentile",
        inputs=lambda _: {
            "namespace": "AWS/ApplicationELB",
            "metricName": "TargetResponseTime",
            "extendedStatistic": "p99",
            "evaluateLowSampleCountPercentiles": "ignore",
            "period": 60,
            "evaluationPeriods": 5,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 2,
        },
        changes={"extendedStatistic": lambda _: "p95", "evaluateLowSampleCountPercentiles": lambda _: "evaluate"},
    ),
    Case(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        also="expression",
        inputs=lambda _: {
            "metricQueries": queries("2"),
            "evaluationPeriods": 5,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 2,
        },
        changes={
            "metricQueries": lambda _: queries("4"),
            "threshold": lambda _: None,
            "thresholdMetricId": lambda _: "share",
        },
    ),
    Case(
        type="aws:cloudwatch/compositeAlarm:CompositeAlarm",
        inputs=lambda w: {
            "alarmName": "down",
            "alarmRule": f'ALARM("{w.alarm}") AND NOT OK({w.other_alarm})',
            "alarmActions": [w.topic],
            "tags": TAGS,
        },
        changes={
            "alarmActions": lambda _: None,
            "alarmDescription": lambda _: "The shop is down",
            "alarmRule": lambda w: f"ALARM({w.alarm}) OR ALARM({w.other_alarm})",
            "insufficientDataActions": lambda w: [w.topic],
            "okActions": lambda w: [w.topic],
        },
        outside=rewatch,
        shows="alarmRule",
    ),
    Case(
        type="aws:rds/eventSubscription:EventSubscription",
        inputs=lambda w: {
            "name": "database",
            "snsTopic": w.open_topic,
            "sourceType": "db-instance",
            "sourceIds": [w.database],
            "eventCategories": ["failover", "failure"],
            "tags": TAGS,
        },
        changes={
            "enabled": lambda _: False,
            "eventCategories": lambda _: ["low storage"],
            "snsTopic": lambda w: w.other_open_topic,
            "sourceIds": lambda _: None,
            "sourceType": lambda _: "db-snapshot",
        },
        outside=lambda w, name: w.client("rds").delete_event_subscription(SubscriptionName=name),
    ),
    Case(
        type="aws:rds/eventSubscription:EventSubscription",
        also="prefix",
        inputs=lambda w: {"namePrefix": "of-", "snsTopic": w.open_topic},
    ),
    Case(
        type="aws:budgets/budget:Budget",
        inputs=lambda w: {
            "name": "month",
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "4000",
            "limitUnit": "USD",
            "notifications": [{**NOTICE, "notificationType": "ACTUAL", "subscriberSnsTopicArns": [w.topic]}],
            "tags": TAGS,
        },
        changes={
            "budgetType": lambda _: "USAGE",
            "limitAmount": lambda _: "5000.0",
            "limitUnit": lambda _: "GB",
            "notifications": lambda _: [
                {**NOTICE, "notificationType": "FORECASTED", "subscriberEmailAddresses": ["pay@dhakacart.example"]}
            ],
            "timePeriodEnd": lambda _: "2030-01-01_00:00",
            "timePeriodStart": lambda _: "2026-01-01_00:00",
            "timeUnit": lambda _: "ANNUALLY",
        },
        outside=drop_budget,
    ),
    Case(
        type="aws:budgets/budget:Budget",
        also="account",
        inputs=lambda _: {
            "accountId": "210987654321",
            "namePrefix": "month-",
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "1",
            "limitUnit": "USD",
        },
    ),
    Case(
        type="aws:route53/healthCheck:HealthCheck",
        inputs=lambda _: {
            "type": "HTTPS",
            "fqdn": "shop.example",
            "port": 443,
            "resourcePath": "/",
            "enableSni": True,
            "requestInterval": 30,
            "failureThreshold": 3,
            "tags": TAGS,
        },
        changes={
            "disabled": lambda _: True,
            "enableSni": lambda _: False,
            "failureThreshold": lambda _: 2,
            "fqdn": lambda _: "other.example",
            "invertHealthcheck": lambda _: True,
            "ipAddress": lambda _: "192.0.2.1",
            "port": lambda _: 8443,
            "regions": lambda _: ["ap-southeast-1", "eu-west-1", "us-east-1"],
            "resourcePath": lambda _: "/health",
        },
        outside=lambda w, it: w.client("route53").delete_health_check(HealthCheckId=it),
    ),
    Case(
        type="aws:route53/healthCheck:HealthCheck",
        also="text",
        inputs=lambda _: {
            "type": "HTTP_STR_MATCH",
            "fqdn": "shop.example",
            "port": 80,
            "searchString": "cart",
            "measureLatency": True,
            "referenceName": "shop",
        },
        changes={"searchString": lambda _: "carts"},
    ),
]
