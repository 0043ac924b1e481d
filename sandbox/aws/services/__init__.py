"""Every resource type the simulated ``aws`` provider knows, by its token."""

from collections.abc import Mapping

from sandbox.aws.resource import AwsType
from sandbox.aws.services import (
    ec2_endpoints,
    ec2_flow_logs,
    ec2_launch_templates,
    ec2_nat,
    ec2_routes,
    ec2_security_group_rules,
    ec2_security_groups,
    ec2_subnets,
    ec2_vpc,
    ecr_pull_through,
    ecr_registry,
    ecr_repositories,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_node_groups,
    events,
    iam,
    iam_policies,
    iam_profiles,
    kms,
    logs,
    sqs,
)

MODULES = (
    ec2_endpoints,
    ec2_flow_logs,
    ec2_launch_templates,
    ec2_nat,
    ec2_routes,
    ec2_security_group_rules,
    ec2_security_groups,
    ec2_subnets,
    ec2_vpc,
    ecr_pull_through,
    ecr_registry,
    ecr_repositories,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_node_groups,
    events,
    iam,
    iam_policies,
    iam_profiles,
    kms,
    logs,
    sqs,
)
TYPES: Mapping[str, AwsType] = {kind.type: kind for module in MODULES for kind in module.TYPES}
