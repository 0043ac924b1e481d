"""Budgets: what an account may cost, and who is told when it does, or will."""

from datetime import UTC, datetime
from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, account_id, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("NotFoundException",)
NEVER = "2087-06-15_00:00"
TIME = "%Y-%m-%d_%H:%M"
LIMIT = names("budgetType limitAmount limitUnit timePeriodEnd timePeriodStart timeUnit")
SUBSCRIBERS = {"EMAIL": "subscriberEmailAddresses", "SNS": "subscriberSnsTopicArns"}
NOTICE = ("comparisonOperator", "notificationType", "threshold", "thresholdType")


def _times(inputs: Inputs) -> str | None:
    for name in ("timePeriodStart", "timePeriodEnd"):
        try:
            _instant(inputs.get(name, NEVER))
        except (TypeError, ValueError):
            return f'expected {name} to be a time such as {NEVER}, got "{inputs[name]}"'
    return None


def _instant(text: str) -> datetime:
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)


def _amounts_alike(name: str, old: Inputs, new: Inputs) -> bool:
    return name == "limitAmount" and name in old and name in new and float(old[name]) == float(new[name])


BUDGET = Constraints(
    source="internal/service/budgets/budget.go",
    inputs=LIMIT
    | names(
        "accountId autoAdjustData billingViewArn costFilters costTypes filterExpression metrics name namePrefix",
        "notifications plannedLimits tags",
    ),
    required=("budgetType", "timeUnit"),
    replaces=names("accountId name namePrefix"),
    conflicts=(("name", "namePrefix"), ("limitAmount", "plannedLimits"), ("limitUnit", "plannedLimits")),
    values={
        "budgetType": (
            *("COST", "RI_COVERAGE", "RI_UTILIZATION", "SAVINGS_PLANS_COVERAGE", "SAVINGS_PLANS_UTILIZATION"),
            "USAGE",
        ),
        "notifications.comparisonOperator": ("EQUAL_TO", "GREATER_THAN", "LESS_THAN"),
        "notifications.notificationType": ("ACTUAL", "FORECASTED"),
        "notifications.thresholdType": ("ABSOLUTE_VALUE", "PERCENTAGE"),
        "timeUnit": ("ANNUALLY", "CUSTOM", "DAILY", "MONTHLY", "QUARTERLY"),
    },
    defaults={"timePeriodEnd": NEVER},
    computed=names("accountId costFilters costTypes limitAmount limitUnit name namePrefix timePeriodStart"),
    sets=names("costFilters notifications", *(f"notifications.{name}" for name in SUBSCRIBERS.values())),
    checks=(_times,),
    suppressed_when=_amounts_alike,
    delete_before_replace=True,
)


def _budget(name: str, props: Props) -> dict[str, Any]:
    period = {"Start": "timePeriodStart", "End": "timePeriodEnd"}
    return {
        "BudgetName": name,
        "BudgetType": props["budgetType"],
        "TimeUnit": props["timeUnit"],
        "BudgetLimit": {"Amount": props["limitAmount"], "Unit": props["limitUnit"]},
        "TimePeriod": {member: _instant(props[key]) for member, key in period.items() if key in props},
    }


def _named(it: str) -> dict[str, str]:
    account, _, name = it.partition(":")
    return {"AccountId": account, "BudgetName": name}


def _create(aws: Region, props: Props) -> str:
    account, name = props.get("accountId") or account_id(aws), props["name"]
    tags = {"ResourceTags": tag_list(props["tagsAll"])} if props.get("tagsAll") else {}
    aws.call("budgets", "CreateBudget", AccountId=account, Budget=_budget(name, props), **tags)
    return f"{account}:{name}"


def _update(aws: Region, it: str, props: Props) -> None:
    account, _, name = it.partition(":")
    aws.call("budgets", "UpdateBudget", AccountId=account, NewBudget=_budget(name, props))


def _notices(aws: Region, it: str) -> list[dict[str, Any]]:
    return aws.call("budgets", "DescribeNotificationsForBudget", **_named(it))["Notifications"]


def _notify(aws: Region, it: str, props: Props) -> None:
    """As the real provider: all that stand go, and the wanted ones come."""
    for notice in _notices(aws, it):
        aws.call("budgets", "DeleteNotification", **_named(it), Notification=notice)
    wanted: list[Props] = props.get("notifications") or []
    for one in wanted:
        notice: dict[str, Any] = {name[0].upper() + name[1:]: one[name] for name in NOTICE}
        addresses: dict[str, list[str]] = {kind: one.get(name) or [] for kind, name in SUBSCRIBERS.items()}
        told = [{"SubscriptionType": kind, "Address": each} for kind in addresses for each in addresses[kind]]
        aws.call("budgets", "CreateNotification", **_named(it), Notification=notice, Subscribers=told)


def _notice(aws: Region, it: str, notice: dict[str, Any]) -> Props:
    props: Props = {name: notice[name[0].upper() + name[1:]] for name in NOTICE}
    told = aws.call("budgets", "DescribeSubscribersForNotification", **_named(it), Notification=notice)["Subscribers"]
    for one in told:
        props.setdefault(SUBSCRIBERS[one["SubscriptionType"]], []).append(one["Address"])
    return props


def _arn(aws: Region, it: str) -> str:
    account, _, name = it.partition(":")
    return f"arn:aws:budgets::{account}:budget/{name}"


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("budgets", "DescribeBudget", "Budget", GONE, **_named(it))
    if found is None:
        return None
    period, tags = found["TimePeriod"], aws.call("budgets", "ListTagsForResource", ResourceARN=_arn(aws, it))
    return {
        "accountId": it.partition(":")[0],
        "arn": _arn(aws, it),
        "budgetType": found["BudgetType"],
        "limitAmount": found["BudgetLimit"]["Amount"],
        "limitUnit": found["BudgetLimit"]["Unit"],
        "name": found["BudgetName"],
        "notifications": [_notice(aws, it, notice) for notice in _notices(aws, it)],
        "tags": tag_map(tags.get("ResourceTags")),
        "timePeriodEnd": period["End"].astimezone(UTC).strftime(TIME),
        "timePeriodStart": period["Start"].astimezone(UTC).strftime(TIME),
        "timeUnit": found["TimeUnit"],
    }


TYPES = (
    AwsType(
        type="aws:budgets/budget:Budget",
        constraints=BUDGET,
        create=_create,
        sent=LIMIT | {"accountId", "name"},
        read=_read,
        delete=lambda aws, it, _: aws.find("budgets", "DeleteBudget", "@", GONE, **_named(it)),
        settings=(
            Setting(inputs=tuple(sorted(LIMIT)), apply=_update),
            Setting(inputs=("notifications",), apply=_notify),
        ),
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call(
                "budgets", "TagResource", ResourceARN=_arn(aws, it), ResourceTags=tag_list(tags)
            ),
            drop=lambda aws, it, gone: aws.call(
                "budgets", "UntagResource", ResourceARN=_arn(aws, it), ResourceTagKeys=gone
            ),
        ),
        auto_name=AutoName(max_length=100),
        census=Census(
            service="budgets",
            operation="DescribeBudgets",
            path="Budgets[].join(':', ['{account}', BudgetName])",
            params={"AccountId": "{account}"},
        ),
    ),
)
