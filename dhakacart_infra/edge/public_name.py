"""The record by which customers find the load balancer; of two regions, the first one's for as long as it answers."""

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config.domain import LOAD_BALANCER_ZONES
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.network import Domain

Place = Literal["PRIMARY", "SECONDARY"]


@dataclass(frozen=True, kw_only=True)
class PublicNameArgs:
    domain: Domain
    hostname: pulumi.Output[str]
    """Of the load balancer."""
    place: Place | None
    """In a pair of regions; alone, there is nothing to fail over to."""


class PublicName(Component, token="dhakacart:edge:PublicName"):
    """Whether a load balancer answers is judged by Route 53 itself, by whether it has a healthy pod to send to."""

    def build(self, args: PublicNameArgs) -> None:
        policies = [aws.route53.RecordFailoverRoutingPolicyArgs(type=args.place)] if args.place else None
        aws.route53.Record(
            self.child_name("record"),
            zone_id=args.domain.zone_id,
            name=args.domain.name,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=args.hostname,
                    zone_id=LOAD_BALANCER_ZONES[self.naming.region],
                    evaluate_target_health=True,
                )
            ],
            failover_routing_policies=policies,
            set_identifier=self.naming.region if args.place else None,
            opts=self.child(),
        )
