"""AWS WAF: what the rules of a web ACL must be. moto asks for none of it."""

from sandbox.aws.record import Place, Refusal, Thing
from sandbox.aws.wafv2.capacity_recorded import MAX_UNITS, nested, statements, units

EDGE, EDGE_REGION = "CLOUDFRONT", "us-east-1"
ACLS, LOGGING = "web ACL", "logging configuration"
WINDOWS = (60, 120, 300, 600)
GROUPS = {"ManagedRuleGroupStatement", "RuleGroupReferenceStatement"}
OUTERMOST = {*GROUPS, "RateBasedStatement"}
"""What no other statement holds."""
EXACTLY_ONE = "You have used none or multiple values for a field that requires exactly one value."
TOO_FEW = (
    "You haven't met a minimum requirement for a threshold setting. Examples include a rule group capacity setting "
    "that's too low and an OR statement with only one nested statement."
)


def invalid(reason: str, field: str, parameter: object) -> Refusal:
    return Refusal("WAFInvalidParameterException", f"Error reason: {reason}, field: {field}, parameter: {parameter}")


def require_scope(place: Place, scope: str) -> None:
    """CloudFront's are made and asked for in one region."""
    if scope == EDGE and place.region != EDGE_REGION:
        raise invalid("The scope is not valid.", "SCOPE_VALUE", scope)


def check(asked: Thing) -> int:
    """Refuse what AWS WAF refuses of a web ACL, new or changed; else how many units it takes."""
    rules: list[Thing] = asked.get("Rules", [])
    if len(asked["DefaultAction"]) != 1:
        raise invalid(EXACTLY_ONE, "DEFAULT_ACTION", "DefaultAction")
    for member, field in (("Priority", "RULE"), ("Name", "RULE")):
        values = [rule[member] for rule in rules]
        if twice := [value for value in values if values.count(value) > 1]:
            raise invalid(f"Two rules have the same {member.lower()}.", field, twice[0])
    for rule in rules:
        _check_rule(rule)
        _check_bodies(asked, rule.get("Action", {}))
    _check_bodies(asked, asked["DefaultAction"])
    if (taken := units(rules)) > MAX_UNITS:
        reason = "Error reason: You exceeded the capacity limit for a rule group or web ACL."
        raise Refusal("WAFLimitsExceededException", f"{reason}, field: WEB_ACL, parameter: {taken}")
    return taken


def _check_rule(rule: Thing) -> None:
    if len(rule["Statement"]) != 1:
        raise invalid(EXACTLY_ONE, "STATEMENT", "Statement")
    (kind,) = rule["Statement"]
    wanted, other = ("OverrideAction", "Action") if kind in GROUPS else ("Action", "OverrideAction")
    if other in rule or len(rule.get(wanted, {})) != 1:
        raise invalid(EXACTLY_ONE, "RULE", "Rule")
    for kind, it in statements(rule["Statement"]):
        _check_nested(kind, it)
        if kind == "RateBasedStatement":
            _check_rate(it)


def _check_nested(kind: str, it: Thing) -> None:
    if kind in ("AndStatement", "OrStatement") and len(it["Statements"]) < 2:  # noqa: PLR2004 - one needs no other
        raise invalid(TOO_FEW, f"{kind[:-9].upper()}_STATEMENT", kind)
    for inner in nested(it):
        if len(inner) != 1:
            raise invalid(EXACTLY_ONE, "STATEMENT", "Statement")
        if inner.keys() & OUTERMOST:
            reason = "Your nested statement isn't valid. You might have tried to nest a statement that can't be nested."
            raise invalid(reason, "STATEMENT", next(iter(inner)))


def _check_rate(it: Thing) -> None:
    if it.get("EvaluationWindowSec", 300) not in WINDOWS:
        raise invalid("The evaluation window is not valid.", "RATE_BASED_STATEMENT", it["EvaluationWindowSec"])
    kind = it["AggregateKeyType"]
    if (kind == "CUSTOM_KEYS") != bool(it.get("CustomKeys")) or (kind == "CONSTANT" and "ScopeDownStatement" not in it):
        raise invalid(EXACTLY_ONE, "RATE_BASED_STATEMENT", kind)
    if (kind == "FORWARDED_IP") and "ForwardedIPConfig" not in it:
        raise invalid(EXACTLY_ONE, "FORWARDED_IP_CONFIG", kind)


def _check_bodies(asked: Thing, action: Thing) -> None:
    key = action.get("Block", {}).get("CustomResponse", {}).get("CustomResponseBodyKey")
    if key and key not in asked.get("CustomResponseBodies", {}):
        raise invalid("The custom response body is not defined.", "CUSTOM_RESPONSE_BODY", key)
