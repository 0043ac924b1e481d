"""CloudWatch: alarms on a metric, on an expression over several, or on a query."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import arn, names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, tag_list, tag_map
from sandbox.aws.shapes import answered, members, parameters, properties
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

NAME_LENGTH = 255
METRIC = "MetricAlarm"
PLAIN = names(
    "actionsEnabled alarmActions alarmDescription comparisonOperator datapointsToAlarm dimensions",
    "evaluateLowSampleCountPercentiles evaluationPeriods extendedStatistic insufficientDataActions metricName",
    "namespace okActions period statistic threshold thresholdMetricId treatMissingData unit",
)
HANDLED = PLAIN | {"metricQueries"}
RENAMED = {"name": "AlarmName"}
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
PERCENTILE = re.compile(
    r"(p|tm|wm|tc|ts)((\d{1,2}(\.\d{1,2})?)|100)|IQM|(TM|WM|PR|TC|TS)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\)"
)
PERIODS, MINUTE = (1, 5, 10, 20, 30), 60
MOST_ACTIONS = 5
ACTIONS = ("alarmActions", "insufficientDataActions", "okActions")


def _judged(inputs: Inputs) -> str | None:
    """By a threshold, but for a query in PromQL, which says itself when it is too much."""
    missing = [name for name in ("comparisonOperator", "evaluationPeriods") if name not in inputs]
    return f"`{missing[0]}` must be set" if missing and "evaluationCriteria" not in inputs else None


def _statistic(inputs: Inputs) -> str | None:
    given = [name for name in ("statistic", "extendedStatistic") if inputs.get(name)]
    if inputs.get("metricName") and len(given) != 1:
        return "One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm"
    extended = inputs.get("extendedStatistic")
    return (
        f"invalid statistic: {extended}" if isinstance(extended, str) and not PERCENTILE.fullmatch(extended) else None
    )


def _queries(inputs: Inputs) -> str | None:
    queries: list[Props] = inputs.get("metricQueries") or []
    for query in queries:
        if query.get("expression") and query.get("metric"):
            return "No metric_query may have both `expression` and a `metric` specified"
        metric: Props = query.get("metric") or {}
        statistic = metric.get("stat")
        if isinstance(statistic, str) and statistic not in STATISTICS and not PERCENTILE.fullmatch(statistic):
            return f"invalid statistic: {statistic}"
    return None


def _periods(inputs: Inputs) -> str | None:
    queries: list[Props] = inputs.get("metricQueries") or []
    given = [inputs, *queries, *(query.get("metric") or {} for query in queries)]
    wrong = [one["period"] for one in given if "period" in one and not _is_period(one["period"])]
    return f"expected period to be divisible by {MINUTE}, got: {wrong[0]}" if wrong else None


def _is_period(period: float) -> bool:
    return period in PERIODS or period % MINUTE == 0


def _actions(inputs: Inputs) -> str | None:
    full = [name for name in ACTIONS[1:] if len(inputs.get(name) or ()) > MOST_ACTIONS]
    return f"Too many list items: {full[0]} supports {MOST_ACTIONS} item maximum" if full else None


ALARM = Constraints(
    source="internal/service/cloudwatch/metric_alarm.go",
    inputs=HANDLED
    | names("evaluationCriteria evaluationInterval evaluationWindow name region tags warmUpConfiguration"),
    replaces=names("name region"),
    conflicts=(
        ("metricName", "metricQueries"),
        *((name, "metricQueries") for name in ("dimensions", "extendedStatistic", "namespace", "period", "statistic")),
        ("extendedStatistic", "statistic"),
        ("threshold", "thresholdMetricId"),
    ),
    values={
        "comparisonOperator": (
            *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold"),
            *("LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold"),
            *("LessThanLowerThreshold", "GreaterThanUpperThreshold"),
        ),
        "evaluateLowSampleCountPercentiles": ("evaluate", "ignore"),
        "statistic": STATISTICS,
        "treatMissingData": ("breaching", "notBreaching", "ignore", "missing"),
    },
    ranges={
        "alarmDescription": (0, 1024),
        "metricName": (1, 255),
        "metricQueries.expression": (1, 1024),
        "metricQueries.id": (1, 255),
        "name": (1, NAME_LENGTH),
        "namespace": (1, 255),
        "thresholdMetricId": (1, 255),
    },
    defaults={"actionsEnabled": True, "metricQueries.returnData": False, "treatMissingData": "missing"},
    computed=names("evaluateLowSampleCountPercentiles name"),
    sets=names(*ACTIONS, "metricQueries"),
    checks=(*map(arn, ACTIONS), _judged, _statistic, _queries, _periods, _actions),
    delete_before_replace=True,
)


def _dimensions(named: Mapping[str, str] | None) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted((named or {}).items())]


def _query(shape: Any, query: Props) -> dict[str, Any]:
    asked = parameters(shape.members, {name: part for name, part in query.items() if name != "metric"}, {})
    if metric := query.get("metric"):
        stat = parameters(shape.members["MetricStat"].members, metric, {})
        named = {"MetricName": metric["metricName"], "Dimensions": _dimensions(metric.get("dimensions"))}
        asked["MetricStat"] = {**stat, "Metric": {"Namespace": metric["namespace"], **named}}
    return asked


def _put(aws: Region, props: Props, **more: Any) -> None:
    """Always whole: what a call leaves out is gone."""
    known = members("cloudwatch", "PutMetricAlarm")
    plain = {name: props[name] for name in (PLAIN | {"name"}) & props.keys() if name != "dimensions"}
    asked = parameters(known, plain, RENAMED) | more
    if dimensions := _dimensions(props.get("dimensions")):
        asked["Dimensions"] = dimensions
    if queries := props.get("metricQueries"):
        asked["Metrics"] = [_query(known["Metrics"].member, query) for query in queries]
    aws.call("cloudwatch", "PutMetricAlarm", **asked)


def _create(aws: Region, props: Props) -> str:
    _put(aws, props, Tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _named(dimensions: list[dict[str, str]]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in dimensions}


def _as_asked(shape: Any, query: dict[str, Any]) -> Props:
    props = properties(shape, query, names("accountId expression id label period returnData"), {})
    if stat := query.get("MetricStat"):
        metric = stat["Metric"]
        found = properties(shape.members["MetricStat"], stat, names("period stat unit"), {})
        of = {"metricName": metric["MetricName"], "namespace": metric["Namespace"]}
        dimensions = {"dimensions": _named(metric["Dimensions"])} if metric.get("Dimensions") else {}
        props["metric"] = {**found, **of, **dimensions}
    return props


def find(aws: Region, name: str, sort: str) -> dict[str, Any] | None:
    return aws.find("cloudwatch", "DescribeAlarms", f"{sort}s[0]", AlarmNames=[name], AlarmTypes=[sort])


def _read(aws: Region, name: str, state: Props) -> Props | None:
    found = find(aws, name, METRIC)
    if found is None:
        return None
    shape = answered("cloudwatch", "DescribeAlarms", "MetricAlarms[0]")
    props = properties(shape, found, PLAIN - {"dimensions"}, {})
    if dimensions := _named(found.get("Dimensions", [])):
        props["dimensions"] = dimensions
    if queries := found.get("Metrics"):
        props["metricQueries"] = [_as_asked(shape.members["Metrics"].member, query) for query in queries]
    tags = aws.find("cloudwatch", "ListTagsForResource", "Tags", ResourceARN=found["AlarmArn"])
    return {"treatMissingData": "missing", **props, "arn": found["AlarmArn"], "name": name, "tags": tag_map(tags)}


def tagging(sort: str) -> Tagging:
    def arn_of(aws: Region, name: str) -> str:
        return (find(aws, name, sort) or {"AlarmArn": ""})["AlarmArn"]

    return Tagging(
        put=lambda aws, name, tags: aws.call(
            "cloudwatch", "TagResource", ResourceARN=arn_of(aws, name), Tags=tag_list(tags)
        ),
        drop=lambda aws, name, gone: aws.call(
            "cloudwatch", "UntagResource", ResourceARN=arn_of(aws, name), TagKeys=gone
        ),
    )


TYPES = (
    AwsType(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        constraints=ALARM,
        create=_create,
        sent=HANDLED | {"name"},
        read=_read,
        delete=lambda aws, name, _: aws.call("cloudwatch", "DeleteAlarms", AlarmNames=[name]),
        settings=(Setting(inputs=tuple(sorted(HANDLED)), apply=lambda aws, _, props: _put(aws, props)),),
        tagging=tagging(METRIC),
        census=Census(service="cloudwatch", operation="DescribeAlarms", path="MetricAlarms[].AlarmName"),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ),
)
