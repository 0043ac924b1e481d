"""Physical names and ARNs: one owner, so that the peer region's can be computed instead of looked up.

Only what another system must find by name gets one from here; everything else keeps the engine's automatic name.
Logical names are not made here: they are fixed text in the component (a renamed database is a new database).
"""

import hashlib
from dataclasses import dataclass, replace
from enum import Enum

HASH_LENGTH = 7
LONGEST_BUCKET_NAME = 63
PARTITION = "aws"  # China and GovCloud lack parts of the edge this program needs
COMPASS = {
    "central": "c",
    "east": "e",
    "north": "n",
    "northeast": "ne",
    "northwest": "nw",
    "south": "s",
    "southeast": "se",
    "southwest": "sw",
    "west": "w",
}


class Kind(Enum):
    """What is being named: the longest name AWS accepts, what joins its parts, and what AWS wants in front."""

    ALARM = ("alarm", 255, "-", "")
    BUDGET = ("budget", 100, "-", "")
    DELIVERY = ("log delivery", 60, "-", "")
    EKS_CLUSTER = ("eks cluster", 100, "-", "")
    ECR_REPOSITORY = ("ecr repository", 256, "/", "")
    IAM_ROLE = ("iam role", 64, "-", "")
    KMS_ALIAS = ("kms alias", 256, "/", "alias/")
    LOAD_BALANCER = ("load balancer", 32, "-", "")
    LOG_GROUP = ("log group", 512, "/", "/")
    ORIGIN_ACCESS = ("origin access control", 64, "-", "")
    RDS_INSTANCE = ("rds instance", 63, "-", "")
    REDIS_GROUP = ("redis group", 40, "-", "")
    SECRET = ("secret", 512, "/", "")
    SNS_TOPIC = ("sns topic", 256, "-", "")
    SQS_QUEUE = ("sqs queue", 80, "-", "")
    TAG = ("tag", 256, "-", "")
    TARGET_GROUP = ("target group", 32, "-", "")
    WEB_ACL = ("web acl", 128, "-", "")
    WEB_ACL_LOG_GROUP = ("web acl's log group", 512, "-", "aws-waf-logs-")

    def __init__(self, label: str, max_length: int, separator: str, lead: str) -> None:
        self.label = label
        self.max_length = max_length
        self.separator = separator
        self.lead = lead


def region_code(region: str) -> str:
    """``ap-southeast-1`` is ``apse1``: regions must fit into names of 32 characters."""
    area, *directions, number = region.split("-")
    return area + "".join(COMPASS.get(part, part[0]) for part in directions) + number


@dataclass(frozen=True, kw_only=True)
class Naming:
    """Names of one environment in one region. The region is in each: IAM, S3 and Route 53 know no regions."""

    project: str
    environment: str
    region: str
    account_id: str

    def of(self, kind: Kind, *role: str) -> str:
        """The name of what plays ``role``, e.g. ``dhakacart-prod-aps1-nodes``.

        A name that AWS would find too long is cut and ends in a hash of the whole, so that two long names that
        begin alike stay apart.
        """
        return _fit(kind.lead + kind.separator.join(self._own(region_code(self.region), *role)), kind.max_length)

    def shared(self, kind: Kind, *role: str) -> str:
        """The name that the environment uses in each of its regions, e.g. of an image that is replicated."""
        return _fit(kind.lead + kind.separator.join(self._own(*role)), kind.max_length)

    def bucket(self, role: str) -> str:
        """A bucket's name, in the namespace that the account has for itself in each region.

        Any other name may be somebody else's, today or as soon as the bucket is deleted (S3 guide, "Namespaces for
        general purpose buckets").
        """
        suffix = f"-{self.account_id}-{self.region}-an"
        return _fit("-".join(self._own(role)), LONGEST_BUCKET_NAME - len(suffix)) + suffix

    def elsewhere(self, region: str) -> "Naming":
        """The same environment's in another region."""
        return replace(self, region=region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource of this account: ``arn("logs", "log-group:…")``."""
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account_id}:{resource}"

    def cluster_arn(self) -> str:
        """The ARN of the environment's EKS cluster: roles name it before it is there."""
        return self.arn("eks", f"cluster/{self.of(Kind.EKS_CLUSTER)}")

    def database_arn(self) -> str:
        """The ARN of the environment's PostgreSQL instance in this region."""
        return self.arn("rds", f"db:{self.of(Kind.RDS_INSTANCE)}")

    def account_root(self) -> str:
        """The principal that stands for the whole account in a resource policy."""
        return f"arn:{PARTITION}:iam::{self.account_id}:root"

    def _own(self, *role: str) -> tuple[str, ...]:
        return (self.project, self.environment, *role)


def _fit(name: str, max_length: int) -> str:
    if len(name) <= max_length:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    kept = name[: max_length - HASH_LENGTH - 1].rstrip("-/")
    return f"{kept}-{digest}"
