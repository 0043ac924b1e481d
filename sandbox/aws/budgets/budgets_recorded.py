"""Budgets: moto makes them and changes none, and forgets whom their notices go to."""

from datetime import UTC, datetime
from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing, now

MOST_ADDRESSES = 10
FOREVER = datetime(2087, 6, 15, tzinfo=UTC)
NOTICES, TAGS = "notices", "tags"
"""Kept with a budget, and told by calls of their own."""


def _find(place: Place, account: str, name: str) -> Thing:
    found = place.shelf("budget").get((account, name))
    if found is None:
        raise Refusal("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
    return found


def _of(place: Place, asked: Thing) -> Thing:
    return _find(place, asked["AccountId"], asked["BudgetName"])


def _told(budget: Thing) -> Thing:
    return {name: value for name, value in budget.items() if name not in (NOTICES, TAGS)}


def _whole(budget: Thing) -> Thing:
    if not budget.keys() & {"BudgetLimit", "PlannedBudgetLimits", "AutoAdjustData"}:
        message = "Unable to create/update budget - please provide one of the followings: Budget Limit"
        raise Refusal("InvalidParameterException", message)
    start = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = {name: time.replace(tzinfo=UTC) for name, time in budget.get("TimePeriod", {}).items()}
    period: Thing = {"Start": start, "End": FOREVER, **given}
    if period["Start"] >= period["End"]:
        raise Refusal("InvalidParameterException", "Start time should be before end time.")
    return {**budget, "TimePeriod": period}


def _create(place: Place, asked: Thing) -> Thing:
    budget, key = asked["Budget"], (asked["AccountId"], asked["Budget"]["BudgetName"])
    if key in place.shelf("budget"):
        raise Refusal("DuplicateRecordException", f"Error creating budget: {key[1]} - the budget already exists.")
    tags = {tag["Key"]: tag["Value"] for tag in asked.get("ResourceTags", [])}
    place.shelf("budget")[key] = {**_whole(budget), NOTICES: [], TAGS: tags}
    for one in asked.get("NotificationsWithSubscribers", []):
        _notify(place, {**asked, "BudgetName": key[1], **one})
    return {}


def _update(place: Place, asked: Thing) -> Thing:
    found = _find(place, asked["AccountId"], asked["NewBudget"]["BudgetName"])
    found |= _whole({"TimePeriod": found["TimePeriod"], **asked["NewBudget"]})
    return {}


def _delete(place: Place, asked: Thing) -> Thing:
    _of(place, asked)
    del place.shelf("budget")[asked["AccountId"], asked["BudgetName"]]
    return {}


def _notify(place: Place, asked: Thing) -> Thing:
    """To one topic and ten addresses (Cost Management guide, "Budgets quotas")."""
    notices: list[Thing] = _of(place, asked)[NOTICES]
    notice = {"ThresholdType": "PERCENTAGE", **asked["Notification"]}
    if any(one["Notification"] == notice for one in notices):
        raise Refusal("DuplicateRecordException", "Unable to create notification - it already exists.")
    kinds = [one["SubscriptionType"] for one in asked["Subscribers"]]
    if kinds.count("SNS") > 1 or kinds.count("EMAIL") > MOST_ADDRESSES:
        raise Refusal("CreationLimitExceededException", "A notification has one SNS topic and ten e-mail addresses.")
    notices.append({"Notification": notice, "Subscribers": asked["Subscribers"]})
    return {}


def _notice(place: Place, asked: Thing) -> Thing:
    wanted = {"ThresholdType": "PERCENTAGE", **asked["Notification"]}
    found = next((one for one in _of(place, asked)[NOTICES] if one["Notification"] == wanted), None)
    if found is None:
        raise Refusal("NotFoundException", "Unable to get the notification - it doesn't exist.")
    return found


def _forget(place: Place, asked: Thing) -> Thing:
    found = _notice(place, asked)
    _of(place, asked)[NOTICES].remove(found)
    return {}


def _by_arn(place: Place, asked: Thing) -> Thing:
    *_, account, resource = asked["ResourceARN"].split(":")
    return _find(place, account, resource.removeprefix("budget/"))


def _tag(place: Place, asked: Thing) -> Thing:
    _by_arn(place, asked)[TAGS].update({tag["Key"]: tag["Value"] for tag in asked["ResourceTags"]})
    return {}


def _untag(place: Place, asked: Thing) -> Thing:
    for key in asked["ResourceTagKeys"]:
        _by_arn(place, asked)[TAGS].pop(key, None)
    return {}


def _tags(place: Place, asked: Thing) -> Thing:
    tags: dict[str, Any] = _by_arn(place, asked)[TAGS]
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


ANSWERS: Answers = {
    "CreateBudget": _create,
    "DescribeBudget": lambda place, asked: {"Budget": _told(_of(place, asked))},
    "DescribeBudgets": lambda place, asked: {
        "Budgets": [_told(one) for (account, _), one in place.shelf("budget").items() if account == asked["AccountId"]]
    },
    "UpdateBudget": _update,
    "DeleteBudget": _delete,
    "CreateNotification": _notify,
    "DeleteNotification": _forget,
    "DescribeNotificationsForBudget": lambda place, asked: {
        "Notifications": [one["Notification"] for one in _of(place, asked)[NOTICES]]
    },
    "DescribeSubscribersForNotification": lambda place, asked: {"Subscribers": _notice(place, asked)["Subscribers"]},
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _tags,
}
