"""What several sections of a configuration have in common: their base, and values that occur in more than one."""

from ipaddress import IPv4Network
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from dhakacart_infra.config import leaves
from dhakacart_infra.config.addresses import LONGEST_POD_BLOCK, LONGEST_VPC

RETENTION_CHOICES = (  # what CloudWatch Logs offers
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

NO_OTHER_KEYS: JsonDict = {"additionalProperties": False}
"""Of a JSON Schema: the keys that the user chooses have their form as well."""

Zone = Annotated[
    str, leaves.text(f"{leaves.REGION}[a-z]", noun="the name of an availability zone", example="ap-south-1a")
]
Flag = Annotated[bool, leaves.flag(example=True)]
RetentionDays = Annotated[int, leaves.number(RETENTION_CHOICES, unit="days")]
VpcCidr = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST_VPC,
        inside=leaves.PRIVATE,
        purpose="its 256 slots would be smaller than the /27 that a load balancer needs",
        example="10.0.0.0/16",
    ),
]
PodCidr = Annotated[
    IPv4Network,
    leaves.cidr(
        longest=LONGEST_POD_BLOCK,
        inside=(leaves.SHARED, *leaves.PRIVATE),
        purpose="a quarter of it would not hold the pods of three nodes",
        example="100.64.0.0/16",
    ),
]


class Section(BaseModel):
    """Keys that belong together: none but the described ones, and none that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)
