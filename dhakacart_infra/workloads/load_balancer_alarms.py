"""What is watched of the load balancer, which a controller makes: its ARN, by which CloudWatch knows it, is not ours.

So alarms query for whatever load balancers there are in the account and region, each by itself, and say which of them
it is. In an account that two environments share, both hear of both (docs/adr/0027).
"""

from collections.abc import Iterator

from dhakacart_infra.foundation.alarms import Alarm, Formula

ERRORS_A_MINUTE = 10
"""Of its own: a target that died makes some, one that is gone all the time."""


def alarms() -> Iterator[Alarm]:
    yield Alarm(
        kind="LoadBalancerErrors",
        severity="critical",
        means="The load balancer itself answers with errors: pods do not, or too late.",
        watches=_each("SUM(HTTPCode_ELB_5XX_Count)", "LoadBalancer"),
        is_="GreaterThanThreshold",
        threshold=ERRORS_A_MINUTE,
        periods=5,
        of_them=3,
        missing="notBreaching",
    )
    yield Alarm(
        kind="LoadBalancerTargetsUnhealthy",
        severity="warning",
        means="Pods of a service have not answered the load balancer for a quarter of an hour.",
        watches=_each("MAX(UnHealthyHostCount)", "LoadBalancer", "TargetGroup"),
        is_="GreaterThanThreshold",
        threshold=0,
        periods=15,
        missing="notBreaching",
    )
    yield Alarm(
        kind="LoadBalancerWithoutTargets",
        severity="critical",
        means="The load balancer has no pod of a service that it could ask.",
        watches=_each("MAX(HealthyHostCount)", "LoadBalancer", "TargetGroup", worst="ASC"),
        is_="LessThanThreshold",
        threshold=1,
        periods=3,
        missing="notBreaching",
    )


def _each(what: str, *by: str, worst: str = "DESC") -> Formula:
    """One series for each (CloudWatch guide, "Create an alarm based on a Multi Time Series Metrics Insights query"):
    the order says which are judged if there are more than five hundred."""
    listed, function = ", ".join(by), what.partition("(")[0]
    schema = f'SCHEMA("AWS/ApplicationELB", {listed})'
    return Formula(text=f"SELECT {what} FROM {schema} GROUP BY {listed} ORDER BY {function}() {worst}")  # noqa: S608 - CloudWatch's, of fixed text
