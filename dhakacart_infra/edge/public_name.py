"""The records by which the shop is found: by customers, and by the CDN where it stands before the load balancers."""

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config.domain import LOAD_BALANCER_ZONES
from dhakacart_infra.edge.cdn import Cdn
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.network import Domain

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"  # of every distribution (AWS General Reference, "Amazon CloudFront endpoints")

Place = Literal["PRIMARY", "SECONDARY"]


@dataclass(frozen=True, kw_only=True)
class PublicNameArgs:
    domain: Domain
    hostname: pulumi.Output[str]
    """Of the load balancer."""
    place: Place | None
    """In a pair of regions; alone, there is nothing to fail over to."""
    behind_cdn: bool
    """The load balancer is found by the CDN alone."""
    cdn: Cdn | None
    """In the stack that has it, whose customers' name leads there."""


class PublicName(Component, token="dhakacart:edge:PublicName"):
    """Of two regions, the first one's for as long as it answers. Whether a load balancer answers is judged by Route 53
    itself, by whether it has a healthy pod to send to. ``records`` are how the shop is found."""

    records: list[pulumi.Resource]

    def build(self, args: PublicNameArgs) -> None:
        load_balancer = aws.route53.RecordAliasArgs(
            name=args.hostname, zone_id=LOAD_BALANCER_ZONES[self.naming.region], evaluate_target_health=True
        )
        role, name = ("origin", args.domain.origin) if args.behind_cdn else ("record", args.domain.name)
        self.records = [self._record(role, args.domain.zone_id, name, load_balancer, place=args.place)]
        if args.cdn:
            # Of what is everywhere Route 53 cannot ask how it is.
            distribution = aws.route53.RecordAliasArgs(
                name=args.cdn.name, zone_id=CLOUDFRONT_ZONE, evaluate_target_health=False
            )
            for again, kind in (("record", "A"), ("record-ipv6", "AAAA")):
                self.records += [self._record(again, args.domain.zone_id, args.domain.name, distribution, kind=kind)]

    def _record(
        self,
        role: str,
        zone_id: pulumi.Output[str],
        name: str,
        target: aws.route53.RecordAliasArgs,
        *,
        kind: str = "A",
        place: Place | None = None,
    ) -> aws.route53.Record:
        return aws.route53.Record(
            self.child_name(role),
            zone_id=zone_id,
            name=name,
            type=kind,
            aliases=[target],
            failover_routing_policies=[aws.route53.RecordFailoverRoutingPolicyArgs(type=place)] if place else None,
            set_identifier=self.naming.region if place else None,
            opts=self.child(),
        )
