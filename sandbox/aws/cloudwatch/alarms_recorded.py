"""CloudWatch: alarms. moto has none on the states of others, and asks for nothing of those on metrics."""

import re

from sandbox.aws.record import Answers, Place, Refusal, Shelf, Thing, now

KINDS = ("MetricAlarm", "CompositeAlarm")
DAY_SECONDS, HOUR_SECONDS = 86_400, 3_600
NAMED = re.compile(r"""\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()"']+))\s*\)""")
STATES_ALONE = re.compile(r"[\s()]|\b(AND|OR|NOT|TRUE|FALSE)\b")
"""What is left of a rule without the alarms it names, if it is one."""


def _alarms(place: Place) -> Shelf:
    return place.shelf("alarm")


def invalid(message: str) -> Refusal:
    return Refusal("ValidationError", message)


def _put_metric(place: Place, asked: Thing) -> Thing:
    _require_watch(asked)
    _require_time(asked)
    return _put(place, asked, "MetricAlarm")


def _require_watch(asked: Thing) -> None:
    """One metric, or queries of which one alone is watched; no search, which may find more at any time."""
    queries: list[Thing] = asked.get("Metrics", [])
    if bool(queries) == bool(asked.get("MetricName")):
        raise invalid("Exactly one of MetricName and Metrics must be set.")
    if not queries:
        if missing := [name for name in ("Namespace", "Period") if name not in asked]:
            raise invalid(f"The parameter {missing[0]} is required for an alarm on a metric.")
        return
    if sum(query.get("ReturnData", True) for query in queries) != 1:
        raise invalid("Exactly one element of the metrics list should return data.")
    for expression in (query.get("Expression", "") for query in queries):
        if re.match(r"\s*SEARCH\b", expression):
            raise invalid("SEARCH is not supported on Metric Alarms.")
        if "GROUP BY" in expression and "ORDER BY" not in expression:
            raise invalid("An alarm on several time series wants GROUP BY and ORDER BY in its query.")


def _require_time(asked: Thing) -> None:
    """What is looked back on: a day, or seven for periods of an hour and more."""
    queries: list[Thing] = asked.get("Metrics", [])
    stated = [asked.get("Period"), *(one.get("Period") or one.get("MetricStat", {}).get("Period") for one in queries)]
    period = max(one for one in (*stated, 0) if one is not None)
    longest = DAY_SECONDS if period < HOUR_SECONDS else 7 * DAY_SECONDS
    if asked["EvaluationPeriods"] * period > longest:
        raise invalid(f"Metrics cannot be checked across more than (EvaluationPeriods * Period) {longest} seconds.")
    if asked.get("DatapointsToAlarm", 1) > asked["EvaluationPeriods"]:
        raise invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")


def _put_composite(place: Place, asked: Thing) -> Thing:
    rule = asked["AlarmRule"]
    if STATES_ALONE.sub("", NAMED.sub("", rule)):
        raise invalid("AlarmRule syntax is not valid.")
    if missing := [name for name in named_in(rule) if (name,) not in _alarms(place)]:
        message = f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist"
        raise invalid(message)
    return _put(place, asked, "CompositeAlarm")


def named_in(rule: str) -> list[str]:
    """The alarms whose states a rule asks, by name or ARN."""
    found: list[tuple[str, ...]] = NAMED.findall(rule)
    return ["".join(one).rpartition(":alarm:")[2] for one in found]


def _put(place: Place, asked: Thing, kind: str) -> Thing:
    """Over one of its name, of which the state stays. Notices go to topics of the alarm's own region alone."""
    for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for target in asked.get(name, []):
            region = target.split(":")[3]
            if target.startswith("arn:aws:sns:") and region != place.region:
                raise invalid(f"Invalid region {region} specified. Only {place.region} is supported.")
    key, at = (asked["AlarmName"],), now()
    arn = place.arn(f"alarm:{asked['AlarmName']}")
    before = _alarms(place).get(key)
    if before is None:
        place.backend.tagger.tag_resource(arn, asked.get("Tags", []))
        before = {"StateValue": "INSUFFICIENT_DATA", "StateReason": "Unchecked", "StateUpdatedTimestamp": at}
    state = {name: before[name] for name in before if name.startswith("State")}
    kept = {name: value for name, value in asked.items() if name != "Tags"}
    actions: Thing = {"ActionsEnabled": True, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}
    found = {"kind": kind, "AlarmArn": arn, "AlarmConfigurationUpdatedTimestamp": at}
    _alarms(place)[key] = {**actions, **kept, **state, **found}
    return {}


def _describe(place: Place, asked: Thing) -> Thing:
    """Those on metrics alone, unless the others are asked for."""
    wanted = asked.get("AlarmTypes") or KINDS[:1]
    found = [
        one
        for one in _alarms(place).values()
        if one["AlarmName"] in asked.get("AlarmNames", [one["AlarmName"]])
        if one["AlarmName"].startswith(asked.get("AlarmNamePrefix", ""))
        if one["StateValue"] == asked.get("StateValue", one["StateValue"])
    ]
    return {f"{kind}s": [one for one in found if one["kind"] == kind and kind in wanted] for kind in KINDS}


def _delete(place: Place, asked: Thing) -> Thing:
    names: list[str] = asked["AlarmNames"]
    for alarm in _alarms(place).values():
        asks = set(named_in(alarm.get("AlarmRule", ""))).intersection(names)
        if asks and alarm["AlarmName"] not in names:
            raise invalid(f"Cannot delete {min(asks)} as there are composite alarm(s) depending on it.")
    for name in names:
        found = _alarms(place).pop((name,), None)
        if found is None:
            raise Refusal("ResourceNotFound", f"Alarms not found: [{name}]")
        place.backend.tagger.delete_all_tags_for_resource(found["AlarmArn"])
    return {}


def _tag(place: Place, asked: Thing) -> Thing:
    if all(alarm["AlarmArn"] != asked["ResourceARN"] for alarm in _alarms(place).values()):
        raise Refusal("ResourceNotFoundException", f"Unknown: {asked['ResourceARN']}")
    place.backend.tagger.tag_resource(asked["ResourceARN"], asked["Tags"])
    return {}


def _set_state(place: Place, asked: Thing) -> Thing:
    found = _alarms(place).get((asked["AlarmName"],))
    if found is None:
        raise Refusal("ResourceNotFound", "Alarm not found.")
    found |= {"StateValue": asked["StateValue"], "StateReason": asked["StateReason"], "StateUpdatedTimestamp": now()}
    return {}


ANSWERS: Answers = {
    "PutMetricAlarm": _put_metric,
    "PutCompositeAlarm": _put_composite,
    "DescribeAlarms": _describe,
    "DeleteAlarms": _delete,
    "SetAlarmState": _set_state,
    "TagResource": _tag,
}
