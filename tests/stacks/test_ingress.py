"""The way in, on mocks: what the load balancer controller is told, in words that it knows."""

import json
import re
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi.runtime import rpc

from dhakacart_infra.workloads.ingress import hostname
from dhakacart_infra.workloads.service_pod import DRAIN_SECONDS, GRACE_SECONDS
from sandbox.aws.checks import names
from tests.support.whole_program import Change, registered, unchanged

PREFIX = "alb.ingress.kubernetes.io/"
KNOWN = names(
    "actions auth-idp-cognito auth-idp-oidc auth-on-unauthenticated-request auth-scope auth-session-cookie",
    "auth-session-timeout auth-type backend-protocol backend-protocol-version certificate-arn conditions",
    "customer-owned-ipv4-pool frontend-nlb-scheme group.name group.order healthcheck-interval-seconds",
    "healthcheck-path healthcheck-port healthcheck-protocol healthcheck-timeout-seconds healthy-threshold-count",
    "inbound-cidrs ip-address-type ipam-ipv4-pool-id listen-ports listener-attributes load-balancer-attributes",
    "load-balancer-name manage-backend-security-group-rules minimum-load-balancer-capacity",
    "multi-cluster-target-group mutual-authentication scheme security-group-prefix-lists security-groups",
    "shield-advanced-protection ssl-policy ssl-redirect subnets success-codes tags target-group-attributes",
    "target-node-labels target-type transforms unhealthy-threshold-count waf-acl-id wafv2-acl-arn wafv2-acl-name",
)
"""Of the controller's pkg/annotations/constants.go, those of an Ingress."""


CLOUDFRONT_IN_MUMBAI = "pl-9aa247f3"
KEY = "v1:a:b"


def open_to_all(values: dict[str, Any]) -> None:
    values["cdn"] = None


def annotations(stack: str = "prod", change: Change = unchanged) -> dict[str, str]:
    (made,) = registered(stack, change).of("kubernetes:networking.k8s.io/v1:Ingress").values()
    metadata = rpc.unwrap_rpc_secret(made["metadata"])  # all of it is secret, where one of it is
    return {name.removeprefix(PREFIX): text for name, text in metadata["annotations"].items()}


def spec(stack: str = "prod") -> dict[str, Any]:
    (made,) = registered(stack).of("kubernetes:networking.k8s.io/v1:Ingress").values()
    return made["spec"]


def treatment(service: str, stack: str = "prod") -> dict[str, str]:
    """Annotations of a service's Service, which are its target group's."""
    made = registered(stack).of("kubernetes:core/v1:Service")[f"addresses-{service}"]["metadata"]["annotations"]
    return {name.removeprefix(PREFIX): text for name, text in made.items() if name.startswith(PREFIX)}


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split(","))


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_annotation_is_one_that_the_controller_knows(stack):
    given = {*annotations(stack), *annotations(stack, open_to_all)}
    given |= {*treatment("frontend", stack), *treatment("backend", stack)}
    assert {name.partition(".dhakacart")[0] for name in given} <= KNOWN, "conditions are of a service each"


def test_the_load_balancer_admits_cloudfront_by_its_addresses_and_ours_by_its_key():
    given = annotations()
    assert json.loads(given["listen-ports"]) == [{"HTTPS": 443}]
    assert given["security-group-prefix-lists"] == CLOUDFRONT_IN_MUMBAI
    assert "inbound-cidrs" not in given, "either would let its own in"
    shown = registered("prod").of("aws:cloudfront/distribution:Distribution")["cdn-distribution"]["origins"][0]
    (header,) = shown["customHeaders"]
    for path in spec()["rules"][0]["http"]["paths"]:
        (asked,) = json.loads(given[f"conditions.{path['backend']['service']['name']}"])
        assert asked == {
            "field": "http-header",
            "httpHeaderConfig": {"httpHeaderName": header["name"], "values": [header["value"]]},
        }


def test_the_peers_load_balancer_knows_the_same_cloudfront_by_the_key_that_it_is_told():
    (condition,) = json.loads(annotations("prod-dr", told)["conditions.dhakacart-backend"])
    assert condition["httpHeaderConfig"]["values"] == [KEY], (
        "the cipher: a file is read here, not what the engine makes of it"
    )
    assert registered("prod-dr", told).of("aws:cloudfront/distribution:Distribution") == {}


def test_without_a_cdn_customers_come_by_tls_and_are_led_there_from_plain_http():
    given = annotations("prod", open_to_all)
    assert given["inbound-cidrs"] == "0.0.0.0/0"
    assert "security-group-prefix-lists" not in given
    assert not any(name.startswith("conditions.") for name in given)
    assert json.loads(given["listen-ports"]) == [{"HTTP": 80}, {"HTTPS": 443}]
    assert given["ssl-redirect"] == "443"
    assert re.fullmatch(r"ELBSecurityPolicy-TLS13-1-2-.*", given["ssl-policy"])
    assert given["certificate-arn"] == "arn:of:domain-certificate"


def test_a_path_goes_to_the_service_with_the_longest_route_to_it():
    (rule,) = spec()["rules"]
    assert rule["host"] == "dhakacart.example"
    targets = [(path["path"], path["backend"]["service"]) for path in rule["http"]["paths"]]
    assert targets == [
        ("/api", {"name": "dhakacart-backend", "port": {"number": 5000}}),
        ("/", {"name": "dhakacart-frontend", "port": {"number": 80}}),
    ]


@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_each_services_own_page_is_asked_every_half_minute(service):
    given = treatment(service)
    assert (given["healthcheck-path"], given["healthcheck-interval-seconds"]) == ("/health", "30")
    assert int(given["healthcheck-timeout-seconds"]) < 30


def test_a_customer_stays_at_one_pod_of_the_frontend_and_of_nothing_else():
    stick = {name: pairs(treatment(name)["target-group-attributes"]) for name in ("frontend", "backend")}
    assert stick["frontend"]["stickiness.enabled"] == "true"
    assert stick["frontend"]["stickiness.type"] == "lb_cookie"
    assert stick["backend"]["stickiness.enabled"] == "false", "said: the controller leaves alone what it is not told"


def test_a_request_is_over_before_its_pod_is():
    delay = int(pairs(treatment("backend")["target-group-attributes"])["deregistration_delay.timeout_seconds"])
    assert delay <= GRACE_SECONDS - DRAIN_SECONDS


def test_the_load_balancer_is_strict_and_writes_down_who_came():
    attributes = pairs(annotations()["load-balancer-attributes"])
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == "dhakacart-prod-logs-123456789012-ap-south-1-an"
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["routing.http.desync_mitigation_mode"] in {"defensive", "strictest"}
    assert attributes["routing.http2.enabled"] == "true"


@pytest.mark.parametrize(("stack", "protected"), [("prod", "true"), ("staging", "false")])
def test_production_s_load_balancer_is_not_deleted_and_staging_s_stands_in_no_destroys_way(stack, protected):
    assert pairs(annotations(stack)["load-balancer-attributes"])["deletion_protection.enabled"] == protected


@pytest.mark.parametrize("status", [None, {"load_balancer": {}}, {"load_balancer": {"ingress": [{}]}}])
def test_a_load_balancer_that_nobody_made_is_an_error_that_says_where_the_reason_stands(status):
    found = to_output(status)
    with pytest.raises(ValueError, match="logs deployment/aws-load-balancer-controller"):
        hostname(found)


def to_output(status: dict[str, Any] | None) -> Any:
    """As the SDK hands it to the program."""
    outputs = k8s.networking.v1.outputs
    if status is None:
        return None
    listed = status["load_balancer"].get("ingress")
    balancers = [outputs.IngressLoadBalancerIngress(**one) for one in listed] if listed else None
    return outputs.IngressStatus(load_balancer=outputs.IngressLoadBalancerStatus(ingress=balancers))


def test_alone_a_name_is_one_record_and_in_a_pair_of_regions_the_first_of_two():
    record = "aws:route53/record:Record"
    alone, first = (registered(stack, open_to_all).of(record)["public-name-record"] for stack in ("staging", "prod"))
    assert "failoverRoutingPolicies" not in alone
    assert first["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert first["setIdentifier"] == "ap-south-1"
    assert first["aliases"][0]["evaluateTargetHealth"] is True


def in_the_same_zone(values: dict[str, Any]) -> None:
    values["domain"] = {"name": "dhakacart.example", "zone": {"id": "Z1EXAMPLE", "name": "dhakacart.example"}}


def told(values: dict[str, Any]) -> None:
    """The standby once there is a CDN."""
    in_the_same_zone(values)
    values["cdn"] = {"origin_key": {"secure": KEY}}


def test_with_a_cdn_it_is_what_customers_find_and_it_finds_the_load_balancer_that_answers():
    found = registered("prod").of("aws:route53/record:Record")
    customers = [found["public-name-record"], found["public-name-record-ipv6"]]
    assert [one["type"] for one in customers] == ["A", "AAAA"]
    for record in customers:
        assert record["name"] == "dhakacart.example"
        assert record["aliases"][0] | {"name": ""} == {
            "name": "",
            "zoneId": "Z2FDTNDATAQYW2",
            "evaluateTargetHealth": False,
        }
        assert "failoverRoutingPolicies" not in record
    (standby,) = registered("prod-dr", told).of("aws:route53/record:Record").values()
    origins = [found["public-name-origin"], standby]
    assert [one["failoverRoutingPolicies"] for one in origins] == [[{"type": "PRIMARY"}], [{"type": "SECONDARY"}]]
    for record in origins:
        assert record["name"] == "origin.dhakacart.example"
        assert record["aliases"][0]["evaluateTargetHealth"] is True


def test_the_peer_proves_nothing_again_and_stands_in_under_the_same_name():
    recorder = registered("prod-dr", in_the_same_zone)
    (record,) = recorder.of("aws:route53/record:Record").values()
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert record["zoneId"] == "Z1EXAMPLE"
    assert record["aliases"][0]["zoneId"] == "Z1LMS91P8CMLE5", "Singapore's"
    assert recorder.of("aws:route53/zone:Zone") == {}


def test_without_a_domain_nothing_is_let_in_from_outside():
    def inside(values: dict[str, Any]) -> None:
        del values["domain"], values["cdn"]

    recorder = registered("staging", inside)
    assert recorder.of("kubernetes:networking.k8s.io/v1:Ingress") == {}
    service = recorder.of("kubernetes:core/v1:Service")["addresses-frontend"]
    assert not any(name.startswith(PREFIX) for name in service["metadata"]["annotations"])
