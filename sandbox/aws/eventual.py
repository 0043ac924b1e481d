"""What AWS has made but does not act on yet: whom that hits, and which of them the real provider lets try again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

MAKERS = {
    "CreateRole": ("role", "RoleName"),
    "PutRolePolicy": ("permissions", "RoleName"),
    "AttachRolePolicy": ("permissions", "RoleName"),
    "CreateKey": ("key", "KeyMetadata.KeyId"),
    "PutKeyPolicy": ("key", "KeyId"),
    "CreateAccessEntry": ("access entry", "principalArn"),
    "AssociateAccessPolicy": ("access", "clusterName"),
}
"""By operation: what it makes, and where its parameters or its reply have the name."""


@dataclass(frozen=True)
class Consumer:
    """A call that needs a thing in effect, and what it is answered as long as it is not."""

    operation: str
    thing: str
    named_at: str
    """Where the call's parameters name it, by ARN, id or name."""
    code: str
    message: str
    retried: bool = False
    """The real provider tries again for two minutes, longer than anything takes to be in effect."""


CONSUMERS = (  # as in terraform-provider-aws, internal/service/, in the file that each group names
    # eks/cluster.go: what is said of the role is tried again, not what is said of the key (#49247)
    Consumer("CreateCluster", "role", "roleArn", "InvalidParameterException", "the role does not exist", retried=True),
    Consumer(
        "CreateCluster",
        "permissions",
        "roleArn",
        "InvalidParameterException",
        "The provided role doesn't have the Amazon EKS Managed Policies associated with it",
        retried=True,
    ),
    Consumer(
        "CreateCluster",
        "key",
        "encryptionConfig[].provider.keyArn",
        "AccessDeniedException",
        "Access denied to KMS key",
    ),
    # eks/node_group.go
    Consumer("CreateNodegroup", "role", "nodeRole", "InvalidParameterException", "The role cannot be found"),
    # eks/addon.go
    Consumer(
        "CreateAddon",
        "role",
        "[serviceAccountRoleArn, podIdentityAssociations[].roleArn][]",
        "InvalidParameterException",
        "the role does not exist",
        retried=True,
    ),
    # eks/pod_identity_association.go
    Consumer(
        "CreatePodIdentityAssociation",
        "role",
        "roleArn",
        "InvalidParameterException",
        "Role provided in the request does not exist",
        retried=True,
    ),
    # eks/access_entry.go
    Consumer(
        "CreateAccessEntry",
        "role",
        "principalArn",
        "InvalidParameterException",
        "The specified principalArn is invalid: invalid principal",
        retried=True,
    ),
    # eks/access_policy_association.go
    Consumer(
        "AssociateAccessPolicy",
        "access entry",
        "principalArn",
        "ResourceNotFoundException",
        "The specified principalArn could not be found",
        retried=True,
    ),
    # ec2/vpc_flow_log.go
    Consumer(
        "CreateFlowLogs",
        "role",
        "DeliverLogsPermissionArn",
        "InvalidParameter",
        "Unable to assume given IAM role",
        retried=True,
    ),
    # ecr/repository_creation_template.go
    Consumer(
        "CreateRepositoryCreationTemplate", "role", "customRoleArn", "ValidationException", "The role cannot be assumed"
    ),
    # ecr/repository.go
    Consumer("CreateRepository", "key", "encryptionConfiguration.kmsKey", "KmsException", "Access denied to KMS key"),
    # rds/instance.go
    Consumer(
        "CreateDBInstance",
        "role",
        "MonitoringRoleArn",
        "InvalidParameterValue",
        "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
        retried=True,
    ),
    Consumer(
        "CreateDBInstance",
        "key",
        "[KmsKeyId, PerformanceInsightsKMSKeyId]",
        "KMSKeyNotAccessibleFault",
        "The specified KMS key does not exist, is not enabled or you do not have permissions to access it",
    ),
    # logs/group.go
    Consumer(
        "CreateLogGroup",
        "key",
        "kmsKeyId",
        "InvalidParameterException",
        "The specified KMS key does not exist or is not allowed to be used",
    ),
)


@dataclass
class Eventual:
    """What does not count yet. Time is counted in AWS calls, and in tries of one."""

    due: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """When it will, by what it is and its name."""

    def made(self, operation: str, params: Mapping[str, Any], reply: Mapping[str, Any], due: int) -> None:
        if operation in MAKERS:
            thing, path = MAKERS[operation]
            self.due |= {(thing, name): due for name in _names(path, {**params, **reply})}

    def is_late(self, thing: str, name: str, now: int) -> bool:
        return self.due.get((thing, name), now) > now

    def hits(self, operation: str, params: Mapping[str, Any], now: int) -> Consumer | None:
        """What the call trips over."""
        for row in CONSUMERS:
            if row.operation == operation and any(
                self.is_late(row.thing, name, now) for name in _names(row.named_at, params)
            ):
                return row
        return None


def _names(path: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The names of what stands there: an ARN of a role or a key ends in its own."""
    found: Any = jmespath.search(path, values)
    for value in found if isinstance(found, list) else [found]:  # pyright: ignore[reportUnknownVariableType]
        if value:
            yield str(value).rpartition("/")[2]  # pyright: ignore[reportUnknownArgumentType]
