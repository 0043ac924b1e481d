"""The shop as the world sees it: Route 53 asks for a page of each service at the domain, from many places, and one
alarm says that the shop is down.

In us-east-1, where Route 53 has its figures: so it is said when the shop's own region is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.alarms import Alarm, AlarmTopic, Metric, description
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Kind

HTTPS = 443
EVERY_SECONDS = 30
FAILURES = 3
"""In a row, of one place; and the shop is down when it is for four fifths of them (Route 53 guide, "How Amazon Route 53
determines whether a health check is healthy")."""
DOWN = "ShopDown"


@dataclass(frozen=True, kw_only=True)
class OutsideChecksArgs:
    scope: Scope
    """Of the region that keeps what is global."""
    domain: str
    services: Mapping[str, ServiceConfig]
    alarms: AlarmTopic
    """Of that region."""
    published: Sequence[pulumi.Resource]
    """What leads to the shop: nothing is asked before."""


class OutsideChecks(Component, token="dhakacart:edge:OutsideChecks"):
    """One alarm tells, for whichever service does not answer: all of them at once are one mistake."""

    def build(self, args: OutsideChecksArgs) -> None:
        asked = {name: path for name, one in args.services.items() if (path := asked_path(one))}
        parts = [
            args.alarms.watch(self, _unreachable(name, self._check(name, path, args)), silently=True)
            for name, path in sorted(asked.items())
        ]
        names = pulumi.Output.all(*(part.name for part in parts))
        aws.cloudwatch.CompositeAlarm(
            self.child_name(DOWN),
            alarm_name=self.naming.of(Kind.ALARM, DOWN),
            alarm_description=description("critical", "The shop does not answer customers.", DOWN),
            alarm_rule=names.apply(lambda found: " OR ".join(f'ALARM("{name}")' for name in found)),
            alarm_actions=[args.alarms.arn],
            ok_actions=[args.alarms.arn],
            opts=self.child(),
        )

    def _check(self, name: str, path: str, args: OutsideChecksArgs) -> pulumi.Output[str]:
        check = aws.route53.HealthCheck(
            self.child_name(name),
            type="HTTPS",
            fqdn=args.domain,
            port=HTTPS,
            enable_sni=True,
            resource_path=path,
            request_interval=EVERY_SECONDS,
            failure_threshold=FAILURES,
            tags={"Name": self.naming.of(Kind.TAG, name)},
            opts=self.child(depends_on=args.published),
        )
        return check.id


def asked_path(service: ServiceConfig) -> str | None:
    """Of a service that customers reach."""
    return (service.health.public_path or service.routes[0]) if service.routes else None


def _unreachable(service: str, check_id: pulumi.Output[str]) -> Alarm:
    return Alarm(
        kind="ServiceUnreachable",
        one=service,
        severity="critical",
        means="A service of the shop does not answer from outside.",
        watches=Metric(
            namespace="AWS/Route53",
            name="HealthCheckStatus",
            statistic="Minimum",
            dimensions={"HealthCheckId": check_id},
        ),
        is_="LessThanThreshold",
        threshold=1,
        periods=2,
        missing="breaching",
    )
