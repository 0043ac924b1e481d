"""The way in: what the load balancer controller makes a load balancer of, with a target group for each service.

Annotations as in its guide, "Ingress annotations", and pkg/annotations/constants.go. A Service's own go first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.config.cdn import ORIGIN_HEADER, PREFIX_LISTS
from dhakacart_infra.data.bucket import Bucket
from dhakacart_infra.foundation.alarms import AlarmTopic
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.network import Domain
from dhakacart_infra.workloads.load_balancer_alarms import alarms
from dhakacart_infra.workloads.pod import service_name

PREFIX = "alb.ingress.kubernetes.io/"
CLASS = "alb"
HTTP, HTTPS = 80, 443
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # TLS 1.2 and 1.3, with forward secrecy alone
HEALTH_INTERVAL_SECONDS = 30
HEALTH_TIMEOUT_SECONDS = 5
DEREGISTRATION_SECONDS = 30  # what a request may still take once its pod is to go; AWS waits for 300
STICKY_SECONDS = 3600
IDLE_SECONDS = 60  # the application keeps its connections open for longer, or the load balancer answers 502


@dataclass(frozen=True, kw_only=True)
class IngressArgs:
    namespace: pulumi.Output[str]
    services: Mapping[str, ServiceConfig]
    addresses: Mapping[str, pulumi.Output[str]]
    """Of each service, by its name here: that of its Service."""
    domain: Domain
    subnet_ids: Sequence[pulumi.Output[str]]
    logs: Bucket
    cdn_key: pulumi.Output[str] | None
    """What CloudFront shows, where it stands before the load balancer; else the internet comes as it is."""
    controller: pulumi.Resource
    """Makes a load balancer of it, and has to be there to take it away again."""
    alarms: AlarmTopic


class Ingress(Component, token="dhakacart:workloads:Ingress"):
    """``hostname`` is the load balancer's. Pods start after ``ingress``: only then do they wait to be sent traffic."""

    ingress: k8s.networking.v1.Ingress
    hostname: pulumi.Output[str]

    def build(self, args: IngressArgs) -> None:
        self.ingress = k8s.networking.v1.Ingress(
            self.child_name("ingress"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=self.naming.project, namespace=args.namespace, annotations=self._annotations(args)
            ),
            spec=k8s.networking.v1.IngressSpecArgs(
                ingress_class_name=CLASS,
                rules=[
                    k8s.networking.v1.IngressRuleArgs(
                        host=args.domain.name, http=k8s.networking.v1.HTTPIngressRuleValueArgs(paths=_paths(args))
                    )
                ],
            ),
            # A load balancer's logs are tried as they are turned on: the bucket has to let them in by then.
            opts=self.child(depends_on=[args.controller, args.logs.policy]),
        )
        for alarm in alarms():
            args.alarms.watch(self, alarm)
        self.hostname = self.ingress.status.apply(hostname)

    def _annotations(self, args: IngressArgs) -> dict[str, pulumi.Input[str]]:
        return {
            f"{PREFIX}scheme": "internet-facing",
            f"{PREFIX}target-type": "ip",
            f"{PREFIX}subnets": pulumi.Output.all(*args.subnet_ids).apply(",".join),
            **(self._for_the_cdn(args, args.cdn_key) if args.cdn_key else _for_everybody()),
            f"{PREFIX}ssl-policy": TLS_POLICY,
            f"{PREFIX}certificate-arn": args.domain.certificate_arn,
            f"{PREFIX}load-balancer-attributes": args.logs.name.apply(self._attributes),
        }

    def _for_the_cdn(self, args: IngressArgs, key: pulumi.Output[str]) -> dict[str, pulumi.Input[str]]:
        """The list of its addresses counts for 55 of the 60 rules of a security group, which leaves room for one port.

        They are those of everybody's CloudFront, so each rule asks for the key too."""
        shown = key.apply(_shows)
        return {
            f"{PREFIX}listen-ports": json.dumps([{"HTTPS": HTTPS}]),
            f"{PREFIX}security-group-prefix-lists": PREFIX_LISTS[self.naming.region],
            **{
                f"{PREFIX}conditions.{service_name(self.naming.project, service)}": shown
                for service, config in args.services.items()
                if config.routes
            },
        }

    def _attributes(self, logs: str) -> str:
        """All that matter are said: the controller leaves as it is what it is no longer told."""
        return _pairs(
            {
                "access_logs.s3.enabled": "true",
                "access_logs.s3.bucket": logs,
                # While it is true the controller deletes nothing, and a destroy waits for ever.
                "deletion_protection.enabled": str(self.scope.protect_data).lower(),
                "idle_timeout.timeout_seconds": str(IDLE_SECONDS),
                "routing.http.desync_mitigation_mode": "defensive",
                "routing.http.drop_invalid_header_fields.enabled": "true",
                "routing.http2.enabled": "true",
            }
        )


def _for_everybody() -> dict[str, str]:
    return {
        f"{PREFIX}inbound-cidrs": "0.0.0.0/0",
        f"{PREFIX}listen-ports": json.dumps([{"HTTP": HTTP}, {"HTTPS": HTTPS}]),
        f"{PREFIX}ssl-redirect": str(HTTPS),
    }


def _shows(key: str) -> str:
    """A condition of the load balancer's rules."""
    header = {"httpHeaderName": ORIGIN_HEADER, "values": [key]}
    return json.dumps([{"field": "http-header", "httpHeaderConfig": header}])


def target_group(config: ServiceConfig) -> dict[str, str]:
    """Annotations of a service's Service: how the load balancer treats its pods."""
    return {
        f"{PREFIX}healthcheck-path": config.health.path,
        f"{PREFIX}healthcheck-interval-seconds": str(HEALTH_INTERVAL_SECONDS),
        f"{PREFIX}healthcheck-timeout-seconds": str(HEALTH_TIMEOUT_SECONDS),
        f"{PREFIX}healthy-threshold-count": "2",
        f"{PREFIX}unhealthy-threshold-count": "2",
        f"{PREFIX}success-codes": "200",
        f"{PREFIX}target-group-attributes": _pairs(
            {
                "deregistration_delay.timeout_seconds": str(DEREGISTRATION_SECONDS),
                "stickiness.enabled": str(config.sticky).lower(),
                "stickiness.type": "lb_cookie",
                "stickiness.lb_cookie.duration_seconds": str(STICKY_SECONDS),
            }
        ),
    }


def _paths(args: IngressArgs) -> list[k8s.networking.v1.HTTPIngressPathArgs]:
    """The longest first: the first that fits is taken."""
    routes = {route: name for name, config in args.services.items() for route in config.routes}
    return [
        k8s.networking.v1.HTTPIngressPathArgs(
            path=route,
            path_type="Prefix",
            backend=k8s.networking.v1.IngressBackendArgs(
                service=k8s.networking.v1.IngressServiceBackendArgs(
                    name=args.addresses[routes[route]],
                    port=k8s.networking.v1.ServiceBackendPortArgs(number=args.services[routes[route]].port),
                )
            ),
        )
        for route in sorted(routes, key=lambda route: (-len(route), route))
    ]


def _pairs(values: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(values.items()))


def hostname(status: k8s.networking.v1.outputs.IngressStatus | None) -> str:
    """The load balancer's. Raises ``ValueError`` where nobody has made one."""
    balancers = status.load_balancer.ingress if status and status.load_balancer else None
    found = balancers[0].hostname if balancers else None
    if not found:
        raise ValueError(
            "the Ingress has no host name yet: the load balancer controller has not made its load balancer. "
            "`kubectl --namespace kube-system logs deployment/aws-load-balancer-controller` says why; then `up` again"
        )
    return found
