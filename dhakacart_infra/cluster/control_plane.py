"""The EKS control plane in the lean form of ``pulumi_eks.Cluster``: it makes the cluster and its kubeconfig only.

Nodes, add-ons and access are components of ours: the library's would hide the order in which they must come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks

from dhakacart_infra.config.versions import KUBERNETES
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import allow, document, service_trust
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, log_group_use
from dhakacart_infra.foundation.naming import Kind

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


@dataclass(frozen=True, kw_only=True)
class ControlPlaneArgs:
    vpc_id: pulumi.Output[str]
    """With every block it is to have: EKS may take an hour to see one that comes later (its guide, "View Amazon EKS
    networking requirements for VPC and subnets")."""
    subnet_ids: Sequence[pulumi.Output[str]]
    """EKS puts two to four interfaces there."""
    public_access_cidrs: Sequence[str]
    """Who reaches the public endpoint; nobody has one if empty. The private endpoint is always there."""
    administrator_role_arn: pulumi.Output[str]
    """What the kubeconfig takes on before it speaks to the cluster."""
    log_retention_days: int
    pause: Sequence[pulumi.Resource]
    """What takes minutes to make, such as the ways out of the network, which the nodes wait for anyway."""


class ControlPlane(Component, token="dhakacart:cluster:ControlPlane"):
    """``security_group_id`` is the one that EKS makes: it joins control plane, nodes and pods."""

    name: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    identity: pulumi.Output[str]
    """Another one for another cluster, whose ARN and kubeconfig may be the same."""

    def build(self, args: ControlPlaneArgs) -> None:
        self._cluster_name = self.naming.of(Kind.EKS_CLUSTER)
        # For good: a cluster's key can never be changed, nor encryption be turned off (EKS guide, "Encrypt Kubernetes
        # secrets with KMS").
        key = EncryptionKey(self.child_name("secrets"), EncryptionKeyArgs(purpose="eks-secrets"), self.child())
        logs = self._log_group(args.log_retention_days)
        role, permissions = self._service_role(key)
        # The key carries what else must be there before the cluster and stay until it is gone: its role's permissions,
        # the log group, which EKS would make itself, without a key, and leave behind, and the VPC's blocks, for the
        # library hands the VPC on to nothing. And the pause: asked for at once, EKS does not see yet that the role may
        # use the key, which fails the cluster for good (terraform-provider-aws issue 49247).
        before = [logs.id, permissions.id, args.vpc_id, *(one.urn for one in args.pause)]
        key_arn = pulumi.Output.all(key.arn, *before).apply(lambda values: str(values[0]))
        cluster = eks.Cluster(
            self.child_name("control-plane"),
            name=self._cluster_name,
            version=KUBERNETES,
            vpc_id=args.vpc_id,
            subnet_ids=list(args.subnet_ids),
            service_role=role,
            authentication_mode=eks.AuthenticationMode.API,
            provider_credential_opts=eks.KubeconfigOptionsArgs(role_arn=args.administrator_role_arn),
            encryption_config_key_arn=key_arn,
            enabled_cluster_log_types=LOG_TYPES,
            endpoint_private_access=True,
            endpoint_public_access=bool(args.public_access_cidrs),
            public_access_cidrs=list(args.public_access_cidrs) or None,
            deletion_protection=self.scope.protect_data,
            # Ends a version with its standard support, by an upgrade, instead of paying six times the price for more.
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            tags={"Name": self._cluster_name},
            **_lean(),
            opts=self._settled(),
        )
        self.name = cluster.eks_cluster.apply(lambda made: made.name)
        self.security_group_id = cluster.cluster_security_group_id
        self.kubeconfig = cluster.kubeconfig_json
        created_at = cluster.eks_cluster.apply(lambda made: made.created_at)
        self.identity = created_at.apply(lambda moment: f"{self.naming.cluster_arn()}@{moment}")

    def _settled(self) -> pulumi.ResourceOptions:
        """What the component has no argument for, set on the cluster it makes."""

        def settle(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            if args.type_ != "aws:eks/cluster:Cluster":
                return None
            props: dict[str, Any] = dict(args.props)
            # Else whoever creates the cluster administers it for ever, and nothing shows it.
            props["accessConfig"] = {**props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}
            props["zonalShiftConfig"] = {"enabled": True}
            # Of another key the provider makes an update, and asks AWS for nothing (terraform-provider-aws
            # internal/service/eks/cluster.go). Better a preview that says it takes another cluster, and an `up` that
            # AWS refuses, since the name is taken.
            final = pulumi.ResourceOptions(replace_on_changes=["encryptionConfig"])
            return pulumi.ResourceTransformResult(props=props, opts=pulumi.ResourceOptions.merge(args.opts, final))

        own = pulumi.ResourceOptions(transforms=[settle])
        return pulumi.ResourceOptions.merge(self.child(stateful=True), own)

    def _log_group(self, retention_days: int) -> aws.cloudwatch.LogGroup:
        name = f"/aws/eks/{self._cluster_name}/cluster"  # where EKS writes, whatever we would call it
        arn = self.naming.arn("logs", f"log-group:{name}")
        key = EncryptionKey(
            self.child_name("log-encryption"),
            EncryptionKeyArgs(purpose="eks-logs", users=[log_group_use(self.naming, arn)]),
            self.child(),
        )
        return aws.cloudwatch.LogGroup(
            self.child_name("logs"),
            name=name,
            retention_in_days=retention_days,
            kms_key_id=key.arn,
            opts=self.child(stateful=True),
        )

    def _service_role(self, key: EncryptionKey) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """The least that EKS documents for a cluster whose load balancers come from a controller of their own."""
        naming = self.naming
        role = aws.iam.Role(
            self.child_name("role"),
            description="Lets the EKS control plane look after its nodes",
            assume_role_policy=service_trust(
                "eks.amazonaws.com", account_id=naming.account_id, source_arn=naming.cluster_arn()
            ),
            opts=self.child(),
        )
        look = [
            *("ec2:DescribeAvailabilityZones", "ec2:DescribeDhcpOptions", "ec2:DescribeInstanceTopology"),
            *("ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs"),
        ]
        tags = {"ForAnyValue:StringLike": {"aws:TagKeys": "kubernetes.io/cluster/*"}}
        policy = key.arn.apply(
            lambda arn: document(
                allow(["ec2:CreateTags"], [naming.arn("ec2", "instance/*")], tags),
                allow(look, ["*"], {"StringEquals": {"aws:RequestedRegion": naming.region}}),
                allow(["kms:DescribeKey"], [arn]),
            )
        )
        permissions = aws.iam.RolePolicy(
            self.child_name("permissions"), role=role.name, policy=policy, opts=self.child()
        )
        return role, permissions


def _lean() -> dict[str, Any]:
    """Everything that ``pulumi_eks.Cluster`` would make beside the cluster, turned off."""
    return {
        "skip_default_node_group": True,
        "skip_default_security_groups": True,
        "create_instance_role": False,
        "create_oidc_provider": False,
        "bootstrap_self_managed_addons": False,
        "use_default_vpc_cni": True,  # means that the library adds none
        "kube_proxy_addon_options": eks.KubeProxyAddonOptionsArgs(enabled=False),
        "coredns_addon_options": eks.CoreDnsAddonOptionsArgs(enabled=False),
    }
