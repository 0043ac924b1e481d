"""An add-on that EKS installs: pinned, ours alone to configure, and gone with the cluster."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from dhakacart_infra.cluster.pod_role import PodRole
from dhakacart_infra.config.versions import AddOn
from dhakacart_infra.foundation.component import Component


def eks_addon(
    owner: Component,
    addon: AddOn,
    cluster_name: pulumi.Input[str],
    *,
    configuration: pulumi.Input[Mapping[str, Any]] | None = None,
    identities: Mapping[str, PodRole] | None = None,
    depends_on: Sequence[pulumi.Resource] | None = None,
) -> aws.eks.Addon:
    """``identities`` are roles by service account. What somebody else changed of the add-on is put right again."""
    return aws.eks.Addon(
        owner.child_name("addon"),
        cluster_name=cluster_name,
        addon_name=addon.name,
        addon_version=addon.version,
        configuration_values=pulumi.Output.from_input(configuration).apply(_json) if configuration else None,
        pod_identity_associations=[
            aws.eks.AddonPodIdentityAssociationArgs(service_account=account, role_arn=role.arn)
            for account, role in (identities or {}).items()
        ],
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        opts=owner.child(depends_on=depends_on),
    )


def _json(configuration: Mapping[str, Any]) -> str:
    return json.dumps(configuration, sort_keys=True)
