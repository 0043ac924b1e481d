"""What panels ask, of Prometheus and of CloudWatch."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from grafana_foundation_sdk.models import cloudwatch as cw
from grafana_foundation_sdk.models import prometheus as prom
from grafana_foundation_sdk.models.common import DataSourceRef

PROMETHEUS = DataSourceRef(type_val="prometheus", uid="prometheus")
CLOUDWATCH = DataSourceRef(type_val="cloudwatch", uid="cloudwatch")
HERE = "default"
"""The region of the data source."""
PERIOD_SECONDS = 60

Query: TypeAlias = prom.Dataquery | cw.MetricsQuery


def promql(expression: str, legend: str = "__auto") -> prom.Dataquery:
    return prom.Dataquery(
        datasource=PROMETHEUS,
        expr=expression,
        legend_format=legend,
        range_val=True,
        editor_mode=prom.QueryEditorMode.CODE,
    )


def at_once(expression: str) -> prom.Dataquery:
    """The latest values alone, with a column for each label."""
    return prom.Dataquery(
        datasource=PROMETHEUS,
        expr=expression,
        instant=True,
        range_val=False,
        format_val=prom.PromQueryFormat.TABLE,
        editor_mode=prom.QueryEditorMode.CODE,
    )


def metric(
    namespace: str,
    name: str,
    statistic: str,
    dimensions: Mapping[str, Sequence[str]],
    *,
    legend: str,
    region: str = HERE,
) -> cw.MetricsQuery:
    """One line for each value that is given of a dimension; ``*`` is any."""
    return cw.MetricsQuery(
        datasource=CLOUDWATCH,
        metric_query_type=cw.MetricQueryType.SEARCH,
        metric_editor_mode=cw.MetricEditorMode.BUILDER,
        region=region,
        namespace=namespace,
        metric_name=name,
        dimensions={dimension: list(values) for dimension, values in dimensions.items()},
        match_exact=True,
        statistic=statistic,
        period=str(PERIOD_SECONDS),
        label=legend,
        expression="",
    )


def found(
    namespace: str,
    name: str,
    statistic: str,
    dimensions: Sequence[str],
    *,
    by: str = "",
    legend: str,
    region: str = HERE,
) -> cw.MetricsQuery:
    """Of whatever has these dimensions and the word that ``by`` asks of one: for names that nobody knows beforehand."""
    schema = ",".join([namespace, *dimensions])
    terms = " ".join(filter(None, [f"{{{schema}}}", f'MetricName="{name}"', by]))
    return cw.MetricsQuery(
        datasource=CLOUDWATCH,
        metric_query_type=cw.MetricQueryType.SEARCH,
        metric_editor_mode=cw.MetricEditorMode.CODE,
        region=region,
        namespace=namespace,
        metric_name=name,
        statistic=statistic,
        period=str(PERIOD_SECONDS),
        label=legend,
        expression=f"SEARCH('{terms}', '{statistic}', {PERIOD_SECONDS})",
    )
