"""The section ``domain``: the name under which customers come, and where that name is kept."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import Section

LOAD_BALANCER_ZONES: Mapping[str, str] = {
    "af-south-1": "Z268VQBMOI5EKX",
    "ap-east-1": "Z3DQVH9N71FHZ0",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-northeast-3": "Z5LXEXXYW11ES",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-south-2": "Z0173938T07WNTVAEPZN",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ap-southeast-3": "Z08888821HLRG5A9ZRTER",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-central-2": "Z06391101F2ZOEP8P5EB3",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-south-1": "Z3ULH7SSC9OV64",
    "eu-south-2": "Z0956581394HF5D5LXGAP",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "me-central-1": "Z08230872XQRWHG2XF6I",
    "me-south-1": "ZS929ML54UICD",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""By region, the zone in which AWS keeps the names of application load balancers (AWS General Reference, "Elastic Load
Balancing endpoints"): an alias names it."""
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

DomainName = Annotated[
    str,
    leaves.text(
        rf"(?=.{{4,63}}$)({LABEL}\.)+[a-z]{{2,63}}",  # ACM has no certificate whose first name is longer
        noun="a domain name of small letters, digits, hyphens and dots, of up to 63 characters",
        example="shop.example.com",
    ),
]
ZoneId = Annotated[str, leaves.text("[A-Z0-9]{4,32}", noun="the id of a hosted zone", example="Z0123456789EXAMPLE")]


class ZoneConfig(Section):
    """A hosted zone of Route 53 that is there already."""

    id: ZoneId = Field(description="Its id, as `aws route53 list-hosted-zones` prints it behind /hostedzone/.")
    name: DomainName = Field(description="Its name: the domain's, or one above it.")


class DomainConfig(Section):
    """The name under which customers come, and where that name is kept."""

    name: DomainName = Field(description="Under which the shop answers; its certificate holds for names below it too.")
    zone: ZoneConfig | None = Field(
        default=None,
        description="The hosted zone that has the name. If absent, the stack makes one of the domain's own name, and "
        "the first `up` waits until whoever has the name above it points there.",
    )
