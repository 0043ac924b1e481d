"""The managed node group: a few nodes for what the cluster itself runs, Karpenter included. The rest is Karpenter's."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from dhakacart_infra.cluster.node_role import NodeRole
from dhakacart_infra.cluster.scheduling import NODE_LABELS, NODE_TAINT
from dhakacart_infra.config.versions import KUBERNETES
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

MAX_PODS = 110
"""What Kubernetes supports on a node below 30 vCPUs. Unsaid, it would be counted without prefix delegation: 29."""
AMI_TYPES = {"arm64": "BOTTLEROCKET_ARM_64", "x86_64": "BOTTLEROCKET_x86_64"}
INSTANCE_TYPES = {"arm64": ["m7g.large", "m6g.large"], "x86_64": ["m7i.large", "m6i.large"]}
SYSTEM_DISK, DATA_DISK = "/dev/xvda", "/dev/xvdb"  # Bottlerocket's: the system, and images, logs and empty volumes
SYSTEM_DISK_GIB, DATA_DISK_GIB = 4, 50
EFFECTS = {"NoSchedule": "NO_SCHEDULE"}


@dataclass(frozen=True, kw_only=True)
class SystemNodesArgs:
    cluster_name: pulumi.Output[str]
    role: NodeRole
    subnet_ids: Sequence[pulumi.Output[str]]
    volumes_key_arn: pulumi.Output[str]
    architecture: Literal["arm64", "x86_64"]
    size: int
    ready: Sequence[pulumi.Resource]
    """What has to be in the cluster before its first node."""


class SystemNodes(Component, token="dhakacart:cluster:SystemNodes"):
    """``group`` is ready when its nodes are."""

    group: aws.eks.NodeGroup

    def build(self, args: SystemNodesArgs) -> None:
        template = self._launch_template(args.volumes_key_arn)
        key, value, effect = NODE_TAINT
        self.group = aws.eks.NodeGroup(
            self.child_name("group"),
            cluster_name=args.cluster_name,
            node_role_arn=args.role.arn,
            subnet_ids=list(args.subnet_ids),
            version=KUBERNETES,
            # No release pinned: EKS takes the newest of the version, and keeps it until it is asked for another.
            ami_type=AMI_TYPES[args.architecture],
            instance_types=INSTANCE_TYPES[args.architecture],
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            # All three by the configuration, for EKS wants the desired size between the others. Nothing else scales the
            # group; who does by hand, in an emergency, has room to, and is undone when one of the three changes here.
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=args.size, desired_size=args.size, max_size=2 * args.size
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            labels=NODE_LABELS,
            taints=[aws.eks.NodeGroupTaintArgs(key=key, value=value, effect=EFFECTS[effect])],
            tags={"Name": self.naming.of(Kind.TAG, "system-nodes")},
            # A node that starts before its network add-on keeps the wrong addresses: no value says so.
            opts=self.child(depends_on=args.ready),
        )

    def _launch_template(self, volumes_key_arn: pulumi.Output[str]) -> aws.ec2.LaunchTemplate:
        disk = {SYSTEM_DISK: SYSTEM_DISK_GIB, DATA_DISK: DATA_DISK_GIB}
        tags = {**self.scope.launch_tags, "Name": self.naming.of(Kind.TAG, "system-node")}
        return aws.ec2.LaunchTemplate(
            self.child_name("template"),
            description="Nodes for the cluster's own pods",
            update_default_version=True,
            user_data=_bottlerocket_settings(),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,  # pods are a hop further off: they must not take the node's role
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=device,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_type="gp3",
                        volume_size=gib,
                        encrypted="true",
                        kms_key_id=volumes_key_arn,
                        delete_on_termination="true",
                    ),
                )
                for device, gib in disk.items()
            ],
            # The provider's default tags reach the template, not what is launched from it.
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "network-interface", "volume")
            ],
            opts=self.child(),
        )


def _bottlerocket_settings() -> str:
    """User data: EKS merges it with what the node needs to join, and ours has the last word (EKS guide, "Customize
    managed nodes with launch templates")."""
    return base64.b64encode(f"[settings.kubernetes]\nmax-pods = {MAX_PODS}\n".encode()).decode()
