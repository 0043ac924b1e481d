"""One case or more for each resource type of AWS WAF."""

from typing import Any

from tests.support.domain_world import EDGE
from tests.support.resource_case import TAGS, Case
from tests.support.world import World


def seen(name: str) -> dict[str, Any]:
    return {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}


def starts(path: str) -> dict[str, Any]:
    match = {"searchString": path, "positionalConstraint": "STARTS_WITH", "fieldToMatch": {"uriPath": {}}}
    return {"byteMatchStatement": {**match, "textTransformations": [{"priority": 0, "type": "LOWERCASE"}]}}


def not_(statement: dict[str, Any]) -> dict[str, Any]:
    return {"notStatement": {"statement": statement}}


def rule(priority: int, name: str, statement: dict[str, Any], **action: Any) -> dict[str, Any]:
    does = action or {"action": {"block": {}}}
    return {"priority": priority, "name": name, "statement": statement, "visibilityConfig": seen(name), **does}


def group(name: str, **others: Any) -> dict[str, Any]:
    return {"managedRuleGroupStatement": {"vendorName": "AWS", "name": name, **others}}


def rate(limit: int, **others: Any) -> dict[str, Any]:
    return {"rateBasedStatement": {"limit": limit, "aggregateKeyType": "IP", **others}}


COUNTED = [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}]
RULES = [
    rule(0, "everybody", rate(2000)),
    rule(
        1,
        "sign-in",
        rate(
            100,
            evaluationWindowSec=60,
            scopeDownStatement={"orStatement": {"statements": [starts("/api/login"), not_(starts("/api"))]}},
        ),
        action={"block": {"customResponse": {"responseCode": 429, "customResponseBodyKey": "slow"}}},
    ),
    rule(
        2,
        "common",
        group("AWSManagedRulesCommonRuleSet", ruleActionOverrides=COUNTED),
        overrideAction={"none": {}},
    ),
    rule(3, "inputs", group("AWSManagedRulesKnownBadInputsRuleSet"), overrideAction={"count": {}}),
]
LATER = [rule(0, "all", rate(10), ruleLabels=[{"name": "shop:fast"}], action={"count": {}})]
SLOW = {"key": "slow", "contentType": "TEXT_PLAIN", "content": "slow down"}


def acl(**others: Any) -> dict[str, Any]:
    return {"scope": "CLOUDFRONT", "defaultAction": {"allow": {}}, "visibilityConfig": seen("shop"), **others}


def immunity(seconds: int) -> dict[str, Any]:
    return {"immunityTimeProperty": {"immunityTime": seconds}}


def open_all(w: World, it: str) -> None:
    waf = w.client("wafv2", EDGE)
    (listed,) = [one for one in waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"] if one["Id"] == it]
    found = waf.get_web_acl(Name=listed["Name"], Scope="CLOUDFRONT", Id=it)
    kept = {name: found["WebACL"][name] for name in ("DefaultAction", "VisibilityConfig", "Description")}
    named = {"Name": listed["Name"], "Scope": "CLOUDFRONT", "Id": it}
    waf.update_web_acl(**named, LockToken=found["LockToken"], Rules=[], **kept)


def keep_all(w: World, it: str) -> None:
    waf = w.client("wafv2", EDGE)
    kept = waf.get_logging_configuration(ResourceArn=it)["LoggingConfiguration"]
    waf.put_logging_configuration(LoggingConfiguration={name: kept[name] for name in kept if name != "LoggingFilter"})


def only(action: str) -> dict[str, Any]:
    kept = {"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": action}}]}
    return {"defaultBehavior": "DROP", "filters": [kept]}


WAFV2 = [
    Case(
        type="aws:wafv2/webAcl:WebAcl",
        region=EDGE,
        inputs=lambda _: acl(name="edge", description="the edge", rules=RULES, customResponseBodies=[SLOW], tags=TAGS),
        changes={
            "captchaConfig": lambda _: immunity(300),
            "challengeConfig": lambda _: immunity(600),
            "customResponseBodies": lambda _: None,
            "defaultAction": lambda _: {"block": {}},
            "description": lambda _: "another",
            "rules": lambda _: LATER,
            "tokenDomains": lambda _: ["shop.example"],
            "visibilityConfig": lambda _: seen("other"),
        },
        outside=open_all,
        shows="rules",
    ),
    Case(
        type="aws:wafv2/webAcl:WebAcl",
        also="prefix",
        inputs=lambda _: acl(namePrefix="shop-") | {"scope": "REGIONAL"},
    ),
    Case(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        region=EDGE,
        inputs=lambda w: {
            "resourceArn": w.edge_firewall,
            "logDestinationConfigs": [w.edge_logs],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}, {"queryString": {}}],
            "loggingFilter": only("BLOCK"),
        },
        changes={
            "redactedFields": lambda _: [{"uriPath": {}}, {"method": {}}],
            "loggingFilter": lambda _: only("COUNT"),
        },
        outside=keep_all,
        shows="loggingFilter",
    ),
]
