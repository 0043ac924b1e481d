"""EKS as a production team would have it, in the order in which its parts must come and, reversed, must go.

The doors, then what a node needs, then nodes, then what runs on them. What asks AWS for load balancers and instances
comes last: it must be gone, and what it asked for with it, before the nodes it runs on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.access_entries import AccessEntries, AccessEntriesArgs
from dhakacart_infra.cluster.access_roles import AccessRoles, AccessRolesArgs
from dhakacart_infra.cluster.addons.addon import AddonArgs
from dhakacart_infra.cluster.addons.coredns import CoreDns
from dhakacart_infra.cluster.addons.ebs_csi import EbsCsi, EbsCsiArgs
from dhakacart_infra.cluster.addons.external_secrets import ExternalSecrets, ExternalSecretsArgs
from dhakacart_infra.cluster.addons.kube_proxy import KubeProxy
from dhakacart_infra.cluster.addons.load_balancer_controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from dhakacart_infra.cluster.addons.metrics_server import MetricsServer
from dhakacart_infra.cluster.addons.pod_identity_agent import PodIdentityAgent
from dhakacart_infra.cluster.addons.vpc_cni import VpcCni, VpcCniArgs
from dhakacart_infra.cluster.control_plane import ControlPlane, ControlPlaneArgs
from dhakacart_infra.cluster.karpenter import Karpenter, KarpenterArgs
from dhakacart_infra.cluster.node_role import NodeRole, NodeRoleArgs
from dhakacart_infra.cluster.rbac import Rbac
from dhakacart_infra.cluster.registry import Registry
from dhakacart_infra.cluster.system_nodes import SystemNodes, SystemNodesArgs
from dhakacart_infra.config import ClusterConfig
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, volume_use
from dhakacart_infra.network import Network


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    config: ClusterConfig
    network: Network
    zones: Sequence[str]
    """Of the control plane and the system nodes: EKS lets neither into another zone without making it anew."""
    registry: Registry
    secret_readers: Sequence[str]
    """Namespaces whose workloads may be given secrets of the environment."""


class Cluster(Component, token="dhakacart:cluster:Cluster"):
    """``kubernetes`` makes objects in it; ``load_balancers`` is what an Ingress waits for, ``secret_store`` what a
    secret from AWS does, ``volumes`` what a claim does."""

    name: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    kubernetes: k8s.Provider
    load_balancers: LoadBalancerController
    volumes: EbsCsi
    secret_store: k8s.apiextensions.CustomResource
    karpenter: Karpenter

    def build(self, args: ClusterArgs) -> None:
        self._args = args
        self._volumes_key = EncryptionKey(
            self.child_name("volumes"),
            EncryptionKeyArgs(purpose="volumes", users=[volume_use(self.naming)]),
            self.child(),
        )
        pull = NodeRoleArgs(pull=args.registry.pull_statement)
        self._karpenter_role = NodeRole(self.child_name("karpenter-nodes"), pull, self.child())
        self._system_role = NodeRole(self.child_name("system-nodes-role"), pull, self.child())
        plane, entries = self._control_plane()
        nodes = self._system_nodes()
        self.kubernetes = self._kubernetes(plane, nodes, entries)
        Rbac(self.child_name("rbac"), None, self._inside())
        self._addons(nodes, entries)

    def _control_plane(self) -> tuple[ControlPlane, AccessEntries]:
        config, network = self._args.config, self._args.network
        roles = AccessRoles(
            self.child_name("roles"),
            AccessRolesArgs(administrators=config.administrators, deployers=config.deployers, readers=config.readers),
            self.child(),
        )
        plane = ControlPlane(
            self.child_name("plane"),
            ControlPlaneArgs(
                vpc_id=network.vpc_id_with_pods,
                subnet_ids=self._own_subnet_ids(),
                public_access_cidrs=[str(cidr) for cidr in config.public_access_cidrs],
                administrator_role_arn=roles.administrator,
                pause=network.egress,
                log_retention_days=config.log_retention_days,
            ),
            self.child(),
        )
        self.name, self.security_group_id = plane.name, plane.security_group_id
        entries = AccessEntries(
            self.child_name("access"),
            AccessEntriesArgs(cluster_name=plane.name, roles=roles, karpenter_node_role_arn=self._karpenter_role.arn),
            self.child(),
        )
        return plane, entries

    def _kubernetes(self, plane: ControlPlane, nodes: SystemNodes, entries: AccessEntries) -> k8s.Provider:
        return k8s.Provider(
            self.child_name("kubernetes"),
            kubeconfig=plane.kubeconfig,
            # Neither fixed nor left out. A cluster made anew has the ARN of the old one and nothing that stood in it;
            # another certificate of the same cluster must not replace every object in it.
            cluster_identifier=plane.identity,
            # Before the administrator is let in no object can be made, and after it is shut out none can be deleted.
            # EKS lets it in some seconds after it has answered, and the provider looks at the cluster once: shut out
            # then, it takes it for unreachable to its end. The nodes, without which nothing runs anyway, take minutes.
            opts=self.child(depends_on=[entries.administrator, nodes.group]),
        )

    def _own_subnet_ids(self) -> list[pulumi.Output[str]]:
        """Of the zones that the cluster keeps for life. Karpenter's nodes have all zones of the network."""
        return [self._args.network.app.subnets[zone].id for zone in self._args.zones]

    def _inside(self) -> pulumi.ResourceOptions:
        return self.child(providers=[self.kubernetes])

    def _system_nodes(self) -> SystemNodes:
        config, network = self._args.config, self._args.network
        cluster = AddonArgs(cluster_name=self.name)
        cni = VpcCni(
            self.child_name("vpc-cni"),
            VpcCniArgs(
                cluster_name=self.name,
                pod_subnet_ids={zone: subnet.id for zone, subnet in network.pods.subnets.items()},
                security_group_id=self.security_group_id,
            ),
            self.child(),
        )
        proxy = KubeProxy(self.child_name("kube-proxy"), cluster, self.child())
        agent = PodIdentityAgent(self.child_name("pod-identity-agent"), cluster, self.child())
        return SystemNodes(
            self.child_name("system-nodes"),
            SystemNodesArgs(
                cluster_name=self.name,
                role=self._system_role,
                subnet_ids=self._own_subnet_ids(),
                volumes_key_arn=self._volumes_key.arn,
                architecture=config.architecture,
                size=config.system_nodes,
                ready=[cni.addon, proxy.addon, agent.addon, *network.egress, *self._args.registry.cache],
            ),
            self.child(),
        )

    def _addons(self, nodes: SystemNodes, entries: AccessEntries) -> None:
        """What runs on the managed nodes. Charts come after the load balancer controller, whose webhooks see all."""
        dns = CoreDns(self.child_name("coredns"), AddonArgs(cluster_name=self.name, ready=[nodes.group]), self.child())
        running = [nodes.group, dns.addon]
        MetricsServer(self.child_name("metrics-server"), AddonArgs(cluster_name=self.name, ready=running), self.child())
        self.volumes = EbsCsi(
            self.child_name("ebs-csi"),
            EbsCsiArgs(cluster_name=self.name, key_arn=self._volumes_key.arn, ready=running),
            self._inside(),
        )
        self.load_balancers = LoadBalancerController(
            self.child_name("load-balancers"),
            LoadBalancerControllerArgs(cluster_name=self.name, vpc_id=self._args.network.vpc_id, ready=running),
            self._inside(),
        )
        ready = [*running, self.load_balancers.release]
        self.secret_store = ExternalSecrets(
            self.child_name("external-secrets"),
            ExternalSecretsArgs(cluster_name=self.name, namespaces=self._args.secret_readers, ready=ready),
            self._inside(),
        ).store
        self.karpenter = self._karpenter([*ready, entries.karpenter_nodes, self.volumes.addon])

    def _karpenter(self, ready: Sequence[pulumi.Resource]) -> Karpenter:
        config, network = self._args.config, self._args.network
        return Karpenter(
            self.child_name("karpenter"),
            KarpenterArgs(
                cluster_name=self.name,
                node_role=self._karpenter_role,
                subnet_ids=network.app.subnet_ids,
                security_group_id=self.security_group_id,
                volumes_key_arn=self._volumes_key.arn,
                architecture=config.architecture,
                on_demand_vcpu=config.node_limits.on_demand_vcpu,
                spot_vcpu=config.node_limits.spot_vcpu,
                ready=ready,
            ),
            self._inside(),
        )
