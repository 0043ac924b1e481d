"""When a promise to customers is being broken."""

from tests.support.alert_cases.case import Case, Told, named

BACKEND = {"namespace": "dhakacart", "job": "dhakacart-backend"}
A_DAY = 24 * 30  # of two minutes
THEN = 7 * A_DAY - 30
"""An hour before it is a week."""


def answered(code: str, values: str, route: str = "/api/products") -> dict[str, str]:
    """So many answers."""
    of = {**BACKEND, "pod": "a", "method": "GET", "route": route, "status_code": code}
    return {named("http_request_duration_seconds_count", **of): values}


def in_time(values: str) -> dict[str, str]:
    """So many within two seconds."""
    of = {**BACKEND, "pod": "a", "method": "GET", "route": "/api/products", "status_code": "200", "le": "2.0"}
    return {named("http_request_duration_seconds_bucket", **of): values}


def orders(status: str, values: str) -> dict[str, str]:
    return {named("dhakacart_orders_total", **BACKEND, pod="a", status=status): values}


def then_came(more: str) -> dict[str, str]:
    """So many after a week in which ten came each second."""
    return answered("200", f"0+1200x{THEN} {1200 * THEN}{more}x200")


GOOD = answered("200", "0+600x180")
PROBED = answered("200", "0+4x180", route="/health")
fast, slow = (Told(alert=f"Availability{pace}Burn", at="3h", labels=BACKEND) for pace in ("Fast", "Slow"))
late_fast, late_slow = (Told(alert=f"Latency{pace}Burn", at="3h", labels=BACKEND) for pace in ("Fast", "Slow"))
vanished = Told(alert="TrafficVanished", at="7d2h", labels=BACKEND, step="2m")
failing = Told(alert="OrdersFailing", at="40m", labels=BACKEND)
missing = Told(alert="ServiceMetricsMissing", at="15m", labels={"job": "dhakacart-backend"})

CASES: list[Case] = [
    fast.fires("one in fifty requests fails", GOOD | answered("500", "0+12x180")),
    fast.fires("everything fails, and nothing ever did before", answered("503", "0+600x180")),
    fast.silent("one in two hundred fails", GOOD | answered("500", "0+3x180")),
    fast.silent("nothing has failed", GOOD),
    fast.silent("it is over: nothing has failed for an hour", GOOD | answered("500", "0+12x120 1440x60")),
    fast.silent("customers ask for what is not there", GOOD | answered("404", "0+600x180")),
    fast.silent("nobody asks for anything", answered("200", "600x180") | answered("500", "12x180") | PROBED),
    fast.silent("only probes fail", answered("500", "0+4x180", route="/health") | GOOD),
    fast.silent("one request in ten minutes, and it fails", answered("500", "0+0.1x180")),
    slow.fires("one in five hundred requests fails", GOOD | answered("500", "0+1.2x180")),
    slow.silent("one in two thousand fails", GOOD | answered("500", "0+0.3x180")),
    slow.silent("nobody asks for anything", answered("200", "600x180") | PROBED),
    late_fast.fires("one in five requests is slow", GOOD | in_time("0+480x180")),
    late_fast.silent("one in fifty is slow", GOOD | in_time("0+588x180")),
    late_fast.silent("nobody asks for anything", answered("200", "600x180") | in_time("480x180")),
    late_slow.fires("one in fifty requests is slow", GOOD | in_time("0+588x180")),
    late_slow.silent("one in two hundred is slow", GOOD | in_time("0+597x180")),
    vanished.fires("a twentieth comes", then_came("+60")),
    vanished.fires("nobody comes", then_came("+0")),
    vanished.fires(
        "the pods have begun anew, and nobody ever came to these",
        answered("200", f"0+1200x{THEN}") | answered("200", "0+4x6000", route="/health"),
    ),
    vanished.silent("half as many come", then_came("+600")),
    vanished.silent("few ever came", answered("200", f"0+12x{THEN} {12 * THEN}x200")),
    vanished.silent("the shop is new", answered("200", f"_x{A_DAY * 5} 0+12x2000")),
    failing.fires("one in five fails", orders("placed", "0+8x60") | orders("failed", "0+2x60")),
    failing.fires("all fail", orders("failed", "0+2x60")),
    failing.silent("one in twenty fails", orders("placed", "0+19x60") | orders("failed", "0+1x60")),
    failing.silent("two of six fail", orders("placed", "0+0.27x60") | orders("failed", "0+0.13x60")),
    missing.fires("there is nothing of it", {'up{job="dhakacart-frontend"}': "1x20"}),
    missing.fires("it answers, without the histogram", {'up{job="dhakacart-backend"}': "1x20"}),
    missing.silent("nobody but probes asks", PROBED),
]
