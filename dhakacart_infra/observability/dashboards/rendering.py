"""From our boards to what Grafana reads."""

import json
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import count
from string import ascii_uppercase

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common, stat, timeseries
from grafana_foundation_sdk.models import dashboard as grafana
from grafana_foundation_sdk.models import table as tables

from dhakacart_infra.observability.dashboards.panels import GREEN, Board, Panel, Row, Variable
from dhakacart_infra.observability.dashboards.queries import PROMETHEUS, Query

COLUMNS = 24
HEIGHTS = {"graph": 8, "number": 4, "table": 8}
PANELS = {"graph": "timeseries", "number": "stat", "table": "table"}
REFRESH = "1m"
TIME_ZONE = "Asia/Dhaka"


def rendered(board: Board, *, project: str) -> str:
    """The same text for the same board, always."""
    dashboard = grafana.Dashboard(
        uid=f"{project}-{board.name}",
        title=board.title,
        description=board.answers,
        tags=[project],
        editable=False,
        refresh=REFRESH,
        timezone=TIME_ZONE,
        time=grafana.DashboardDashboardTime(from_val=f"now-{board.hours}h", to="now"),
        graph_tooltip=grafana.DashboardCursorSync.CROSSHAIR,
        templating=grafana.DashboardDashboardTemplating(list_val=[_variable(one) for one in board.variables]),
        panels=list(_placed(board.rows)),
        links=[_other_boards(project)],
    )
    return json.dumps(dashboard, cls=JSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _other_boards(project: str) -> grafana.DashboardLink:
    return grafana.DashboardLink(
        title="Other dashboards",
        type_val=grafana.DashboardLinkType.DASHBOARDS,
        tags=[project],
        as_dropdown=True,
        keep_time=True,
    )


def _variable(variable: Variable) -> grafana.VariableModel:
    """All values to begin with, and any number of them to choose."""
    query = f"label_values({variable.of}, {variable.label})"
    return grafana.VariableModel(
        type_val=grafana.VariableType.QUERY,
        name=variable.name,
        label=variable.title,
        datasource=PROMETHEUS,
        query={"query": query, "refId": variable.name},
        definition=query,
        refresh=grafana.VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=grafana.VariableSort.ALPHABETICAL_ASC,
        multi=True,
        include_all=True,
        current=grafana.VariableOption(text=["All"], value=["$__all"]),
    )


def _placed(rows: Sequence[Row]) -> Iterator[grafana.Panel | grafana.RowPanel]:
    """From left to right, as many in a line as fit."""
    numbers, y = count(1), 0
    for row in rows:
        place = grafana.GridPos(h=1, w=COLUMNS, x=0, y=y)
        yield grafana.RowPanel(title=row.title, id_val=next(numbers), grid_pos=place, panels=[])
        x, y, height = 0, y + 1, 0
        for panel in row.panels:
            width = _width(panel, row)
            if x + width > COLUMNS:
                x, y, height = 0, y + height, 0
            yield _panel(panel, next(numbers), grafana.GridPos(h=HEIGHTS[panel.kind], w=width, x=x, y=y))
            x, height = x + width, max(height, HEIGHTS[panel.kind])
        y += height


def _width(panel: Panel, row: Row) -> int:
    """Numbers share a line; a graph has half of one, a table and what is alone all of it."""
    if panel.kind == "number":
        return COLUMNS // sum(other.kind == "number" for other in row.panels)
    return COLUMNS if panel.kind == "table" or len(row.panels) == 1 else COLUMNS // 2


def _panel(panel: Panel, number: int, place: grafana.GridPos) -> grafana.Panel:
    return grafana.Panel(
        type_val=PANELS[panel.kind],
        id_val=number,
        title=panel.title,
        description=panel.shows,
        datasource=panel.queries[0].datasource,
        grid_pos=place,
        targets=[_target(query, ref) for query, ref in zip(panel.queries, ascii_uppercase, strict=False)],
        field_config=grafana.FieldConfigSource(defaults=_fields(panel)),
        options=_options(panel),
        transformations=_transformations(panel),
    )


def _target(query: Query, ref: str) -> Query:
    target = copy(query)
    target.ref_id = ref
    return target


def _fields(panel: Panel) -> grafana.FieldConfig:
    steps = [grafana.Threshold(value=value, color=color) for value, color in panel.limits or [(None, GREEN)]]
    return grafana.FieldConfig(
        unit=panel.unit,
        min_val=0 if panel.kind == "graph" else None,
        max_val=panel.most,
        thresholds=grafana.ThresholdsConfig(mode=grafana.ThresholdsMode.ABSOLUTE, steps=steps),
        color=grafana.FieldColor(mode=_color(panel)),
        custom=_drawn(panel),
    )


def _color(panel: Panel) -> grafana.FieldColorModeId:
    modes = grafana.FieldColorModeId
    return modes.THRESHOLDS if panel.kind == "number" else modes.PALETTE_CLASSIC


def _drawn(panel: Panel) -> common.GraphFieldConfig | common.TableFieldOptions | None:
    if panel.kind != "graph":
        return common.TableFieldOptions() if panel.kind == "table" else None
    mode = common.StackingMode.NORMAL if panel.stacked else common.StackingMode.NONE
    lines = common.GraphThresholdsStyleMode.DASHED if panel.limits else common.GraphThresholdsStyleMode.OFF
    return common.GraphFieldConfig(
        line_width=1,
        fill_opacity=30 if panel.stacked else 5,
        show_points=common.VisibilityMode.NEVER,
        stacking=common.StackingConfig(mode=mode),
        thresholds_style=common.GraphThresholdsStyleConfig(mode=lines),
    )


def _options(panel: Panel) -> stat.Options | tables.Options | timeseries.Options:
    if panel.kind == "number":
        return stat.Options(
            graph_mode=common.BigValueGraphMode.AREA,
            color_mode=common.BigValueColorMode.VALUE,
            reduce_options=common.ReduceDataOptions(calcs=["lastNotNull"], values=False),
        )
    if panel.kind == "table":
        return tables.Options()
    return timeseries.Options(
        legend=common.VizLegendOptions(
            display_mode=common.LegendDisplayMode.TABLE,
            placement=common.LegendPlacement.BOTTOM,
            show_legend=True,
            calcs=["lastNotNull", "max"],
        ),
        tooltip=common.VizTooltipOptions(mode=common.TooltipDisplayMode.MULTI, sort=common.SortOrder.DESCENDING),
    )


def _transformations(panel: Panel) -> list[grafana.DataTransformerConfig] | None:
    """In a table the time is the same everywhere."""
    if panel.kind != "table":
        return None
    return [grafana.DataTransformerConfig(id_val="organize", options={"excludeByName": {"Time": True}})]
