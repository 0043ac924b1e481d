"""The control plane and its doors, on mocks: what is asked of the library, and who may come in."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from dhakacart_infra.cluster.access_entries import AccessEntries, AccessEntriesArgs
from dhakacart_infra.cluster.access_roles import AccessRoles, AccessRolesArgs
from dhakacart_infra.cluster.control_plane import ControlPlane, ControlPlaneArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

ACCOUNT = "123456789012"
NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id=ACCOUNT)
ADMINS, DEPLOYERS = f"arn:aws:iam::{ACCOUNT}:role/admins", f"arn:aws:iam::{ACCOUNT}:role/pipeline"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    public_access_cidrs: tuple[str, ...]


class Shell(Component, token="test:index:Shell"):
    plane: ControlPlane

    def build(self, args: ShellArgs) -> None:
        roles = AccessRoles(
            "roles", AccessRolesArgs(administrators=[ADMINS], deployers=[DEPLOYERS], readers=[]), self.child()
        )
        self.plane = ControlPlane(
            "plane",
            ControlPlaneArgs(
                vpc_id=pulumi.Output.from_input("vpc-1"),
                subnet_ids=[pulumi.Output.from_input("subnet-1"), pulumi.Output.from_input("subnet-2")],
                public_access_cidrs=args.public_access_cidrs,
                administrator_role_arn=roles.administrator,
                log_retention_days=90,
                pause=[],
            ),
            self.child(),
        )
        AccessEntries(
            "entries",
            AccessEntriesArgs(
                cluster_name=self.plane.name,
                roles=roles,
                karpenter_node_role_arn=pulumi.Output.from_input("arn:of:karpenter-nodes"),
            ),
            self.child(),
        )


def registered(*public_access_cidrs: str, protect_data: bool = True) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protect_data)
    return record(lambda: Shell("shell", ShellArgs(scope=scope, public_access_cidrs=public_access_cidrs)))


@pytest.fixture(scope="module")
def made() -> Recorder:
    return registered("203.0.113.0/24")


def cluster(made: Recorder) -> dict[str, Any]:
    return made.of("eks:index:Cluster")["plane-control-plane"]


def trust(made: Recorder, name: str) -> dict[str, Any]:
    (statement,) = json.loads(made.of("aws:iam/role:Role")[name]["assumeRolePolicy"])["Statement"]
    return statement


def test_the_public_endpoint_is_for_the_listed_addresses_only(made):
    assert cluster(made)["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert cluster(made)["endpointPrivateAccess"] is True


def test_without_a_listed_address_there_is_no_public_endpoint():
    closed = cluster(registered())
    assert closed["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in closed, "the library refuses addresses of an endpoint that is not there"


@pytest.mark.parametrize("protected", [True, False])
def test_a_cluster_refuses_to_be_deleted_exactly_where_data_is_protected(protected):
    assert cluster(registered(protect_data=protected))["deletionProtection"] is protected


def test_all_five_logs_go_to_a_log_group_that_is_ours_before_eks_could_make_it(made):
    (group,) = made.of("aws:cloudwatch/logGroup:LogGroup").values()
    assert group["name"] == f"/aws/eks/{cluster(made)['name']}/cluster"
    assert group["retentionInDays"] == 90
    assert len(cluster(made)["enabledClusterLogTypes"]) == 5


def test_the_library_makes_nothing_that_we_order_ourselves(made):
    asked = cluster(made)
    assert asked["skipDefaultNodeGroup"] is asked["skipDefaultSecurityGroups"] is asked["useDefaultVpcCni"] is True
    assert asked["createOidcProvider"] is asked["createInstanceRole"] is asked["bootstrapSelfManagedAddons"] is False
    assert asked["kubeProxyAddonOptions"]["enabled"] is asked["corednsAddonOptions"]["enabled"] is False


def test_the_kubeconfig_takes_the_administrators_role(made):
    role = "roles-administrator"
    assert cluster(made)["providerCredentialOpts"] == {"roleArn": f"arn:of:{role}"}
    assert trust(made, role)["Condition"] == {"ArnLike": {"aws:PrincipalArn": [ADMINS]}}


def test_only_listed_principals_and_administrators_may_take_a_role(made):
    assert trust(made, "roles-deployer")["Condition"]["ArnLike"]["aws:PrincipalArn"] == [ADMINS, DEPLOYERS]
    assert trust(made, "roles-reader")["Condition"]["ArnLike"]["aws:PrincipalArn"] == [ADMINS]


def test_the_control_planes_role_is_for_this_cluster_of_this_account(made):
    (statement,) = json.loads(made.of("aws:iam/role:Role")["plane-role"]["assumeRolePolicy"])["Statement"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(f":cluster/{cluster(made)['name']}")


def test_only_the_administrators_role_is_an_administrator(made):
    entries = made.of("aws:eks/accessEntry:AccessEntry")
    groups = {name: entry.get("kubernetesGroups") for name, entry in entries.items()}
    assert groups == {
        "entries-administrator": None,
        "entries-deployer": ["dhakacart:deployers"],
        "entries-reader": ["dhakacart:readers"],
        "entries-karpenter-nodes": None,
    }
    (policy,) = made.of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").values()
    assert policy["principalArn"] == entries["entries-administrator"]["principalArn"]
    assert entries["entries-karpenter-nodes"]["type"] == "EC2_LINUX"
