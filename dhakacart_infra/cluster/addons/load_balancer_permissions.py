"""What the AWS Load Balancer Controller may do: with the application load balancers of its own cluster only.

After the policy that its release publishes (docs/install/iam_policy.json, the same from 2.13 to 3.5). Narrower by:
- the cluster's name where theirs asks for any cluster's tag, and the tag also where theirs asks for none: listeners,
  rules and targets have it too (the EKS policy AmazonEKSLoadBalancingPolicy goes by it as well);
- this region and account in every ARN, the security group of the cluster where theirs takes any;
- features that are off: WAF and Shield (they are at the CDN), Cognito, certificates of IAM, trust stores, Outposts,
  address pools, and Network Load Balancers.
"""

from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.naming import PARTITION, Naming

TAG = "elbv2.k8s.aws/cluster"
"""On everything that the controller makes, with the cluster's name."""
SERVICE = "elasticloadbalancing"
ROLE = f"aws-service-role/{SERVICE}.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"


def load_balancer_permissions(naming: Naming, cluster: str) -> list[Statement]:
    """``cluster`` is the name of the cluster that the controller works for."""
    return [
        *_reading(naming),
        *_security_groups(naming, cluster),
        *_load_balancers(naming, cluster),
        allow(
            ["iam:CreateServiceLinkedRole"],
            [f"arn:{PARTITION}:iam::{naming.account_id}:role/{ROLE}"],
            {"StringEquals": {"iam:AWSServiceName": f"{SERVICE}.amazonaws.com"}},
        ),
    ]


def _reading(naming: Naming) -> list[Statement]:
    ec2 = (
        *("AccountAttributes", "Addresses", "AvailabilityZones", "Instances", "InternetGateways", "NetworkInterfaces"),
        *("RouteTables", "SecurityGroups", "Subnets", "Tags", "VpcPeeringConnections", "Vpcs"),
    )
    balancing = (
        *("CapacityReservation", "ListenerAttributes", "ListenerCertificates", "Listeners", "LoadBalancerAttributes"),
        *("LoadBalancers", "Rules", "SSLPolicies", "Tags", "TargetGroupAttributes", "TargetGroups", "TargetHealth"),
    )
    actions = [
        *(f"ec2:Describe{what}" for what in ec2),
        *(f"{SERVICE}:Describe{what}" for what in balancing),
        "acm:ListCertificates",
    ]
    return [
        allow(actions, ["*"], {"StringEquals": {"aws:RequestedRegion": naming.region}}),
        allow(["acm:DescribeCertificate"], [naming.arn("acm", "certificate/*")]),
        allow(["ec2:GetSecurityGroupsForVpc"], [naming.arn("ec2", "vpc/*")]),
    ]


def _security_groups(naming: Naming, cluster: str) -> list[Statement]:
    """Groups of its own for load balancers, and rules that let these reach the pods."""
    groups = naming.arn("ec2", "security-group/*")
    rules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    tagged = {f"aws:RequestTag/{TAG}": cluster}
    own = {f"aws:ResourceTag/{TAG}": cluster}
    return [
        allow(rules, [groups], {"StringEquals": {f"aws:ResourceTag/kubernetes.io/cluster/{cluster}": "owned"}}),
        allow([*rules, "ec2:DeleteSecurityGroup"], [groups], {"StringEquals": own}),
        allow(["ec2:CreateSecurityGroup"], [groups], {"StringEquals": tagged}),
        allow(["ec2:CreateSecurityGroup"], [naming.arn("ec2", "vpc/*")]),
        allow(["ec2:CreateTags"], [groups], {"StringEquals": {**tagged, "ec2:CreateAction": "CreateSecurityGroup"}}),
        allow(["ec2:CreateTags", "ec2:DeleteTags"], [groups], _other_tags_of(own)),
    ]


def _load_balancers(naming: Naming, cluster: str) -> list[Statement]:
    kinds = ("loadbalancer/app/*", "listener/app/*", "listener-rule/app/*", "targetgroup/*")
    everything = [naming.arn(SERVICE, kind) for kind in kinds]
    made = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule"]
    tagged = {f"aws:RequestTag/{TAG}": cluster}
    own = {f"aws:ResourceTag/{TAG}": cluster}
    changes = (
        *("AddListenerCertificates", "CreateListener", "CreateRule", "DeleteListener", "DeleteLoadBalancer"),
        *("DeleteRule", "DeleteTargetGroup", "DeregisterTargets", "ModifyCapacityReservation", "ModifyListener"),
        *("ModifyListenerAttributes", "ModifyLoadBalancerAttributes", "ModifyRule", "ModifyTargetGroup"),
        *("ModifyTargetGroupAttributes", "RegisterTargets", "RemoveListenerCertificates", "SetIpAddressType"),
        *("SetRulePriorities", "SetSecurityGroups", "SetSubnets"),
    )
    return [
        allow([f"{SERVICE}:CreateLoadBalancer"], everything[:1], {"StringEquals": tagged}),
        allow([f"{SERVICE}:CreateTargetGroup"], everything[-1:], {"StringEquals": tagged}),
        allow([f"{SERVICE}:AddTags"], everything, {"StringEquals": {**tagged, f"{SERVICE}:CreateAction": made}}),
        allow([f"{SERVICE}:AddTags", f"{SERVICE}:RemoveTags"], everything, _other_tags_of(own)),
        allow([f"{SERVICE}:{change}" for change in changes], everything, {"StringEquals": own}),
    ]


def _other_tags_of(own: dict[str, str]) -> dict[str, dict[str, str]]:
    """What is the cluster's may get other tags, and lose them, but not the one that makes it the cluster's."""
    return {"Null": {f"aws:RequestTag/{TAG}": "true"}, "StringEquals": own}
