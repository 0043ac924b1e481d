"""From the domain to the services: a table of contents of its own, of what stands only where customers are to come."""

from dataclasses import dataclass, replace

import pulumi

from dhakacart_infra.config import CdnConfig, DomainConfig, StackConfig
from dhakacart_infra.data import Buckets
from dhakacart_infra.edge.cdn import Cdn, CdnArgs
from dhakacart_infra.edge.error_page import ErrorPage, ErrorPageArgs
from dhakacart_infra.edge.origin_key import OriginKey, OriginKeyArgs
from dhakacart_infra.edge.outside_checks import OutsideChecks, OutsideChecksArgs
from dhakacart_infra.edge.public_name import PublicName, PublicNameArgs
from dhakacart_infra.foundation.alarms import AlarmTopic, AlarmTopicArgs
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.providers import GLOBAL_REGION, global_aws_provider
from dhakacart_infra.network import Domain, DomainArgs, Network
from dhakacart_infra.workloads.addresses import Addresses
from dhakacart_infra.workloads.ingress import Ingress, IngressArgs


@dataclass(frozen=True, kw_only=True)
class WayInArgs:
    config: StackConfig
    domain: DomainConfig
    network: Network
    buckets: Buckets
    namespace: pulumi.Output[str]
    addresses: Addresses
    controller: pulumi.Resource
    alarms: AlarmTopic
    in_cluster: pulumi.ResourceOptions


@dataclass(frozen=True, kw_only=True)
class WayIn:
    ingress: pulumi.Resource
    origin_key: pulumi.Output[str] | None
    """What the second stack has to be told, from the first one that has a CDN."""


def way_in(owner: Component, args: WayInArgs) -> WayIn:
    """Children of ``owner``. The environment's first stack has what there is one of for both regions."""
    config, first = args.config, args.config.is_first
    domain = Domain("domain", DomainArgs(config=args.domain, proves_ownership=first, alarms=args.alarms), owner.child())
    key = OriginKey("origin-key", OriginKeyArgs(told=config.cdn.origin_key), owner.child()) if config.cdn else None
    ingress = Ingress(
        "way-in",
        IngressArgs(
            namespace=args.namespace,
            services=config.services,
            addresses=args.addresses.names,
            domain=domain,
            subnet_ids=args.network.public.subnet_ids,
            logs=args.buckets.logs,
            cdn_key=key.value if key else None,
            controller=args.controller,
            alarms=args.alarms,
        ),
        args.in_cluster,
    )
    abroad = _Abroad.of(owner, args) if first else None
    cdn = abroad.cdn(config.cdn, domain, key) if abroad and config.cdn and key else None
    name = PublicNameArgs(
        domain=domain,
        hostname=ingress.hostname,
        place=("PRIMARY" if first else "SECONDARY") if config.peer else None,
        behind_cdn=key is not None,
        cdn=cdn,
    )
    published = PublicName("public-name", name, owner.child())
    if abroad:
        abroad.checks(domain, published)
    return WayIn(ingress=ingress.ingress, origin_key=key.value if key and cdn else None)


@dataclass(frozen=True, kw_only=True)
class _Abroad:
    """What AWS keeps for the whole world in one region, whatever the stack's."""

    owner: Component
    args: WayInArgs
    options: pulumi.ResourceOptions
    alarms: AlarmTopic

    @classmethod
    def of(cls, owner: Component, args: WayInArgs) -> "_Abroad":
        options = owner.child(providers=[global_aws_provider(args.config, owner.naming.project)])
        if args.config.region == GLOBAL_REGION:
            return cls(owner=owner, args=args, options=options, alarms=args.alarms)
        topic = AlarmTopicArgs(emails=args.config.alerts.emails, scope=owner.scope.elsewhere(GLOBAL_REGION))
        return cls(owner=owner, args=args, options=options, alarms=AlarmTopic("alarms-abroad", topic, options))

    def cdn(self, cdn: CdnConfig, domain: Domain, key: OriginKey) -> Cdn:
        """Before the load balancers of both regions."""
        buckets, copies_to = self.args.buckets, self.args.config.copies_to
        assets = buckets.assets.address
        args = CdnArgs(
            scope=self.owner.scope.elsewhere(GLOBAL_REGION),
            config=cdn,
            domain=domain,
            region=self.args.config.region,
            origin_key=key.value,
            routes=[route for service in self.args.config.services.values() for route in service.routes],
            assets=buckets.assets,
            copy=replace(assets, naming=assets.naming.elsewhere(copies_to)) if copies_to else None,
            logs=buckets.logs,
            error_page=ErrorPage("error-page", ErrorPageArgs(bucket=buckets.assets), self.owner.child()),
            alarms=self.alarms,
        )
        return Cdn("cdn", args, self.options)

    def checks(self, domain: Domain, published: PublicName) -> None:
        args = OutsideChecksArgs(
            scope=self.owner.scope.elsewhere(GLOBAL_REGION),
            domain=domain.name,
            services=self.args.config.services,
            alarms=self.alarms,
            published=published.records,
        )
        OutsideChecks("outside-checks", args, self.options)
