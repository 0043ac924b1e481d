"""Each service by rate, errors and duration, and what its pods live on."""

from dhakacart_infra.observability.dashboards.panels import (
    BYTES,
    CORES,
    COUNT,
    PER_SECOND,
    SECONDS,
    SHARE,
    Board,
    Row,
    Variable,
    above,
    graph,
    number,
    table,
)
from dhakacart_infra.observability.dashboards.queries import at_once, promql

SLOW_SECONDS = 2
EARLY_SECONDS, LATE_SECONDS = 1, 2
ERRORS = 'status_code=~"5.."'


def service(shop: str) -> Board:
    chosen = f'namespace="{shop}",job=~"$service"'
    pods = f'namespace="{shop}",pod=~"($service)-.*"'
    return Board(
        name="service",
        title="Service",
        answers="How much is each service asked, how often does it fail, how long does it take, and what does it use?",
        variables=[
            Variable(
                name="service",
                title="Service",
                of=f'http_request_duration_seconds_count{{namespace="{shop}"}}',
                label="job",
            )
        ],
        rows=[_now(chosen, shop), _requests(chosen), _routes(chosen), _pods(pods, shop), _process(chosen)],
    )


def _requests_of(series: str, by: str = "job") -> str:
    return f"sum by ({by}) (rate(http_request_duration_seconds_count{{{series}}}[$__rate_interval]))"


def _quantile(share: float, series: str, by: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    buckets = f"http_request_duration_seconds_bucket{{{series}}}"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({buckets}[$__rate_interval])))"


def _now(chosen: str, shop: str) -> Row:
    total = f"sum(rate(http_request_duration_seconds_count{{{chosen}}}[$__rate_interval]))"
    failed = f"sum(rate(http_request_duration_seconds_count{{{chosen},{ERRORS}}}[$__rate_interval]))"
    deployments = f'namespace="{shop}",deployment=~"$service"'
    return Row(
        title="Now",
        panels=[
            number("Requests", "Requests a second to the chosen services.", PER_SECOND, promql(total)),
            number(
                "Requests that fail",
                "Of all requests, those answered 5xx. The objective leaves 0.1 %.",
                SHARE,
                promql(f"({failed} or vector(0)) / {total}"),
                limits=above(0.001, 0.01),
            ),
            number(
                "95 of 100 are answered within",
                f"The objective is {SLOW_SECONDS} seconds.",
                SECONDS,
                promql(_quantile(0.95, chosen)),
                limits=above(EARLY_SECONDS, LATE_SECONDS),
            ),
            number(
                "Pods missing",
                "Pods that are wanted and not available. More than a roll-out's few, for minutes: look at Platform.",
                COUNT,
                promql(f"sum(kube_deployment_status_replicas_unavailable{{{deployments}}})"),
                limits=above(1, 3),
            ),
        ],
    )


def _requests(chosen: str) -> Row:
    failed = f"sum by (job) (rate(http_request_duration_seconds_count{{{chosen},{ERRORS}}}[$__rate_interval]))"
    return Row(
        title="Rate, errors, duration",
        panels=[
            graph("Requests", "A second, by service.", PER_SECOND, promql(_requests_of(chosen), "{{job}}")),
            graph(
                "Answers",
                "A second, by status.",
                PER_SECOND,
                promql(_requests_of(chosen, "status_code"), "{{status_code}}"),
                stacked=True,
            ),
            graph(
                "Requests that fail",
                "Share of requests answered 5xx, by service.",
                SHARE,
                promql(f"{failed} / {_requests_of(chosen)}", "{{job}}"),
                limits=above(0.001, 0.01),
            ),
            graph(
                "Duration",
                "Within what time half, 95 and 99 of 100 requests are answered.",
                SECONDS,
                *(
                    promql(_quantile(share, chosen, "job"), f"{{{{job}}}}, {percent} of 100")
                    for share, percent in ((0.5, 50), (0.95, 95), (0.99, 99))
                ),
                limits=above(EARLY_SECONDS, LATE_SECONDS),
            ),
        ],
    )


def _routes(chosen: str) -> Row:
    return Row(
        title="Routes",
        panels=[
            graph(
                "Busiest routes",
                "Requests a second of the ten routes asked most.",
                PER_SECOND,
                promql(f"topk(10, {_requests_of(chosen, 'method, route')})", "{{method}} {{route}}"),
            ),
            graph(
                "Slowest routes",
                "Within what time 95 of 100 are answered, of the ten slowest routes.",
                SECONDS,
                promql(f"topk(10, {_quantile(0.95, chosen, 'method, route')})", "{{method}} {{route}}"),
                limits=above(EARLY_SECONDS, LATE_SECONDS),
            ),
            table(
                "Routes that fail",
                "Requests answered 5xx in the chosen time, by route and status, most first.",
                COUNT,
                at_once(
                    "sort_desc(sum by (job, method, route, status_code) "
                    f"(increase(http_request_duration_seconds_count{{{chosen},{ERRORS}}}[$__range])) > 0)"
                ),
            ),
        ],
    )


def _pods(pods: str, shop: str) -> Row:
    cadvisor = f'{pods},metrics_path="/metrics/cadvisor",container!=""'
    scaled = f'namespace="{shop}",horizontalpodautoscaler=~"($service)-hpa"'
    return Row(
        title="Pods",
        panels=[
            graph(
                "Pods",
                "As many as the autoscaler has, and between which numbers it may choose.",
                COUNT,
                *(
                    promql(
                        f"sum by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_{of}_replicas{{{scaled}}})",
                        f"{{{{horizontalpodautoscaler}}}}, {word}",
                    )
                    for of, word in (("status_current", "now"), ("spec_min", "at least"), ("spec_max", "at most"))
                ),
            ),
            graph(
                "Restarts",
                "Containers that ended and were started again, in an hour.",
                COUNT,
                promql(
                    f"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{pods}}}[1h])) > 0", "{{pod}}"
                ),
                limits=above(1, 3),
            ),
            graph(
                "Processors in use",
                "Of what each pod requested. At the autoscaler's target there are soon more pods.",
                SHARE,
                promql(
                    f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{cadvisor}}}[$__rate_interval])) / "
                    f'sum by (pod) (kube_pod_container_resource_requests{{{pods},resource="cpu"}})',
                    "{{pod}}",
                ),
            ),
            graph(
                "Processors denied",
                "Of the time slices in which a container ran, those in which it was stopped at its limit.",
                SHARE,
                promql(
                    f"sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{{{cadvisor}}}[$__rate_interval])) / "
                    f"sum by (pod) (rate(container_cpu_cfs_periods_total{{{cadvisor}}}[$__rate_interval]))",
                    "{{pod}}",
                ),
                limits=above(0.1, 0.25),
                most=1,
            ),
            graph(
                "Memory in use",
                "Of each pod's limit. At all of it the kernel ends the container.",
                SHARE,
                promql(
                    f"sum by (pod) (container_memory_working_set_bytes{{{cadvisor}}}) / "
                    f'sum by (pod) (kube_pod_container_resource_limits{{{pods},resource="memory"}})',
                    "{{pod}}",
                ),
                limits=above(0.8, 0.95),
                most=1,
            ),
            graph(
                "Processors",
                "Cores that each service's pods use together.",
                CORES,
                promql(
                    f"sum by (container) (rate(container_cpu_usage_seconds_total{{{cadvisor}}}[$__rate_interval]))",
                    "{{container}}",
                ),
            ),
        ],
    )


def _process(chosen: str) -> Row:
    return Row(
        title="Node.js",
        panels=[
            graph(
                "Event loop",
                "How late it comes to its work, 99 of 100 times at most. Above 0.1 s requests queue behind each other.",
                SECONDS,
                promql(f"max by (pod) (nodejs_eventloop_lag_p99_seconds{{{chosen}}})", "{{pod}}"),
                limits=above(0.1, 0.5),
            ),
            graph(
                "Memory of the process",
                "What climbs and never falls between releases is a leak.",
                BYTES,
                promql(f"max by (pod) (process_resident_memory_bytes{{{chosen}}})", "{{pod}}"),
            ),
        ],
    )
