"""What customers are promised, and how fast it is being used up: burn rates over several windows.

The windows and rates are those of Google's SRE workbook ("Alerting on SLOs", the multiwindow, multi-burn-rate table): a
long window so that it matters, a short one so that it is still going on. Where nobody asks for anything there is no
ratio, so neither an error nor a promise kept: that the shop is silent, and that its metrics are missing, are alerts of
their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.observability.alerting.model import Alert, Group, Recording, Severity
from dhakacart_infra.workloads.pod import service_name

AVAILABILITY = 0.999
"""Of the requests are answered other than by an error of ours (5xx): 43 minutes of errors a month."""
IN_TIME = 0.99
"""Of the requests are answered within the two seconds that the design asks for. One in a hundred may be a report, or
somebody's first after a new release."""
SECONDS = "2.0"
"""The histogram's bucket. Prometheus 3 writes ``le`` as a float, whatever the service wrote."""
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
FAST = ((14.4, "1h", "5m"), (6.0, "6h", "30m"))
"""Rate, long and short window: 2 % of a month's errors in an hour, 5 % in six. Somebody has to get up."""
SLOW = ((3.0, "1d", "2h"), (1.0, "3d", "6h"))
"""10 % in a day, and as much in three days as there is for three."""
SPARSE = 0.1
"""Requests a second, in the last hour: with fewer, five errors would be 1.4 %, and wake somebody."""
BUSY = 1
"""Requests a second in the same hour a week ago: with fewer, a quiet quarter of an hour means nothing."""
VANISHED = 0.1
"""Of the requests of a week ago. A holiday halves them."""
FAILED_ORDERS, FEW_ORDERS = 0.1, 5
REQUESTS = "service:http_requests:rate"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A service that says how it answers."""

    job: str
    """The name of its Kubernetes Service."""
    probes: frozenset[str]
    """Paths that no customer asks for."""
    released: bool
    """While it has no release, a page stands in that measures nothing."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    name: str
    target: float
    what: str

    def ratio(self, window: str) -> str:
        return f"service:http_{self.name}_errors:ratio_rate{window}"


PROMISES = (
    Promise(name="availability", target=AVAILABILITY, what="fail"),
    Promise(name="latency", target=IN_TIME, what="take longer than two seconds"),
)


def measured(services: Mapping[str, ServiceConfig], project: str) -> list[Measured]:
    return [
        Measured(
            job=service_name(project, name),
            probes=frozenset({config.health.path, config.health.liveness_path or config.health.path}),
            released=config.release is not None,
        )
        for name, config in services.items()
        if config.metrics_port
    ]


def groups(services: Sequence[Measured]) -> list[Group]:
    """None, where nothing is measured."""
    if not services:
        return []
    burns = [alert for promise in PROMISES for alert in (_burn(promise, "critical"), _burn(promise, "warning"))]
    whole = [*_recordings(services), *burns, _vanished(), _orders(services), *_missing(services)]
    return [Group(name="slo", rules=whole)]


def _recordings(services: Sequence[Measured]) -> list[Recording]:
    jobs = "|".join(service.job for service in services)
    probes = "|".join(sorted({probe for service in services for probe in service.probes}))
    asked = f'job=~"{jobs}",route!~"{probes}"'
    return [recording for window in WINDOWS for recording in _window(asked, window)]


def _window(asked: str, window: str) -> list[Recording]:
    requests = f"{REQUESTS}{window}"

    def rate(series: str, matching: str = "") -> str:
        return f"sum by (namespace, job) (rate(http_request_duration_seconds_{series}{{{asked}{matching}}}[{window}]))"

    failed, in_time = rate("count", ',status_code=~"5.."'), rate("bucket", f',le="{SECONDS}"')
    availability, latency = (promise.ratio(window) for promise in PROMISES)
    return [
        Recording(name=requests, expr=rate("count")),
        # A service that never failed has no series of failures.
        Recording(name=availability, expr=f"({failed} or 0 * {requests}) / ({requests} > 0)"),
        Recording(name=latency, expr=f"1 - {in_time} / ({requests} > 0)"),
    ]


def _burn(promise: Promise, severity: Severity) -> Alert:
    urgent = severity == "critical"
    budget = 1 - promise.target
    pairs = [
        f"({promise.ratio(long)} > {rate * budget:.6g} and {promise.ratio(short)} > {rate * budget:.6g})"
        for rate, long, short in (FAST if urgent else SLOW)
    ]
    expr = " or ".join(pairs)
    return Alert(
        name=f"{promise.name.capitalize()}{'Fast' if urgent else 'Slow'}Burn",
        expr=f"({expr}) and {REQUESTS}1h > {SPARSE}" if urgent else expr,
        lasts="2m" if urgent else "15m",
        severity=severity,
        about=promise.name,
        summary=f"Too many requests to {{{{ $labels.job }}}} {promise.what}",
        description=f"{{{{ $value | humanizePercentage }}}} of them do; {promise.target:.1%} are promised not to. "
        + ("At this rate the month's allowance is gone in days." if urgent else "The month's allowance will not last."),
    )


def _vanished() -> Alert:
    week_ago = f"({REQUESTS}1h offset 1w > {BUSY})"
    return Alert(
        name="TrafficVanished",
        expr=f"({REQUESTS}5m or 0 * {week_ago}) < {VANISHED} * {week_ago}",
        lasts="15m",
        severity="warning",
        summary="Hardly anybody asks {{ $labels.job }} for anything",
        description="{{ $value | humanize }} requests a second, less than a tenth of a week ago. What never arrives "
        "does not count as an error: something before the pods may be broken.",
    )


def _orders(services: Sequence[Measured]) -> Alert:
    jobs = "|".join(service.job for service in services)

    def orders(matching: str) -> str:
        return f'sum by (namespace, job) (increase(dhakacart_orders_total{{job=~"{jobs}"{matching}}}[15m]))'

    failed = orders(',status="failed"')
    return Alert(
        name="OrdersFailing",
        expr=f"{failed} / {orders('')} > {FAILED_ORDERS} and {failed} >= {FEW_ORDERS}",
        lasts="5m",
        severity="critical",
        summary="{{ $value | humanizePercentage }} of the orders fail",
        description="In the last quarter of an hour, of all orders that {{ $labels.job }} was given. Customers may be "
        "told so with an answer that is no error.",
    )


def _missing(services: Sequence[Measured]) -> list[Alert]:
    released = [service.job for service in services if service.released]
    if not released:
        return []
    return [
        Alert(
            name="ServiceMetricsMissing",
            expr=" or ".join(f'absent(http_request_duration_seconds_count{{job="{job}"}})' for job in released),
            lasts="10m",
            severity="critical",
            summary="{{ $labels.job }} says nothing of how it answers",
            description="None of its pods gives Prometheus any metrics, so no alert about it can fire.",
        )
    ]
