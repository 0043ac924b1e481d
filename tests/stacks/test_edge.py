"""CloudFront and its firewall, on mocks: who is asked for what, what is kept, what never gets that far."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.support.whole_program import Change, copying, registered, unchanged

WITH_A_CDN = ["staging", "prod"]
STATES_OF_A_CUSTOMER = ("cookie", "authorization")
WCU = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
}
"""Of the firewall's guide, "AWS Managed Rules rule groups list"."""
CACHED, AS_SAID, NEVER = "CachingOptimized", "UseOriginCacheControlHeaders-QueryStrings", "CachingDisabled"
MANAGED = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": CACHED,
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": AS_SAID,
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": NEVER,
}
"""Of CloudFront's guide, "Use managed cache policies"."""


def distribution(stack: str = "prod", change: Change = unchanged) -> dict[str, Any]:
    (made,) = registered(stack, change).of("aws:cloudfront/distribution:Distribution").values()
    return made


def rules(stack: str = "prod") -> list[dict[str, Any]]:
    (made,) = registered(stack).of("aws:wafv2/webAcl:WebAcl").values()
    return sorted(made["rules"], key=lambda rule: rule["priority"])


def behaviour(path: str, stack: str = "prod") -> dict[str, Any]:
    """What CloudFront takes for a path: of those in order the first that fits."""
    made = distribution(stack)
    fits = (one for one in made["orderedCacheBehaviors"] if fnmatchcase(path, one["pathPattern"]))
    return next(fits, made["defaultCacheBehavior"])


@pytest.mark.parametrize(
    ("path", "origin", "kept"),
    [
        ("/", "shop", AS_SAID),
        ("/product/7", "shop", AS_SAID),
        ("/static/js/main.1f2e3d.js", "shop", CACHED),
        ("/api", "shop", NEVER),
        ("/api/cart", "shop", NEVER),
        ("/media/7.webp", "assets", CACHED),
        ("/errors/unavailable.html", "assets", CACHED),
    ],
)
def test_who_answers_for_a_path_and_whether_that_is_kept(path, origin, kept):
    taken = behaviour(path)
    assert (taken["targetOriginId"], MANAGED[taken["cachePolicyId"]]) == (origin, kept)
    assert taken["viewerProtocolPolicy"] == "redirect-to-https"


def test_pictures_and_the_page_for_bad_days_come_from_the_peer_s_copy_while_the_bucket_does_not_answer():
    made = distribution("prod", copying)
    (group,) = made["originGroups"]
    origins = {one["originId"]: one for one in made["origins"]}
    first, second = (origins[member["originId"]] for member in group["members"])
    assert first["domainName"] == "dhakacart-prod-assets-123456789012-ap-south-1-an.s3.ap-south-1.amazonaws.com"
    policy = registered("prod-dr").of("aws:s3/bucketPolicy:BucketPolicy")["buckets-assets-policy"]["policy"]
    cloudfront = {"Service": "cloudfront.amazonaws.com"}
    (reading,) = (one for one in json.loads(policy)["Statement"] if one["Principal"] == cloudfront)
    bucket = second["domainName"].partition(".")[0]
    assert reading["Resource"] == [f"arn:aws:s3:::{bucket}/*"], "this is not the bucket of the standby"
    assert second["originShield"]["originShieldRegion"] == "ap-southeast-1"
    assert min(group["failoverCriteria"]["statusCodes"]) >= 500, "an object that is not there is not asked for twice"
    assert first["connectionAttempts"] * first["connectionTimeout"] <= 4, "seconds that a customer waits"
    served = {one["pathPattern"] for one in made["orderedCacheBehaviors"] if one["targetOriginId"] == group["originId"]}
    assert served == {"/media/*", "/errors/*"}


def test_customers_can_buy_and_nobody_writes_to_what_is_kept():
    assert "POST" in behaviour("/api/orders")["allowedMethods"]
    for path in ("/static/main.js", "/media/7.webp"):
        assert set(behaviour(path)["allowedMethods"]) == {"GET", "HEAD"}


def test_what_is_kept_for_all_is_asked_for_without_cookies():
    """CloudFront takes cookies out of answers, too, where it sends none: nobody is given another's session."""
    host_alone = "bf0718e1-ba1e-49d1-88b1-f726733018ae"
    assert behaviour("/static/main.js")["originRequestPolicyId"] == host_alone
    assert "originRequestPolicyId" not in behaviour("/media/7.webp")


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_the_shop_is_asked_by_tls_with_the_key_and_hangs_up_later_than_cloudfront(stack):
    shop = distribution(stack)["origins"][0]
    asked = shop["customOriginConfig"]
    assert (asked["originProtocolPolicy"], asked["originSslProtocols"]) == ("https-only", ["TLSv1.2"])
    (ingress,) = registered(stack).of("kubernetes:networking.k8s.io/v1:Ingress").values()
    attributes = ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/load-balancer-attributes"]
    (idle,) = re.findall(r"idle_timeout.timeout_seconds=(\d+)", attributes)
    assert asked["originKeepaliveTimeout"] < int(idle)
    assert shop["originShield"] == {"enabled": True, "originShieldRegion": "ap-south-1"}


def test_customers_speak_modern_tls_and_http_3_and_are_told_so_for_a_year():
    made = distribution()
    assert made["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"
    assert (made["httpVersion"], made["isIpv6Enabled"]) == ("http2and3", True)
    every = [made["defaultCacheBehavior"], *made["orderedCacheBehaviors"]]
    assert {one["responseHeadersPolicyId"] for one in every} == {"67f7725c-6f97-4210-82d7-5512b31e9d03"}


def test_a_shop_that_does_not_answer_says_so_with_the_status_that_it_has():
    recorder = registered("prod")
    (page,) = recorder.of("aws:s3/bucketObjectv2:BucketObjectv2").values()
    for response in distribution()["customErrorResponses"]:
        assert response["errorCode"] == response["responseCode"], "programs are told the truth"
        assert response["responsePagePath"] == f"/{page['key']}"
    codes = {response["errorCode"] for response in distribution()["customErrorResponses"]}
    assert codes == {502, 503, 504}, "a service's own answers reach customers"


@pytest.mark.parametrize(("stack", "does"), [("prod", "count"), ("staging", "none")])
def test_awss_own_rules_count_or_block_as_the_stack_says(stack, does):
    managed = [rule for rule in rules(stack) if "managedRuleGroupStatement" in rule["statement"]]
    assert {rule["statement"]["managedRuleGroupStatement"]["name"] for rule in managed} == WCU.keys()
    assert [rule["overrideAction"] for rule in managed] == [{does: {}}] * len(managed)


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_an_address_that_asks_too_much_is_blocked_sooner_where_passwords_are_tried(stack):
    guarded, everywhere = rules(stack)[:2]
    limits = [rule["statement"]["rateBasedStatement"] for rule in (guarded, everywhere)]
    assert limits[0]["limit"] * 10 <= limits[1]["limit"], "many customers of a carrier share one address"
    assert [rule["action"]["block"]["customResponse"]["responseCode"] for rule in (guarded, everywhere)] == [429, 429]
    assert "scopeDownStatement" not in limits[1]
    pattern = limits[0]["scopeDownStatement"]["regexMatchStatement"]["regexString"]
    for path, is_guarded in {
        "/api/login": True,
        "/api/login/otp": True,
        "/api/checkout": True,
        "/api/loginhelp": False,
        "/shop/api/login": False,
        "/api/products": False,
    }.items():
        assert bool(re.search(pattern, path)) == is_guarded, path
    assert {limit["aggregateKeyType"] for limit in limits} == {"IP"}, "a header anybody can forge"


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_the_firewall_stays_within_what_its_price_includes(stack):
    made = rules(stack)
    assert [rule["priority"] for rule in made] == list(range(len(made)))
    rate, regex, transformation = 2, 3, 10
    limits = 2 * rate + regex + 2 * transformation
    assert limits + sum(WCU.values()) <= 1_500


def test_pictures_of_products_are_not_taken_for_an_attack():
    (common,) = [rule for rule in rules("staging") if rule["name"] == "AWSManagedRulesCommonRuleSet"]
    overridden = common["statement"]["managedRuleGroupStatement"]["ruleActionOverrides"]
    assert overridden == [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}]


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_the_firewall_writes_down_what_it_blocked_and_counted_without_anybodys_session(stack):
    recorder = registered(stack)
    (written,) = recorder.of("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").values()
    redacted = {field["singleHeader"]["name"] for field in written["redactedFields"]}
    assert redacted == set(STATES_OF_A_CUSTOMER)
    (kept,) = written["loggingFilter"]["filters"]
    actions = [condition["actionCondition"]["action"] for condition in kept["conditions"]]
    assert (written["loggingFilter"]["defaultBehavior"], kept["behavior"], actions) == (
        "DROP",
        "KEEP",
        ["BLOCK", "COUNT"],
    )
    group = recorder.of("aws:cloudwatch/logGroup:LogGroup")["cdn-firewall-logs-group"]
    assert group["name"].startswith("aws-waf-logs-"), "AWS takes no other"
    key = recorder.of("aws:kms/key:Key")["cdn-firewall-logs-encryption-key"]
    statements = json.loads(key["policy"])["Statement"]
    assert statements[1]["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    used_for = statements[1]["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert used_for == f"arn:aws:logs:us-east-1:123456789012:log-group:{group['name']}"


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_it_is_written_down_who_came_but_not_what_only_they_should_know(stack):
    (delivery,) = registered(stack).of("aws:cloudwatch/logDelivery:LogDelivery").values()
    assert {"c-ip", "sc-status", "time-taken", "x-edge-result-type"} <= set(delivery["recordFields"])
    assert not {"cs(Cookie)", "cs-uri-query"} & set(delivery["recordFields"])


@pytest.mark.parametrize("stack", WITH_A_CDN)
def test_what_cloudfront_needs_is_in_the_one_region_where_it_looks(stack):
    made = registered(stack).resources
    globally = {one.name for one in made if "::aws-global::" in one.provider}
    ours = ("cdn-", "outside-checks-", "alarms-abroad-")
    assert globally == {one.name for one in made if one.name.startswith(ours) and one.type.startswith("aws:")}
    assert {"cdn-certificate", "cdn-firewall-acl", "cdn-firewall-logs-group", "cdn-logs-source"} <= globally
