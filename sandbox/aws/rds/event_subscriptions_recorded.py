"""RDS: who is told what happens. moto changes no subscription, and asks neither for its topic nor for its sources."""

import json
from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing

PUBLISHER = "events.rds.amazonaws.com"
CATEGORIES = {
    *("availability", "backtrack", "backup", "configuration change", "creation", "deletion", "failover", "failure"),
    *("low storage", "maintenance", "notification", "read replica", "recovery", "restoration", "security"),
    "security patching",
}
"""Of instances (RDS guide, "Amazon RDS event categories and event messages")."""


def _require(place: Place, asked: Thing) -> None:
    arn = asked.get("SnsTopicArn")
    topic = place.of("sns").topics.get(arn) if arn else None
    if arn and topic is None:
        raise Refusal("SNSTopicArnNotFound", f"SNS topic ARN {arn} does not exist.")
    if topic and not any(_lets_in(one) for one in json.loads(topic.policy)["Statement"]):
        raise Refusal("SNSNoAuthorization", f"You do not have permission to publish to the SNS topic ARN {arn}.")
    sources: list[str] = asked.get("SourceIds", [])
    if sources and "SourceType" not in asked:
        raise Refusal("InvalidParameterCombination", "SourceType must be specified when SourceIds are.")
    for source in sources:
        _require_source(place, asked.get("SourceType"), source)
    unknown = set(asked.get("EventCategories", ())) - CATEGORIES
    if asked.get("SourceType") == "db-instance" and unknown:
        raise Refusal("SubscriptionCategoryNotFound", f"The supplied category does not exist: {min(unknown)}")


def _lets_in(statement: Thing) -> bool:
    principal: Any = statement.get("Principal", {})
    service = principal.get("Service", ()) if isinstance(principal, dict) else ()  # pyright: ignore
    services = [service] if isinstance(service, str) else service  # pyright: ignore[reportUnknownVariableType]
    return statement["Effect"] == "Allow" and PUBLISHER in services


def _require_source(place: Place, kind: str | None, source: str) -> None:
    if kind == "db-instance" and source not in place.backend.databases:
        raise Refusal("SourceNotFound", f"Could not find source: {source}")


def _create(place: Place, asked: Thing) -> Thing:
    _require(place, asked)
    names = {"SnsTopicArn": "sns_topic_arn", "SubscriptionName": "subscription_name", "SourceType": "source_type"}
    given = {name: asked.get(member) for member, name in names.items()}
    lists = {"event_categories": asked.get("EventCategories", []), "source_ids": asked.get("SourceIds", [])}
    rest = {"enabled": asked.get("Enabled", True), "tags": asked.get("Tags", [])}
    return {"EventSubscription": place.backend.create_event_subscription({**given, **lists, **rest})}


def _find(place: Place, asked: Thing) -> Any:
    return place.backend.describe_event_subscriptions(asked["SubscriptionName"])[0]


def _modify(place: Place, asked: Thing) -> Thing:
    found = _find(place, asked)
    _require(place, {"SourceType": found.source_type, **asked})
    found.sns_topic_arn = asked.get("SnsTopicArn", found.sns_topic_arn)
    found.source_type = asked.get("SourceType", found.source_type)
    found.event_categories = asked.get("EventCategories", found.event_categories)
    found.enabled = asked.get("Enabled", found.enabled)
    return {"EventSubscription": found}


def _add(place: Place, asked: Thing) -> Thing:
    found = _find(place, asked)
    _require_source(place, found.source_type, asked["SourceIdentifier"])
    found.source_ids = sorted({*found.source_ids, asked["SourceIdentifier"]})
    return {"EventSubscription": found}


def _remove(place: Place, asked: Thing) -> Thing:
    found = _find(place, asked)
    found.source_ids = [source for source in found.source_ids if source != asked["SourceIdentifier"]]
    return {"EventSubscription": found}


ANSWERS: Answers = {
    "CreateEventSubscription": _create,
    "ModifyEventSubscription": _modify,
    "AddSourceIdentifierToSubscription": _add,
    "RemoveSourceIdentifierFromSubscription": _remove,
}
