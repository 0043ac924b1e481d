"""An add-on that EKS installs: pinned, ours alone to configure, and gone with the cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from dhakacart_infra.cluster.pod_role import PodRole
from dhakacart_infra.config.versions import AddOn
from dhakacart_infra.foundation.component import Component


@dataclass(frozen=True, kw_only=True)
class AddonArgs:
    """Of an add-on that needs nothing but the cluster."""

    cluster_name: pulumi.Output[str]
    ready: Sequence[pulumi.Resource] = ()
    """What has to stand before its pods can run: the nodes, unless it runs on each of them."""


def eks_addon(
    owner: Component,
    addon: AddOn,
    cluster_name: pulumi.Input[str],
    *,
    configuration: Mapping[str, Any] | None = None,
    identities: Mapping[str, PodRole] | None = None,
    depends_on: Sequence[pulumi.Resource] | None = None,
) -> aws.eks.Addon:
    """``identities`` are roles by service account. What somebody else changed of the add-on is put right again."""
    associations = [
        aws.eks.AddonPodIdentityAssociationArgs(service_account=account, role_arn=role.arn)
        for account, role in (identities or {}).items()
    ]
    return aws.eks.Addon(
        owner.child_name("addon"),
        cluster_name=cluster_name,
        addon_name=addon.name,
        addon_version=addon.version,
        configuration_values=pulumi.Output.json_dumps(configuration, sort_keys=True) if configuration else None,
        pod_identity_associations=associations or None,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        opts=owner.child(depends_on=depends_on),
    )
