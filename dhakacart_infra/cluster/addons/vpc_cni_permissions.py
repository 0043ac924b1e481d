"""What the VPC-CNI may do: with the network interfaces, instances and security groups of its own cluster only.

After the policy for one cluster in the VPC-CNI's own documentation ("Scope-down IAM policy per EKS cluster"), for the
managed policy AmazonEKS_CNI_Policy reaches every interface of the account. Theirs goes by the VPC where interfaces are
made; ours, more narrowly, by the subnets of the pods and the security group of the cluster.
"""

from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.naming import Naming


def vpc_cni_permissions(naming: Naming, cluster: str) -> list[Statement]:
    """``cluster`` is the name of the cluster, whose tag EKS and Karpenter put on every node."""
    interfaces = naming.arn("ec2", "network-interface/*")
    instances = naming.arn("ec2", "instance/*")
    groups = naming.arn("ec2", "security-group/*")
    subnets = naming.arn("ec2", "subnet/*")
    tag = f"kubernetes.io/cluster/{cluster}"
    of_the_cluster = {"StringEquals": {f"aws:ResourceTag/{tag}": "owned"}}
    return [
        allow(
            [
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
            ],
            ["*"],
            {"StringEquals": {"aws:RequestedRegion": naming.region}},
        ),
        allow(["ec2:CreateNetworkInterface"], [interfaces], {"StringEquals": {f"aws:RequestTag/{tag}": "owned"}}),
        allow(
            ["ec2:CreateNetworkInterface"],
            [subnets],
            {
                "StringEquals": {
                    "aws:ResourceTag/Project": naming.project,
                    "aws:ResourceTag/Environment": naming.environment,
                    "aws:ResourceTag/Tier": "pods",
                }
            },
        ),
        allow(["ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"], [groups], of_the_cluster),
        # A node's first interface comes untagged, and the VPC-CNI gives up if it cannot tag it.
        allow(["ec2:CreateTags"], [interfaces]),
        allow(
            [
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses",
            ],
            [interfaces],
            of_the_cluster,
        ),
        allow(
            ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
            [instances],
            of_the_cluster,
        ),
    ]
