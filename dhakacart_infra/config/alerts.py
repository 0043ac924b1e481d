"""The section ``alerts``: who hears of what goes wrong, and from what cost on."""

from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import Section

Email = Annotated[
    str,
    leaves.text(
        r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}",
        noun="an e-mail address",
        example="on-call@example.com",
    ),
]
Dollars = Annotated[
    int,
    leaves.whole(1, 10_000_000, unit="US dollars a month", reason="AWS counts in dollars, and more are a mistake"),
]


class AlertsConfig(Section):
    """Who hears of what goes wrong."""

    emails: tuple[Email, ...] = Field(
        default=(),
        description="Addresses that alarms go to. AWS asks each whether it wants them, once for each region that "
        "tells, and sends nothing before it says so.",
    )
    monthly_budget_usd: Dollars | None = Field(
        default=None,
        description="What the whole account may cost a month. It is said when four fifths are spent, and when all will "
        "be. In the environment's first stack alone.",
    )
