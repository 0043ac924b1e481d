"""Topics and alarms that nobody's program made."""

import json
from functools import cached_property
from typing import Any


class AlarmWorld:
    """``client`` and ``account`` are the world's that this is a part of."""

    client: Any
    account: Any

    @cached_property
    def topic(self) -> str:
        return self._topic("one")

    @cached_property
    def other_topic(self) -> str:
        return self._topic("two")

    @cached_property
    def open_topic(self) -> str:
        """That RDS may publish to."""
        return self._opened(self._topic("three"))

    @cached_property
    def other_open_topic(self) -> str:
        return self._opened(self._topic("four"))

    @cached_property
    def alarm(self) -> str:
        return self._alarm("front-page")

    @cached_property
    def other_alarm(self) -> str:
        return self._alarm("api")

    def topic_arn(self, name: str) -> str:
        return f"arn:aws:sns:ap-south-1:{self.account}:{name}"

    def _topic(self, name: str) -> str:
        return self.client("sns").create_topic(Name=name)["TopicArn"]

    def _opened(self, arn: str) -> str:
        principal = {"Service": "events.rds.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        return arn

    def _alarm(self, name: str) -> str:
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/Route53",
            MetricName="HealthCheckStatus",
            Statistic="Minimum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
        )
        return name
