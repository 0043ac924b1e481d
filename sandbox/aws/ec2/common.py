"""What the EC2 types share: limits, tags given at creation, tags changed later, ARNs."""

from typing import Any

from sandbox.aws.gateway import Region
from sandbox.aws.resource import Tagging, tag_list
from sandbox.providers.properties import Props

IPV4_NETMASK = (16, 28)
"""The shortest and longest prefix of a VPC's or subnet's IPv4 block."""


def ec2_arn(aws: Region, account: str, resource: str) -> str:
    return f"arn:aws:ec2:{aws.name}:{account}:{resource}"


def tagged(kind: str, props: Props) -> dict[str, Any]:
    """The parameter by which a resource is born with its tags."""
    tags = tag_list(props.get("tagsAll"))
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


EC2_TAGS = Tagging(
    put=lambda aws, resource_id, tags: aws.call("ec2", "CreateTags", Resources=[resource_id], Tags=tag_list(tags)),
    drop=lambda aws, resource_id, names: aws.call(
        "ec2", "DeleteTags", Resources=[resource_id], Tags=[{"Key": name} for name in names]
    ),
)
