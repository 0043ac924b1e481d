"""What the EKS types share: names, what a missing thing is called, tags."""

import re
from collections.abc import Callable

from sandbox.aws.gateway import Region
from sandbox.aws.resource import Tagging
from sandbox.providers.properties import Props

CLUSTER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}", re.ASCII)
CLUSTER_NAME_RULE = "must begin with an alphanumeric character, and be 1 to 100 of [0-9A-Za-z_-]"
GONE = ("ResourceNotFoundException",)


def eks_tags(arn_of: Callable[[Region, str], str]) -> Tagging:
    """EKS tags by ARN, of which most ids here are no part."""
    return Tagging(
        put=lambda aws, it, tags: aws.call("eks", "TagResource", resourceArn=arn_of(aws, it), tags=tags),
        drop=lambda aws, it, names: aws.call("eks", "UntagResource", resourceArn=arn_of(aws, it), tagKeys=names),
    )


def tagged(props: Props) -> Props:
    """The parameter by which a resource is born with its tags."""
    tags = props.get("tagsAll")
    return {"tags": tags} if tags else {}


def in_cluster(it: str, member: str) -> dict[str, str]:
    """The two parameters that an id such as ``cluster:name`` stands for."""
    cluster, _, name = it.partition(":")
    return {"clusterName": cluster, member: name}
