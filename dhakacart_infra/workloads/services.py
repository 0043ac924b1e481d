"""Everything the shop runs: each service of the configuration, who may call whom, and room for a burst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster import Registry
from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.config.services import uses_data
from dhakacart_infra.config.versions import STAND_IN
from dhakacart_infra.data import Postgres, Redis
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.workloads.data_access import DataAccess
from dhakacart_infra.workloads.flows import Flows
from dhakacart_infra.workloads.namespace import Demand
from dhakacart_infra.workloads.service import Service, ServiceArgs
from dhakacart_infra.workloads.spare_room import SpareRoom, SpareRoomArgs

PRIORITY = 1000  # above what says nothing, far below the cluster's own


@dataclass(frozen=True, kw_only=True)
class ServicesArgs:
    services: Mapping[str, ServiceConfig]
    spare_pods: int
    namespace: pulumi.Output[str]
    registry: Registry
    database: Postgres
    redis: Redis
    data: DataAccess
    data_blocks: Sequence[IPv4Network]
    load_balancer_blocks: Sequence[IPv4Network]
    nodes: Sequence[pulumi.Resource]
    """What brings nodes to run on, and goes only once nothing runs on them."""
    balancer: Sequence[pulumi.Resource]
    """What sends traffic to services with routes, if anything does: a pod that is older is ready without it."""
    ready: Sequence[pulumi.Resource]
    """What a release of a service that uses the data waits for."""


class Services(Component, token="dhakacart:workloads:Services"):
    """Logical names end in the service's: it is what is there, and one taken off must not make the others move."""

    def build(self, args: ServicesArgs) -> None:
        self._args = args
        priority = k8s.scheduling.v1.PriorityClass(
            self.child_name("priority"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=self.naming.project),
            value=PRIORITY,
            description="The shop",
            opts=self.child(),
        )
        flows = Flows(
            project=self.naming.project,
            services=args.services,
            load_balancers=args.load_balancer_blocks,
            data=args.data_blocks,
            data_ports={"database": args.database.port.number, "redis": args.redis.port.number},
        )
        for name, config in args.services.items():
            Service(self.child_name(name), self._service(name, config, flows, priority), self.child())
        if args.spare_pods and args.services:
            SpareRoom(
                self.child_name("spare"),
                SpareRoomArgs(
                    namespace=args.namespace,
                    pods=args.spare_pods,
                    each=largest(args.services),
                    nodes=args.nodes,
                ),
                self.child(),
            )

    def _service(
        self, name: str, config: ServiceConfig, flows: Flows, priority: k8s.scheduling.v1.PriorityClass
    ) -> ServiceArgs:
        args = self._args
        told = uses_data(config.reaches)
        ready: list[pulumi.Resource] = [
            *args.nodes,
            *(args.balancer if config.routes else ()),
            *(args.ready if told else ()),
        ]
        image = args.registry.image(name, config.release) if config.release else self._stand_in
        return ServiceArgs(
            service=name,
            config=config,
            namespace=args.namespace,
            image=image,
            stands_in=config.release is None,
            data_secret=args.data.secret if told else None,
            flows=flows,
            priority_class=name_of(priority, self.naming.project),
            ready=ready,
        )

    @property
    def _stand_in(self) -> pulumi.Output[str]:
        return pulumi.Output.from_input(f"{self.artifacts.image(STAND_IN.name)}:{STAND_IN.tag}")


def largest(services: Mapping[str, ServiceConfig]) -> Demand:
    """One pod that is as large as any, in either way."""
    resources = [service.resources for service in services.values()]
    return Demand(
        pods=1,
        millicores=max(one.cpu_request_millicores for one in resources),
        memory_mib=max(one.memory_request_mib for one in resources),
    )


def demand(services: Mapping[str, ServiceConfig], spare_pods: int) -> Demand:
    """All that the services and the spare room may want at their largest."""
    wanted = [
        Demand(
            pods=one.scaling.max_pods + one.scaling.max_surge,
            millicores=one.resources.cpu_request_millicores,
            memory_mib=one.resources.memory_request_mib,
        )
        for one in services.values()
    ]
    if services:
        each = largest(services)
        wanted.append(Demand(pods=spare_pods, millicores=each.millicores, memory_mib=each.memory_mib))
    return Demand(
        pods=sum(one.pods for one in wanted),
        millicores=sum(one.pods * one.millicores for one in wanted),
        memory_mib=sum(one.pods * one.memory_mib for one in wanted),
    )
