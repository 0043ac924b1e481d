"""What the account may cost a month, and who hears of it before it does.

Of the whole account, by no tag: data that is carried and nodes that come and go have none that Budgets counts by, and a
tag that nobody activated for it counts nothing.
"""

from dataclasses import dataclass

import pulumi_aws as aws

from dhakacart_infra.foundation.alarms import AlarmTopic
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.naming import Kind

SPENT_PERCENT, FORECAST_PERCENT = 80, 100
"""Of what is spent, while there is time to look; of what the month will cost, as early as Budgets can tell."""


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    dollars: int
    alarms: AlarmTopic


class Budget(Component, token="dhakacart:foundation:Budget"):
    def build(self, args: BudgetArgs) -> None:
        aws.budgets.Budget(
            self.child_name("month"),
            name=self.naming.of(Kind.BUDGET, "month"),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.dollars),
            limit_unit="USD",
            notifications=[
                {
                    "comparison_operator": "GREATER_THAN",
                    "notification_type": what,
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                    "subscriber_sns_topic_arns": [args.alarms.arn],
                }
                for what, percent in (("ACTUAL", SPENT_PERCENT), ("FORECASTED", FORECAST_PERCENT))
            ],
            opts=self.child(),
        )
