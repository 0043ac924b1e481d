"""The network of one environment: four tiers of subnets over two or more zones.

Pods have an address block and subnets of their own, so that they never exhaust the nodes' small ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import NetworkConfig, prefix_reservation
from dhakacart_infra.config.addresses import Tier as TierName
from dhakacart_infra.foundation.alarms import AlarmTopic
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.network.endpoints import Endpoints, EndpointsArgs
from dhakacart_infra.network.flow_logs import FlowLogs, FlowLogsArgs
from dhakacart_infra.network.nat import Nat, NatArgs
from dhakacart_infra.network.tier import Tier, TierArgs
from dhakacart_infra.network.vpc import Vpc, VpcArgs


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    config: NetworkConfig
    alarms: AlarmTopic


class Network(Component, token="dhakacart:network:Network"):
    """Tiers by what lives in them: ``public`` (load balancers, NAT), ``app`` (nodes), ``database`` and ``pods``."""

    vpc_id: pulumi.Output[str]
    vpc_id_with_pods: pulumi.Output[str]
    """For what takes the VPC as it finds it, the pods' block included."""
    public: Tier
    app: Tier
    database: Tier
    pods: Tier
    nat_public_ips: pulumi.Output[list[str]]
    flow_log_group: pulumi.Output[str]

    def build(self, args: NetworkArgs) -> None:
        config = args.config
        plan = config.plan
        vpc = Vpc(self.child_name("vpc"), VpcArgs(cidr=plan.vpc, pod_cidr=plan.pod_block), self.child())
        self.vpc_id, self.vpc_id_with_pods = vpc.id, vpc.id_with_pods

        cluster = self.naming.of(Kind.EKS_CLUSTER)
        shared = {f"kubernetes.io/cluster/{cluster}": "shared"}
        self.public = self._tier("public", config, vpc.id, {**shared, "kubernetes.io/role/elb": "1"})
        self.app = self._tier(
            "app",
            config,
            vpc.id,
            # Karpenter starts nodes in whatever carries its tag: the app subnets and no others.
            {**shared, "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": cluster},
        )
        self.database = self._tier("database", config, vpc.id)
        self.pods = self._tier("pods", config, vpc.id_with_pods)
        self._reserve_prefixes(config.subnets("pods"))

        zones = list(self.public.subnets)[: 1 if config.nat_gateways == "single" else None]
        nat = Nat(
            self.child_name("nat"),
            NatArgs(
                subnets={zone: self.public.subnets[zone] for zone in zones},
                internet_gateway=vpc.internet_gateway,
                alarms=args.alarms,
            ),
            self.child(),
        )
        self.nat_public_ips = nat.public_ips
        self.public.route_to_internet(vpc.internet_gateway)
        # Only the nodes' tier: what pods send out of the VPC leaves through their node's address (VPC-CNI's default),
        # and databases have no way out.
        self.app.route_through(nat.gateways)

        Endpoints(
            self.child_name("endpoints"),
            EndpointsArgs(
                vpc_id=vpc.id,
                nodes=self.app,
                reachable_from={"app": config.subnets("app"), "pods": config.subnets("pods")},
                interface_services=config.interface_endpoints,
            ),
            self.child(),
        )
        flow_logs = FlowLogs(
            self.child_name("flow-logs"),
            FlowLogsArgs(vpc_id=vpc.id, retention_days=config.flow_logs.retention_days),
            self.child(),
        )
        self.flow_log_group = flow_logs.log_group.name

    @property
    def egress(self) -> list[pulumi.Resource]:
        """The whole way from a node to the internet: no node joins without it, no controller cleans up without it."""
        return [*self.public.ways_out, *self.app.ways_out]

    @property
    def outputs(self) -> Outputs:
        return {
            "vpc_id": self.vpc_id,
            "public_subnet_ids": self.public.subnet_ids,
            "app_subnet_ids": self.app.subnet_ids,
            "database_subnet_ids": self.database.subnet_ids,
            "pod_subnet_ids": self.pods.subnet_ids,
            "nat_public_ips": self.nat_public_ips,
            "flow_log_group": self.flow_log_group,
        }

    def _tier(
        self,
        tier: TierName,
        config: NetworkConfig,
        vpc_id: pulumi.Output[str],
        tags: Mapping[str, str] | None = None,
    ) -> Tier:
        args = TierArgs(
            vpc_id=vpc_id,
            tier=tier,
            cidrs=config.subnets(tier),
            tags=tags or {},
        )
        return Tier(self.child_name(tier), args, self.child())

    def _reserve_prefixes(self, cidrs: Mapping[str, IPv4Network]) -> None:
        """Keep half of each pod subnet for whole prefixes: single addresses would fragment it (VPC-CNI issue 2749)."""
        for zone, cidr in cidrs.items():
            aws.ec2.SubnetCidrReservation(
                self.in_zone("prefixes", zone),
                subnet_id=self.pods.subnets[zone].id,
                reservation_type="prefix",
                cidr_block=str(prefix_reservation(cidr)),
                opts=self.child(),
            )
