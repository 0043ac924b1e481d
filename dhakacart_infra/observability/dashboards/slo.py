"""What customers are promised, how much of the allowance for errors is left, and how fast it goes."""

from dhakacart_infra.observability.alerting.slo import PROMISES, REQUESTS, Promise
from dhakacart_infra.observability.dashboards.panels import (
    ORANGE,
    PER_SECOND,
    RED,
    SHARE,
    Board,
    Panel,
    Row,
    Step,
    Variable,
    below,
    graph,
    number,
)
from dhakacart_infra.observability.dashboards.queries import promql

SHOWN = {
    "availability": ("Requests that fail", "answered 5xx"),
    "latency": ("Requests that take too long", "that took longer than two seconds"),
}
"""Of each promise, what breaks it, to a customer."""
HOURLY = f"{REQUESTS}1h"
BURN_WINDOWS = ("1h", "6h", "1d", "3d")
RATES: tuple[Step, ...] = ((None, "green"), (1, "yellow"), (6, ORANGE), (14.4, RED))
"""At 1 the allowance lasts just the month; from 6 and 14.4 somebody is woken (Google's SRE workbook)."""
CHOSEN = 'job=~"$service"'


def slo(shop: str) -> Board:
    services = f'namespace="{shop}",{CHOSEN}'
    return Board(
        name="slo",
        title="Service levels",
        answers="Are the promises to customers kept, what is left of the month's allowance, and how fast does it go?",
        variables=[Variable(name="service", title="Service", of=f'{HOURLY}{{namespace="{shop}"}}', label="job")],
        rows=[
            Row(title="Left of the allowance", panels=[_left(promise, services) for promise in PROMISES]),
            *(_burning(promise, services) for promise in PROMISES),
            Row(
                title="Behind the figures",
                panels=[
                    graph(
                        "Requests",
                        "A second, over an hour, without probes. With few, one error weighs much.",
                        PER_SECOND,
                        promql(f"{HOURLY}{{{services}}}", "{{job}}"),
                    )
                ],
            ),
        ],
        hours=24,
    )


def _ratio(promise: Promise, window: str, services: str) -> str:
    return f"{promise.ratio(window)}{{{services}}}"


def _left(promise: Promise, services: str) -> Panel:
    """Each hour counts by its requests, over 30 days or as far back as Prometheus remembers."""
    allowed, (title, what) = round(1 - promise.target, 6), SHOWN[promise.name]
    asked = f"{HOURLY}{{{services}}}"
    broken = f"sum_over_time(({_ratio(promise, '1h', services)} * {asked})[30d:1h])"
    return number(
        title,
        f"What is left of 30 days' allowance of {allowed:.1%} of requests {what}. Below nothing the promise is broken: "
        "no release but repairs.",
        SHARE,
        promql(f"1 - {broken} / sum_over_time({asked}[30d:1h]) / {allowed}", "{{job}}"),
        limits=below(0, 0.25),
    )


def _burning(promise: Promise, services: str) -> Row:
    allowed, (title, what) = round(1 - promise.target, 6), SHOWN[promise.name]
    return Row(
        title=title,
        panels=[
            graph(
                title,
                f"Share of requests {what}, over five minutes and over an hour.",
                SHARE,
                *(promql(_ratio(promise, window, services), f"{{{{job}}}}, {window}") for window in ("5m", "1h")),
                limits=((None, "green"), (allowed, RED)),
            ),
            graph(
                "How fast the allowance goes",
                "How many times as fast as it may, over windows of several lengths. At 1 it lasts just the month.",
                "none",
                *(
                    promql(f"{_ratio(promise, window, services)} / {allowed}", f"{{{{job}}}}, {window}")
                    for window in BURN_WINDOWS
                ),
                limits=RATES,
            ),
        ],
    )
