"""Cloud alarms of each whole stack: all that AWS runs for the shop is watched, and somebody is told, by a page."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from dhakacart_infra.foundation.runbooks import RUNBOOKS
from tests.support.recorder import Recorder
from tests.support.stacks import PROJECT, STACKS, raw
from tests.support.whole_program import registered

METRIC, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"
TOPIC, POLICY, KEY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:kms/key:Key"
CHECK = "aws:route53/healthCheck:HealthCheck"
ALERTS = PROJECT / "docs" / "runbooks" / "alerts"
each_stack = pytest.mark.parametrize("stack", STACKS)


def alarms(recorder: Recorder) -> list[dict[str, Any]]:
    composite = [{**one, "name": one["alarmName"]} for one in recorder.of(COMPOSITE).values()]
    return [*recorder.of(METRIC).values(), *composite]


def kind(alarm: dict[str, Any]) -> str:
    return alarm["name"].rpartition("-")[2]


def kinds(stack: str) -> Counter[str]:
    return Counter(map(kind, alarms(registered(stack))))


@each_stack
def test_every_alarm_says_how_bad_it_is_and_leads_to_a_runbook_that_is_there(stack):
    for alarm in alarms(registered(stack)):
        said = re.fullmatch(r"(critical|warning): .+\. (\S+)", alarm["alarmDescription"])
        assert said, alarm["alarmDescription"]
        assert said[2] == f"{RUNBOOKS}/{kind(alarm)}.md"
        page = ALERTS / f"{kind(alarm)}.md"
        assert page.is_file(), f"{page.name} is to be written"


def test_every_alarm_s_runbook_has_the_same_parts():
    for name in {kind(alarm) for stack in STACKS for alarm in alarms(registered(stack))}:
        text = (ALERTS / f"{name}.md").read_text()
        assert text.startswith(f"# {name}: ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["First look", "Actions", "Escalation"], name
        assert len(text.splitlines()) <= 30, f"{name} is too long for three at night"


@each_stack
def test_every_alarm_tells_the_topic_of_its_own_region_or_is_a_part_of_one_that_does(stack):
    recorder = registered(stack)
    rules = " ".join(one["alarmRule"] for one in recorder.of(COMPOSITE).values())
    for alarm in alarms(recorder):
        told = alarm["alarmActions"]
        assert told == alarm["okActions"], "whoever is called hears that it is over"
        if not told:
            assert f'ALARM("{alarm["name"]}")' in rules, f"{alarm['name']} tells nobody"
            continue
        abroad = "-use1-" in alarm["name"]
        assert told == ["arn:of:alarms-abroad-policy" if abroad else "arn:of:alarms-policy"]


@each_stack
def test_alarms_are_made_where_their_figures_are(stack):
    places = {"AWS/CloudFront", "AWS/Route53", "AWS/WAFV2"}
    for resource in registered(stack).resources:
        if resource.type == METRIC and resource.inputs.get("namespace") in places:
            assert "aws-global" in resource.provider, f"{resource.name} would see nothing"


@each_stack
def test_names_of_alarms_are_unique_in_the_account(stack):
    names = [alarm["name"] for other in STACKS for alarm in alarms(registered(other))]
    assert len(names) == len(set(names))


@each_stack
def test_topics_are_encrypted_and_let_services_in_for_this_account_alone(stack):
    recorder = registered(stack)
    assert recorder.of(TOPIC)
    for topic in recorder.of(TOPIC).values():
        assert topic["kmsMasterKeyId"].startswith("arn:of:alarms")
    key = recorder.of(KEY)["alarms-encryption-key"]["policy"]
    for text in (key, *(one["policy"] for one in recorder.of(POLICY).values())):
        for statement in json.loads(text)["Statement"]:
            services = "Service" in statement["Principal"] if isinstance(statement["Principal"], dict) else False
            if services:
                assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": raw(stack)["account_id"]}
                assert statement["Condition"]["ArnLike"]["aws:SourceArn"].split(":")[4] == raw(stack)["account_id"]


@each_stack
def test_every_topic_refuses_what_is_not_encrypted_on_the_way(stack):
    for policy in registered(stack).of(POLICY).values():
        refusals = [one for one in json.loads(policy["policy"])["Statement"] if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in refusals] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_every_address_hears_of_every_topic():
    subscriptions = registered("prod").of("aws:sns/topicSubscription:TopicSubscription").values()
    told = {(one["topic"], one["endpoint"]) for one in subscriptions}
    (email,) = raw("prod")["alerts"]["emails"]
    assert told == {("arn:of:alarms-topic", email), ("arn:of:alarms-abroad-topic", email)}


def test_an_address_that_goes_takes_no_other_s_subscription_with_it():
    def more(values: dict[str, Any]) -> None:
        values["alerts"]["emails"] = ["first@dhakacart.example", *values["alerts"]["emails"]]

    before = registered("staging").of("aws:sns/topicSubscription:TopicSubscription")
    after = registered("staging", more).of("aws:sns/topicSubscription:TopicSubscription")
    assert before.items() <= after.items()
    assert len(after) == 2 * len(before)


def test_all_that_aws_runs_for_production_is_watched():
    found = kinds("prod")
    gateways, instances, nodes = 2, 2, 2
    assert found["NatPortsExhausted"] == found["NatPacketsDropped"] == gateways
    assert found["PostgresCpuHigh"] == found["PostgresStorageLow"] == found["PostgresConnectionsHigh"] == instances
    assert found["RedisMemoryHigh"] == found["RedisEvictions"] == nodes
    assert found["PostgresReplicaLag"] == found["PostgresProxySlow"] == found["PostgresBackupMissing"] == 1
    assert found["CertificateNotRenewed"] == 2, "the load balancer's, and CloudFront's"
    assert found["CdnErrors"] == found["FirewallBlocksMany"] == found["LoadBalancerErrors"] == found["ShopDown"] == 1
    assert "PostgresCreditsLow" not in found, "its class saves nothing"


def test_a_burstable_database_is_watched_for_what_it_saved():
    assert kinds("staging")["PostgresCreditsLow"] == 1


def test_a_standby_s_database_is_watched_for_how_far_behind_it_is_and_asks_nothing_from_outside():
    found = kinds("prod-dr")
    assert found["PostgresReplicaLag"] == 1
    assert not found.keys() & {"ShopDown", "ServiceUnreachable", "CdnErrors"}
    assert registered("prod-dr").of("aws:budgets/budget:Budget") == {}
    assert list(registered("prod-dr").of(TOPIC)) == ["alarms-topic"]


def test_rds_tells_of_every_instance_but_not_of_each_backup():
    (events,) = registered("prod").of("aws:rds/eventSubscription:EventSubscription").values()
    instances = {one["identifier"] for one in registered("prod").of("aws:rds/instance:Instance").values()}
    assert set(events["sourceIds"]) == instances
    assert {"failover", "failure", "low storage"} < set(events["eventCategories"])
    assert "backup" not in events["eventCategories"]


def test_the_rule_that_counts_backups_counts_this_database_s_alone():
    rule = registered("prod").of("aws:cloudwatch/eventRule:EventRule")["database-alarms-backed-up"]
    (primary,) = (
        one for one in registered("prod").of("aws:rds/instance:Instance").values() if not one.get("replicateSourceDb")
    )
    assert json.loads(rule["eventPattern"])["detail"]["SourceIdentifier"] == [primary["identifier"]]


@each_stack
def test_connections_are_near_their_end_only_above_what_a_release_opens(stack):
    asked = raw(stack)["database"]["connections"]
    for alarm in registered(stack).of(METRIC).values():
        if kind(alarm) == "PostgresConnectionsHigh":
            assert alarm["threshold"] > asked["pods"] * 1.25 * asked["pool_size"]


def planned_full(values: dict[str, Any]) -> None:
    values["cache"]["concurrent_users"] = 500_000


def test_redis_is_full_only_above_what_it_was_planned_for():
    (threshold,) = {
        alarm["threshold"]
        for alarm in registered("prod", planned_full).of(METRIC).values()
        if kind(alarm) == "RedisMemoryHigh"
    }
    assert 80 < threshold <= 100


def test_each_service_that_customers_reach_is_asked_for_by_name_over_tls_and_one_alarm_tells():
    recorder = registered("prod")
    asked = {one["resourcePath"]: one for one in recorder.of(CHECK).values()}
    assert asked.keys() == {"/", "/api/products"}
    for check in asked.values():
        assert (check["type"], check["fqdn"], check["port"], check["enableSni"]) == (
            "HTTPS",
            "dhakacart.example",
            443,
            True,
        )
    (down,) = recorder.of(COMPOSITE).values()
    parts = [one["name"] for one in recorder.of(METRIC).values() if kind(one) == "ServiceUnreachable"]
    assert sorted(re.findall(r'ALARM\("([^"]+)"\)', down["alarmRule"])) == sorted(parts)
    assert " OR " in down["alarmRule"]


def test_a_service_that_does_not_say_what_to_ask_is_asked_for_its_first_route():
    def silent(values: dict[str, Any]) -> None:
        del values["services"]["backend"]["health"]["public_path"]

    assert "/api" in {one["resourcePath"] for one in registered("prod", silent).of(CHECK).values()}


def test_in_the_region_that_keeps_what_is_global_there_is_one_topic():
    def moved(values: dict[str, Any]) -> None:
        values["region"] = "us-east-1"
        values["network"]["availability_zones"] = ["us-east-1a", "us-east-1b"]

    recorder = registered("staging", moved)
    assert list(recorder.of(TOPIC)) == ["alarms-topic"]
    assert {tuple(one["alarmActions"]) for one in recorder.of(COMPOSITE).values()} == {("arn:of:alarms-policy",)}


def test_no_alarm_searches_and_each_query_over_several_says_in_which_order():
    for alarm in registered("prod").of(METRIC).values():
        for query in alarm.get("metricQueries") or []:
            text = query.get("expression") or ""
            assert "SEARCH" not in text
            assert ("GROUP BY" in text) == ("ORDER BY" in text)


def test_a_month_is_counted_for_the_whole_account_and_told_before_it_is_over():
    (budget,) = registered("prod").of("aws:budgets/budget:Budget").values()
    assert float(budget["limitAmount"]) == raw("prod")["alerts"]["monthly_budget_usd"]
    assert "costFilters" not in budget
    assert {one["notificationType"] for one in budget["notifications"]} == {"ACTUAL", "FORECASTED"}
