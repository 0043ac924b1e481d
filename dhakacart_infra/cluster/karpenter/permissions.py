"""What Karpenter may do in AWS: start machines as nodes of this cluster, and touch none but those it started.

After the policy that Karpenter publishes with the pinned version (its getting-started guide, ``cloudformation.yaml``),
narrowed where this cluster allows it: the subnets tagged for it, the cluster's own security group, one operating
system, one instance profile that we make. Nodes' volumes need nothing here: their key admits EC2 for the account.
"""

from collections.abc import Sequence

from dhakacart_infra.cluster.karpenter.interruptions import queue_name
from dhakacart_infra.foundation.iam import Conditions, Statement, allow
from dhakacart_infra.foundation.naming import PARTITION, Kind, Naming

LAUNCH = ("ec2:CreateFleet", "ec2:RunInstances")
MADE_BY_LAUNCH = (
    *("fleet", "instance", "launch-template"),
    *("network-interface", "spot-instances-request", "volume"),
)
LOOK = (
    *("ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstanceStatus"),
    *("ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances"),
    *("ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups", "ec2:DescribeSecurityGroups"),
    *("ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets"),
)
PRICING_REGIONS = ("ap-south-1", "eu-central-1", "us-east-1")
"""Where Karpenter asks for prices: in the nearest of them (its ``pkg/providers/pricing``)."""
ANY_NODE_POOL = "*"


def controller(naming: Naming) -> list[Statement]:
    """All but the right to pass the nodes' role on, whose ARN is known only once it is made."""
    return [*_launch(naming), *_manage(naming), *_discover(naming), *_read(naming)]


def pass_role(node_role_arn: str) -> Statement:
    """Without the condition, the role could be handed to any service that takes one."""
    return allow(["iam:PassRole"], [node_role_arn], {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})


def _launch(naming: Naming) -> list[Statement]:
    """What goes into a node, then the node itself, which must carry the cluster's tags from its first moment."""
    cluster = naming.of(Kind.EKS_CLUSTER)
    public = f"arn:{PARTITION}:ec2:{naming.region}:"  # Amazon's images belong to no account of ours
    tagged = _tags("RequestTag", {**_owned(cluster), "eks:eks-cluster-name": cluster})
    while_made: Conditions = {
        **tagged,
        "StringEquals": {
            **tagged["StringEquals"],
            "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
        },
    }
    return [
        allow(LAUNCH, [f"{public}:image/*", f"{public}:snapshot/*"]),
        allow(LAUNCH, _ec2(naming, ["subnet"]), _equal("ResourceTag", {"karpenter.sh/discovery": cluster})),
        # The tag that EKS puts on the group it makes, and puts back (EKS guide, "security group requirements").
        allow(LAUNCH, _ec2(naming, ["security-group"]), _equal("ResourceTag", _owned(cluster))),
        allow(LAUNCH, _ec2(naming, ["launch-template"]), _tags("ResourceTag", _owned(cluster))),
        allow([*LAUNCH, "ec2:CreateLaunchTemplate"], _ec2(naming, MADE_BY_LAUNCH), tagged),
        allow(["ec2:CreateTags"], _ec2(naming, MADE_BY_LAUNCH), while_made),
    ]


def _manage(naming: Naming) -> list[Statement]:
    """Name what it started, and end it."""
    cluster = naming.of(Kind.EKS_CLUSTER)
    own = _tags("ResourceTag", _owned(cluster))
    names_only: Conditions = {
        **own,
        "StringEqualsIfExists": {"aws:RequestTag/eks:eks-cluster-name": cluster},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"]},
    }
    return [
        allow(["ec2:CreateTags"], _ec2(naming, ["instance"]), names_only),
        allow(["ec2:TerminateInstances"], _ec2(naming, ["instance"]), own),
        allow(["ec2:DeleteLaunchTemplate"], _ec2(naming, ["launch-template"]), own),
    ]


def _discover(naming: Naming) -> list[Statement]:
    """What there is to start, where, and at which price. EC2 and pricing know no resources to read by."""
    images = f"arn:{PARTITION}:ssm:{naming.region}::parameter/aws/service/bottlerocket/*"
    return [
        allow(LOOK, ["*"], {"StringEquals": {"aws:RequestedRegion": naming.region}}),
        allow(["pricing:GetProducts"], ["*"], {"StringEquals": {"aws:RequestedRegion": PRICING_REGIONS}}),
        allow(["ssm:GetParameter"], [images]),
    ]


def _read(naming: Naming) -> list[Statement]:
    """The cluster, its zonal shifts, its messages, and the instance profiles of Karpenter's own making.

    There are none of the last, but a node class can be deleted only by whoever may look for them.
    """
    cluster = naming.of(Kind.EKS_CLUSTER)
    cluster_arn = naming.cluster_arn()
    profiles = f"arn:{PARTITION}:iam::{naming.account_id}:instance-profile"
    shift: Conditions = {"StringEquals": {"arc-zonal-shift:ResourceIdentifier": cluster_arn}}
    return [
        allow(["eks:DescribeCluster"], [cluster_arn]),
        allow(["arc-zonal-shift:GetManagedResource"], ["*"], shift),
        allow(["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [naming.arn("sqs", queue_name(naming))]),
        allow(["iam:GetInstanceProfile"], [f"{profiles}/{cluster}_*"]),
        allow(["iam:ListInstanceProfiles"], [f"{profiles}/karpenter/{naming.region}/{cluster}/*"]),
    ]


def _ec2(naming: Naming, kinds: Sequence[str]) -> list[str]:
    return [naming.arn("ec2", f"{kind}/*") for kind in kinds]


def _owned(cluster: str) -> dict[str, str]:
    return {f"kubernetes.io/cluster/{cluster}": "owned"}


def _equal(where: str, tags: dict[str, str]) -> dict[str, dict[str, str | Sequence[str]]]:
    """Conditions on tags of the resource (``ResourceTag``), or on those it is about to get (``RequestTag``)."""
    return {"StringEquals": {f"aws:{where}/{key}": value for key, value in tags.items()}}


def _tags(where: str, tags: dict[str, str]) -> dict[str, dict[str, str | Sequence[str]]]:
    """The same, and made for a node pool, whichever: what only Karpenter's own have."""
    return {**_equal(where, tags), "StringLike": {f"aws:{where}/karpenter.sh/nodepool": ANY_NODE_POOL}}
