"""How customers come in: CloudFront and its firewall, the load balancer, and the ways out."""

from dhakacart_infra.foundation.providers import GLOBAL_REGION
from dhakacart_infra.observability.dashboards.panels import (
    BYTES,
    COUNT,
    PERCENT,
    SECONDS,
    Board,
    Row,
    above,
    graph,
)
from dhakacart_infra.observability.dashboards.places import Places
from dhakacart_infra.observability.dashboards.queries import Query, found, metric

ALB, CLOUDFRONT, WAF, NAT = "AWS/ApplicationELB", "AWS/CloudFront", "AWS/WAFV2", "AWS/NATGateway"
BY_NAT = "${PROP('Dim.NatGatewayId')}"
EVERY_RULE = "ALL"


def edge(places: Places) -> Board:
    rows = [_cloudfront(), _firewall(places.web_acl)] if places.web_acl else []
    if places.balancer:
        rows.append(_balancer(places.balancer))
    return Board(
        name="edge",
        title="Edge",
        answers="Do requests arrive, who is turned away, and what do customers get instead of an answer?",
        rows=[*rows, _nat()],
    )


def _cloudfront() -> Row:
    """By search: to name the distribution would be to wait for it."""

    def asked(name: str, statistic: str, legend: str) -> Query:
        return found(CLOUDFRONT, name, statistic, ["DistributionId", "Region"], legend=legend, region=GLOBAL_REGION)

    return Row(
        title="CloudFront",
        panels=[
            graph("Requests", "From everybody, in a minute.", COUNT, asked("Requests", "Sum", "requests")),
            graph(
                "Requests that fail",
                "Share of them that were answered with an error: 4xx is mostly the asking, 5xx is ours.",
                PERCENT,
                asked("4xxErrorRate", "Average", "4xx"),
                asked("5xxErrorRate", "Average", "5xx"),
                limits=above(1, 5),
            ),
            graph(
                "Sent to customers",
                "In a minute. It is the larger part of CloudFront's bill.",
                BYTES,
                asked("BytesDownloaded", "Sum", "downloaded"),
            ),
        ],
    )


def _firewall(web_acl: str) -> Row:
    def asked(name: str, rule: str, legend: str) -> Query:
        return metric(WAF, name, "Sum", {"WebACL": [web_acl], "Rule": [rule]}, legend=legend, region=GLOBAL_REGION)

    by_rule = "${PROP('Dim.Rule')}"
    return Row(
        title="Firewall",
        panels=[
            graph(
                "Requests",
                "Let through and blocked, in a minute.",
                COUNT,
                asked("AllowedRequests", EVERY_RULE, "allowed"),
                asked("BlockedRequests", EVERY_RULE, "blocked"),
            ),
            graph(
                "Blocked",
                "In a minute, by rule. Many at once from everywhere: an attack, or a rule that hits customers.",
                COUNT,
                asked("BlockedRequests", "*", by_rule),
            ),
            graph(
                "Would be blocked",
                "In a minute, by rules that only count. What is here for a week and no attack is a customer's.",
                COUNT,
                asked("CountedRequests", "*", by_rule),
            ),
        ],
    )


def _balancer(word: str) -> Row:
    def asked(name: str, statistic: str, legend: str, *, by_target: bool = False) -> Query:
        dimensions = ["TargetGroup", "LoadBalancer"] if by_target else ["LoadBalancer"]
        return found(ALB, name, statistic, dimensions, by=f"LoadBalancer={word}", legend=legend)

    target = "${PROP('Dim.TargetGroup')}"
    return Row(
        title="Load balancer",
        panels=[
            graph("Requests", "That it handed on, in a minute.", COUNT, asked("RequestCount", "Sum", "requests")),
            graph(
                "Requests that fail",
                "In a minute. Its own 5xx: no pod took the request. The pods' own: look at Service.",
                COUNT,
                asked("HTTPCode_ELB_5XX_Count", "Sum", "its own 5xx"),
                asked("HTTPCode_Target_5XX_Count", "Sum", "5xx of pods"),
                asked("HTTPCode_ELB_4XX_Count", "Sum", "its own 4xx"),
                limits=above(10, 100),
            ),
            graph(
                "Duration",
                "Until a pod has begun to answer: half, 95 and 99 of 100 requests.",
                SECONDS,
                *(asked("TargetResponseTime", f"p{share}", f"{share} of 100") for share in (50, 95, 99)),
                limits=above(1, 2),
            ),
            graph(
                "Pods that get no traffic",
                "Found unhealthy, by target group. All of one: that service is down.",
                COUNT,
                asked("UnHealthyHostCount", "Maximum", target, by_target=True),
                limits=above(1, 3),
            ),
            graph(
                "Pods that get traffic",
                "By target group.",
                COUNT,
                asked("HealthyHostCount", "Minimum", target, by_target=True),
            ),
            graph(
                "Connections",
                "Open at once, and in a minute those refused or broken off.",
                COUNT,
                asked("ActiveConnectionCount", "Sum", "open"),
                asked("RejectedConnectionCount", "Sum", "refused"),
                asked("TargetConnectionErrorCount", "Sum", "no pod took it"),
                asked("ClientTLSNegotiationErrorCount", "Sum", "no TLS in common"),
            ),
        ],
    )


def _nat() -> Row:
    def asked(name: str, statistic: str) -> Query:
        return found(NAT, name, statistic, ["NatGatewayId"], legend=BY_NAT)

    return Row(
        title="Ways out",
        panels=[
            graph(
                "Sent to the internet",
                "By NAT gateway, in a minute. A step up is a new bill, or something that should not leave.",
                BYTES,
                asked("BytesOutToDestination", "Sum"),
            ),
            graph(
                "Ports run out",
                "Connections that a NAT gateway could not open, in a minute: too many to one address.",
                COUNT,
                asked("ErrorPortAllocation", "Sum"),
                limits=above(1, 10),
            ),
        ],
    )
