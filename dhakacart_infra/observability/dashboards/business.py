"""Whether people can buy: orders, carts, and the errors that they are shown."""

from dhakacart_infra.observability.dashboards.panels import (
    PER_MINUTE,
    SHARE,
    Board,
    Row,
    above,
    below,
    graph,
    number,
    table,
)
from dhakacart_infra.observability.dashboards.queries import at_once, promql


def business(shop: str) -> Board:
    """``shop`` is the namespace of its services."""
    orders, carts, errors = (
        f'dhakacart_{what}_total{{namespace="{shop}"%s}}' for what in ("orders", "carts", "errors")
    )
    placed, failed = orders % ',status="placed"', orders % ',status="failed"'
    created, bought = carts % ',event="created"', carts % ',event="checked_out"'
    abandoned = carts % ',event="abandoned"'
    failing = _share(failed, orders % "")
    return Board(
        name="business",
        title="Business",
        answers="Do customers order, do their orders go through, and what do they run into?",
        rows=[
            Row(
                title="Now",
                panels=[
                    number(
                        "Orders placed",
                        "Orders a minute that went through. None at all in the daytime: look at Service and Edge.",
                        PER_MINUTE,
                        promql(_per_minute(placed)),
                    ),
                    number(
                        "Orders that fail",
                        "Of all orders, those that were refused or broke off.",
                        SHARE,
                        promql(failing),
                        limits=above(0.01, 0.05),
                    ),
                    number(
                        "Carts created",
                        "Carts a minute that somebody began.",
                        PER_MINUTE,
                        promql(_per_minute(created)),
                    ),
                    number(
                        "Carts bought",
                        "Carts checked out for each that is begun, over an hour.",
                        SHARE,
                        promql(_share(bought, created, "1h")),
                        limits=below(0.05, 0.15),
                    ),
                    number(
                        "Errors",
                        "Errors a minute that the shop answered customers with.",
                        PER_MINUTE,
                        promql(_per_minute(errors % "")),
                    ),
                ],
            ),
            Row(
                title="Orders",
                panels=[
                    graph(
                        "Orders",
                        "Orders a minute by how they ended, and those placed a week before at the same time.",
                        PER_MINUTE,
                        promql(f"sum by (status) (rate({orders % ''}[$__rate_interval])) * 60", "{{status}}"),
                        promql(f"sum(rate({placed}[$__rate_interval] offset 1w)) * 60", "placed, a week before"),
                    ),
                    graph(
                        "Orders that fail",
                        "Of all orders. Above the dashed lines customers notice.",
                        SHARE,
                        promql(failing, "failed"),
                        limits=above(0.01, 0.05),
                    ),
                ],
            ),
            Row(
                title="Carts",
                panels=[
                    graph(
                        "Carts",
                        "Carts a minute, by what became of them.",
                        PER_MINUTE,
                        promql(f"sum by (event) (rate({carts % ''}[$__rate_interval])) * 60", "{{event}}"),
                    ),
                    graph(
                        "Carts left behind",
                        "Carts abandoned for each that is begun, over an hour. A step after a release is the release.",
                        SHARE,
                        promql(_share(abandoned, created, "1h"), "abandoned"),
                    ),
                ],
            ),
            Row(
                title="Errors",
                panels=[
                    graph(
                        "Errors by code",
                        "Errors a minute of the ten codes that are most frequent, stacked.",
                        PER_MINUTE,
                        promql(f"topk(10, sum by (code) (rate({errors % ''}[$__rate_interval]))) * 60", "{{code}}"),
                        stacked=True,
                    ),
                    table(
                        "Errors of the chosen time",
                        "How many of each code, the most frequent first. The logs have each by its errorId.",
                        "short",
                        at_once(f"sort_desc(sum by (code) (increase({errors % ''}[$__range])))"),
                    ),
                ],
            ),
        ],
        hours=24,
    )


def _per_minute(series: str) -> str:
    return f"sum(rate({series}[$__rate_interval])) * 60"


def _share(some: str, of: str, over: str = "$__rate_interval") -> str:
    return f"sum(rate({some}[{over}])) / sum(rate({of}[{over}]))"
