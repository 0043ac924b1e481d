"""AWS WAF of the sandbox: what it refuses of a web ACL and of its log, and what its rules take."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.services import TYPES
from sandbox.providers.table import refusals, with_defaults
from tests.support.cloudfront_cases import distribution
from tests.support.wafv2_cases import COUNTED, RULES, acl, group, rate, rule, starts

ACL = TYPES["aws:wafv2/webAcl:WebAcl"]
LOG = TYPES["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"]
FRONT = TYPES["aws:cloudfront/distribution:Distribution"]
LETTERS = "abcdefgh"


def made(aws: Region, *rules: dict[str, Any], **others: Any) -> str:
    return ACL.create(aws, with_defaults(ACL.constraints, acl(name="edge", rules=list(rules), **others)))


def capacity(aws: Region, *rules: dict[str, Any]) -> int:
    found = ACL.read(aws, made(aws, *rules), {})
    assert found is not None
    return found["capacity"]


def matched(constraint: str = "CONTAINS", change: str = "NONE", **field: Any) -> dict[str, Any]:
    match = {"searchString": "x", "positionalConstraint": constraint, "fieldToMatch": field or {"uriPath": {}}}
    return {"byteMatchStatement": {**match, "textTransformations": [{"priority": 0, "type": change}]}}


def both(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"andStatement": {"statements": list(statements)}}


JSON_BODY = {"jsonBody": {"matchPattern": {"all": {}}, "matchScope": "ALL"}}
QUERY = {"queryString": {}}
PLAIN = {"fieldToMatch": QUERY, "textTransformations": [{"priority": 0, "type": "NONE"}]}
COSTS = [
    (rate(100), 2),
    (rate(100, scopeDownStatement=starts("/a")), 2 + 2 + 10),
    (rate(100, aggregateKeyType="CUSTOM_KEYS", customKeys=[{"ip": {}}, {"httpMethod": {}}]), 2 + 60),
    (matched(), 10),
    (matched("EXACTLY"), 2),
    (matched("EXACTLY", "LOWERCASE"), 12),
    (matched("EXACTLY", **JSON_BODY), 4),
    (matched("EXACTLY", allQueryArguments={}), 12),
    (both(matched("EXACTLY"), {"notStatement": {"statement": {"geoMatchStatement": {"countryCodes": ["BD"]}}}}), 3),
    ({"regexMatchStatement": {"regexString": "a+", **PLAIN}}, 3),
    ({"sqliMatchStatement": PLAIN}, 20),
    ({"sqliMatchStatement": {**PLAIN, "sensitivityLevel": "HIGH"}}, 30),
    ({"xssMatchStatement": PLAIN}, 40),
    ({"sizeConstraintStatement": {**PLAIN, "comparisonOperator": "GT", "size": 8192}}, 1),
    ({"labelMatchStatement": {"scope": "LABEL", "key": "shop:fast"}}, 1),
]


@pytest.mark.parametrize(("statement", "cost"), COSTS, ids=[str(number) for number in range(len(COSTS))])
def test_a_rule_takes_what_the_guide_says(statement, cost, world, edge):
    assert capacity(edge, rule(0, "one", statement)) == cost


def test_managed_groups_take_what_is_published_and_rules_add_up(world, edge):
    assert capacity(edge, *(one for one in RULES if one["name"] != "sign-in")) == 2 + 700 + 200


COMMON = group("AWSManagedRulesCommonRuleSet", ruleActionOverrides=COUNTED)
BLOCK, NONE = {"action": {"block": {}}}, {"overrideAction": {"none": {}}}
ANSWER = {"responseCode": 429, "customResponseBodyKey": "no"}
ONE = rule(0, "one", rate(100))
REFUSED = [
    ([ONE, rule(0, "two", rate(100))], "Two rules have the same priority"),
    ([ONE, rule(1, "one", rate(100))], "Two rules have the same name"),
    ([rule(0, "one", {})], "none or multiple values.*STATEMENT"),
    ([rule(0, "one", rate(100) | matched())], "none or multiple values.*STATEMENT"),
    ([rule(0, "one", rate(100, scopeDownStatement={**matched(), "sqliMatchStatement": PLAIN}))], "none or.*STATEMENT"),
    ([rule(0, "one", COMMON, **BLOCK)], "none or multiple values.*RULE"),
    ([rule(0, "one", rate(100), **NONE)], "none or multiple values.*RULE"),
    ([rule(0, "one", rate(100), **BLOCK, **NONE)], "none or multiple values.*RULE"),
    ([rule(0, "one", both(matched()))], "minimum requirement for a threshold setting.*AND_STATEMENT"),
    ([rule(0, "one", both(matched(), rate(100)))], "tried to nest a statement"),
    ([rule(0, "one", rate(100, scopeDownStatement=rate(100)))], "tried to nest a statement"),
    ([rule(0, "one", rate(100, evaluationWindowSec=90))], "evaluation window is not valid"),
    ([rule(0, "one", rate(100, aggregateKeyType="CONSTANT"))], "RATE_BASED_STATEMENT, parameter: CONSTANT"),
    ([rule(0, "one", rate(100, aggregateKeyType="CUSTOM_KEYS"))], "RATE_BASED_STATEMENT, parameter: CUSTOM_KEYS"),
    ([rule(0, "one", rate(100, aggregateKeyType="FORWARDED_IP"))], "FORWARDED_IP_CONFIG"),
    ([rule(0, "one", rate(9))], "Limit.*10"),
    ([rule(0, "one", group("AWSManagedRulesNoSuchSet"), **NONE)], "WAFNonexistentItemException"),
    ([rule(n, one, COMMON, **NONE) for n, one in enumerate(LETTERS)], "WAFLimitsExceededException.*parameter: 5600"),
    (
        [rule(0, "one", rate(100), action={"block": {"customResponse": ANSWER}})],
        "CUSTOM_RESPONSE_BODY, parameter: no",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "told"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_waf_refuses(rules, told, world, edge):
    with pytest.raises(AwsError, match=told):
        made(edge, *rules)
    it = made(edge)
    with pytest.raises(AwsError, match=told):
        ACL.settings[0].apply(edge, it, acl(name="edge", rules=rules))


def test_more_than_comes_free_of_charge_is_no_more_than_dearer(world, edge):
    assert capacity(edge, *(rule(number, name, COMMON, **NONE) for number, name in enumerate(LETTERS[:7]))) == 4900


def test_the_firewalls_of_cloudfront_are_in_one_region(world, home):
    with pytest.raises(AwsError, match=r"The scope is not valid\., field: SCOPE_VALUE, parameter: CLOUDFRONT"):
        made(home)


def test_two_of_a_scope_have_two_names_and_an_action_by_default(world, edge):
    made(edge)
    with pytest.raises(AwsError, match="WAFDuplicateItemException"):
        made(edge)
    with pytest.raises(AwsError, match="DEFAULT_ACTION"):
        ACL.create(edge, acl(name="two") | {"defaultAction": {"allow": {}, "block": {}}})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rules": [rule(0, "one", rate(5))]}, "rateBasedStatement.limit to be in the range"),
        ({"rules": [rule(0, "one", rate(100, evaluationWindowSec=90))]}, "evaluationWindowSec to be one of"),
        ({"rules": [rule(0, "", rate(100))]}, "rules.name to be in the range"),
        ({"rules": [{"name": "one", "priority": 0}]}, 'argument "rules.statement" is required'),
        ({"rules": [rule(0, "one", matched(singleHeader={"name": "User-Agent"}))]}, "only lowercase"),
        ({"name": "the edge"}, "alphanumeric hyphen and underscore"),
        ({"ruleJson": "[]", "rules": RULES}, "conflicts with"),
    ],
)
def test_a_preview_refuses(changes, told):
    assert any(told in one.reason for one in refusals(ACL.constraints, acl() | changes))


def test_an_acl_stands_as_long_as_a_distribution_uses_it_and_changes_by_its_latest_token(world, home, edge):
    arn = world.edge_firewall
    _, name, it = arn.rsplit("/", 2)
    front = FRONT.create(home, with_defaults(FRONT.constraints, distribution(webAclId=arn)))
    with pytest.raises(AwsError, match="WAFAssociatedItemException"):
        ACL.delete(edge, it, {})
    waf, named = world.client("wafv2", "us-east-1"), {"Name": name, "Scope": "CLOUDFRONT", "Id": it}
    with pytest.raises(ClientError, match="WAFOptimisticLockException"):
        waf.delete_web_acl(**named, LockToken="00000000-0000-0000-0000-000000000000")
    FRONT.delete(home, front, {})
    ACL.delete(edge, it, {})
    assert ACL.read(edge, it, {}) is None


BUCKET = "arn:aws:s3:::aws-waf-logs-none"
DESTINATIONS = [
    ("arn:aws:logs:us-east-1:123456789012:log-group:shop", "The ARN isn't valid.*LOG_DESTINATION"),
    ("arn:aws:logs:ap-south-1:123456789012:log-group:aws-waf-logs-shop", "The ARN isn't valid.*LOG_DESTINATION"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-shop:*", "The ARN isn't valid.*LOG_DESTINATION"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-none", "WAFNonexistentItemException"),
    ("arn:aws:firehose:ap-south-1:123456789012:deliverystream/aws-waf-logs-shop", "The ARN isn't valid"),
    (BUCKET, "WAFLogDestinationPermissionIssueException"),
]


@pytest.mark.parametrize(("destination", "told"), DESTINATIONS)
def test_a_log_goes_only_where_waf_writes(destination, told, world, edge):
    given = {"resourceArn": world.edge_firewall, "logDestinationConfigs": [destination]}
    with pytest.raises(AwsError, match=told):
        LOG.create(edge, given)


def test_a_log_has_one_destination_one_acl_and_fields_that_can_be_kept_out(world, edge):
    logs, firewall = world.edge_logs, world.edge_firewall
    with pytest.raises(AwsError, match="one logging destination"):
        LOG.create(edge, {"resourceArn": firewall, "logDestinationConfigs": [logs, BUCKET]})
    with pytest.raises(AwsError, match="WAFNonexistentItemException"):
        LOG.create(edge, {"resourceArn": f"{firewall}0", "logDestinationConfigs": [logs]})
    config = {"ResourceArn": firewall, "LogDestinationConfigs": [logs], "RedactedFields": [{"Body": {}}]}
    with pytest.raises(ClientError, match="FIELD_TO_MATCH, parameter: Body"):
        world.client("wafv2", "us-east-1").put_logging_configuration(LoggingConfiguration=config)
    given = {"resourceArn": firewall, "logDestinationConfigs": [logs]}
    LOG.create(edge, {**given, "redactedFields": [{"singleHeader": {"name": "Authorization"}}]})
    found = LOG.read(edge, firewall, {})
    assert found is not None
    assert found["redactedFields"] == [{"singleHeader": {"name": "authorization"}}], "WAF writes headers small"
