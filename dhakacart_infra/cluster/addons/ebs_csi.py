"""The EBS CSI driver, and the one default StorageClass: gp3, encrypted with our key, made where the pod is.

EKS has made none of its own since 1.30 (EKS guide, release notes of 1.30), and that of the add-on stays off: with two
defaults the newer wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.addons.addon import eks_addon
from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.cluster.scheduling import SYSTEM_NODES
from dhakacart_infra.config.versions import EBS_CSI
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.foundation.naming import PARTITION

NAMESPACE, SERVICE_ACCOUNT = "kube-system", "ebs-csi-controller-sa"
POLICY = f"arn:{PARTITION}:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"
"""Only volumes that the driver itself made and tagged; the first version of the policy could change any."""
STORAGE_CLASS = "gp3"
NODE_DISKS = 2
"""Bottlerocket's own. The driver would look them up in the instance's metadata, a hop too far from its pod, and then
count one: nodes would be given pods whose volumes cannot be attached (values.schema.json of its chart, PR 1919)."""


@dataclass(frozen=True, kw_only=True)
class EbsCsiArgs:
    cluster_name: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    """Of the volumes. Its own policy lets EC2 use it for the driver, which needs no permission of its own then."""
    ready: Sequence[pulumi.Resource]


class EbsCsi(Component, token="dhakacart:cluster:EbsCsi"):
    """``storage_class`` is the name that claims for volumes give, or leave out."""

    addon: aws.eks.Addon
    storage_class: pulumi.Output[str]

    def build(self, args: EbsCsiArgs) -> None:
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(namespace=NAMESPACE, service_account=SERVICE_ACCOUNT, managed_policies=[POLICY]),
            self.child(),
        )
        self.addon = eks_addon(
            self,
            EBS_CSI,
            args.cluster_name,
            configuration={
                "controller": {"extraVolumeTags": dict(self.scope.launch_tags), **SYSTEM_NODES},
                "node": {"reservedVolumeAttachments": NODE_DISKS},
            },
            identities={SERVICE_ACCOUNT: role},
            depends_on=args.ready,
        )
        self.storage_class = self._storage_class(args.key_arn)

    def _storage_class(self, key_arn: pulumi.Output[str]) -> pulumi.Output[str]:
        made = k8s.storage.v1.StorageClass(
            self.child_name("storage-class"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=STORAGE_CLASS,
                annotations={"storageclass.kubernetes.io/is-default-class": "true"},
            ),
            provisioner="ebs.csi.aws.com",
            parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": key_arn},
            volume_binding_mode="WaitForFirstConsumer",  # a volume made before its pod may be in a zone without room
            allow_volume_expansion=True,
            # Retained volumes would pile up unseen: what must outlive its claim is backed up elsewhere.
            reclaim_policy="Delete",
            # The driver goes last: a volume that is still there when it goes, nobody deletes.
            opts=self.child(depends_on=[self.addon]),
        )
        return name_of(made, STORAGE_CLASS)
