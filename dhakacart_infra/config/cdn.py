"""The section ``cdn``: CloudFront and its firewall before the load balancers, what is kept near customers."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import RetentionDays, Section
from dhakacart_infra.config.services import Route

PREFIX_LISTS: Mapping[str, str] = {
    "af-south-1": "pl-c0aa4fa9",
    "ap-east-1": "pl-14b2577d",
    "ap-northeast-1": "pl-58a04531",
    "ap-northeast-2": "pl-22a6434b",
    "ap-northeast-3": "pl-31a14458",
    "ap-south-1": "pl-9aa247f3",
    "ap-southeast-1": "pl-31a34658",
    "ap-southeast-2": "pl-b8a742d1",
    "ca-central-1": "pl-38a64351",
    "eu-central-1": "pl-a3a144ca",
    "eu-north-1": "pl-fab65393",
    "eu-west-1": "pl-4fa04526",
    "eu-west-2": "pl-93a247fa",
    "eu-west-3": "pl-75b1541c",
    "sa-east-1": "pl-5da64334",
    "us-east-1": "pl-3b927c52",
    "us-east-2": "pl-b6a144df",
    "us-west-1": "pl-4ea04527",
    "us-west-2": "pl-82a045eb",
}
"""By region, AWS's list of the addresses from which CloudFront asks origins (``aws ec2 describe-managed-prefix-lists``,
com.amazonaws.global.cloudfront.origin-facing): the same for every account."""
PICTURES, ERRORS = "/media", "/errors"
"""What CloudFront takes from the assets bucket: no service is asked."""
ORIGIN_HEADER = "x-dhakacart-origin"
"""The request header in which CloudFront shows the load balancers its key."""
MIN_REQUESTS, MAX_REQUESTS = 10, 2_000_000_000  # of AWS's firewall
KEY = "[A-Za-z0-9]{32,64}"

MAX_PATTERN = 200
"""Characters of an expression of AWS's firewall: its API takes 512, and a quota fewer (its guide, "AWS WAF quotas")."""

Mode = Annotated[Literal["count", "block"], leaves.choice("count", "block")]
Requests = Annotated[
    int,
    leaves.whole(MIN_REQUESTS, MAX_REQUESTS, unit="requests in five minutes", reason="AWS's firewall counts no others"),
]
OriginKey = Annotated[
    str,
    leaves.secret(
        KEY,
        noun="32 to 64 letters and digits",
        remedy="`pulumi config set --secret --path dhakacart:cdn.origin_key` with what `pulumi stack output "
        "--show-secrets origin_key` prints for the first stack",
    ),
]


def below(paths: Sequence[str]) -> str:
    """The expression that finds these paths, in small letters, and what is below them."""
    return f"^(?:{'|'.join(re.escape(path.lower()) for path in paths)})(?:/|$)"


class FirewallConfig(Section):
    """What is refused before it costs anything. Kept by the environment's first stack, which has the distribution."""

    managed_rules: Mode = Field(
        default="block",
        description="Whether AWS's own rules (known attackers, bad inputs, SQL) block or only count what they find. "
        "A new shop counts for a week, and reads in the log what would have been blocked.",
    )
    requests_per_address: Requests = Field(
        default=30_000,
        description="From one address, all together. High, since a mobile carrier's customers share addresses: "
        "a thousand of them at one request in ten seconds.",
    )
    guarded_paths: tuple[Route, ...] = Field(
        default=(),
        description="Where passwords are tried and cards are, such as /api/login: they and what is below them.",
    )
    requests_per_address_to_guarded: Requests = Field(
        default=300, description="From one address, to all guarded paths together."
    )
    log_retention_days: RetentionDays = Field(
        default=90, description="For how long it is kept what was blocked or counted. At least 30 in prod."
    )


class CdnConfig(Section):
    """CloudFront before the load balancers, which then admit it alone."""

    static_paths: tuple[Route, ...] = Field(
        default=("/static",),
        description="Below these are files whose names change with their content: kept for as long as they say, or a "
        "day, whoever asks. Everything else is kept only if the service says so; routes but `/` never are.",
    )
    firewall: FirewallConfig = Field(
        default=FirewallConfig(), description="What is refused before it reaches the shop, and what is written down."
    )
    origin_key: OriginKey | None = Field(
        default=None,
        description="By which the load balancer knows our CloudFront from everybody else's. The environment's first "
        "stack makes it up; the second is told, as a secret, what `pulumi stack output --show-secrets origin_key` has.",
    )
