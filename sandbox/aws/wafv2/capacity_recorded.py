"""AWS WAF: what a web ACL may ask of each request, in web ACL capacity units (the WAF guide, "Rule statements")."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.aws.record import Refusal, Thing

MAX_UNITS = 5000
MANAGED = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesATPRuleSet": 50,
    "AWSManagedRulesACFPRuleSet": 50,
    "AWSManagedRulesAntiDDoSRuleSet": 50,
}
"""AWS's own groups (the guide, "AWS Managed Rules rule groups list"); those of other vendors are not known here."""
RATE, CUSTOM_KEY, TRANSFORMATION, ALL_ARGUMENTS = 2, 30, 10, 10
PER_MATCH = {"EXACTLY": 2, "STARTS_WITH": 2, "ENDS_WITH": 2, "CONTAINS": 10, "CONTAINS_WORD": 10}
BASE: dict[str, Callable[[Thing], int]] = {
    "ByteMatchStatement": lambda it: PER_MATCH[it["PositionalConstraint"]],
    "RegexMatchStatement": lambda it: 3,
    "RegexPatternSetReferenceStatement": lambda it: 25,
    "SizeConstraintStatement": lambda it: 1,
    "SqliMatchStatement": lambda it: 30 if it.get("SensitivityLevel") == "HIGH" else 20,
    "XssMatchStatement": lambda it: 40,
    "GeoMatchStatement": lambda it: 1,
    "AsnMatchStatement": lambda it: 1,
    "IPSetReferenceStatement": lambda it: 1,
    "LabelMatchStatement": lambda it: 1,
}


def units(rules: list[Thing]) -> int:
    """Raise Refusal for a group of which nobody knows what it takes."""
    return sum(_statement(rule["Statement"]) for rule in rules)


def statements(statement: Thing) -> Iterator[tuple[str, Thing]]:
    """Its kind and what it says, and those of all that is nested in it, from the outside in."""
    for kind, it in statement.items():
        yield kind, it
        for one in nested(it):
            yield from statements(one)


def nested(it: Thing) -> list[Thing]:
    alone = [it[member] for member in ("ScopeDownStatement", "Statement") if member in it]
    return [*alone, *it.get("Statements", [])]


def _statement(statement: Thing) -> int:
    return sum(_own(kind, it) + sum(map(_statement, nested(it))) for kind, it in statement.items())


def _own(kind: str, it: Thing) -> int:
    if kind == "RateBasedStatement":
        return RATE + CUSTOM_KEY * len(it.get("CustomKeys", []))
    if kind == "ManagedRuleGroupStatement":
        return _managed(it)
    return _matched(it, BASE[kind](it)) if kind in BASE else 0


def _matched(it: Thing, base: int) -> int:
    """Each way in which the text is made plain first costs as much as a search; to leave it as it is costs nothing."""
    field: Thing = it.get("FieldToMatch", {})
    changes: list[Any] = [one for one in it.get("TextTransformations", []) if one["Type"] != "NONE"]
    base = base * 2 if "JsonBody" in field else base
    return base + TRANSFORMATION * len(changes) + (ALL_ARGUMENTS if "AllQueryArguments" in field else 0)


def _managed(it: Thing) -> int:
    if it["VendorName"] != "AWS" or it["Name"] not in MANAGED:
        message = f"AWS WAF couldn't find the managed rule group {it['VendorName']} {it['Name']}."
        raise Refusal("WAFNonexistentItemException", message)
    return MANAGED[it["Name"]]
