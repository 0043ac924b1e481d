"""Alert rules and their pages: what each alert carries, what a stack gets of them, and that each has a runbook."""

import re
from dataclasses import dataclass, field
from functools import cache

import pulumi

from dhakacart_infra.config import ServiceConfig
from dhakacart_infra.foundation.alarms import AlarmTopic, AlarmTopicArgs
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.foundation.runbooks import RUNBOOKS
from dhakacart_infra.observability.alerting import AlertRules, AlertRulesArgs, Heartbeat, HeartbeatArgs, routing
from dhakacart_infra.observability.alerting.observability import WATCHDOG
from dhakacart_infra.observability.alerting.slo import FAST, PROMISES, SLOW, WINDOWS
from tests.support import alert_rules
from tests.support.alert_cases import CASES, POD_ADDRESSES, SERVICES
from tests.support.alert_cases.case import Case
from tests.support.manifests import whole
from tests.support.recorder import Recorder, record
from tests.support.stacks import PROJECT

PAGES = {page.stem: page.read_text() for page in sorted((PROJECT / "docs" / "runbooks" / "alerts").glob("*.md"))}
NAMING = Naming(project="dhakacart", environment="prod", region="ap-south-1", account_id="123456789012")
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BY_NAME = {alert.name: alert for alert in alert_rules.alerts()}


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    services: dict[str, ServiceConfig]
    scope: Scope = field(
        default=Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=False)
    )


class Shell(Component, token="test:index:Shell"):
    def build(self, args: ShellArgs) -> None:
        definitions = pulumi.ComponentResource("test:index:Definitions", "definitions")
        asked = AlertRulesArgs(services=args.services, pod_addresses=POD_ADDRESSES, definitions=definitions)
        AlertRules("alerts", asked, self.child())
        people = AlarmTopic("alarms", AlarmTopicArgs(emails=[]), self.child())
        Heartbeat("heartbeat", HeartbeatArgs(alarms=people), self.child())


@cache
def made(*services: str, released: bool = True) -> Recorder:
    def config(name: str) -> ServiceConfig:
        release = SERVICES[name].release if released else None
        return SERVICES[name].model_copy(update={"release": release})

    return record(lambda: Shell("shell", ShellArgs(services={name: config(name) for name in services})))


def rules(recorder: Recorder) -> list[dict]:
    specs = [whole(inputs["spec"]) for inputs in recorder.of(RULE).values()]
    return [rule for spec in specs for group in spec["groups"] for rule in group["rules"]]


def cases_of(name: str) -> list[Case]:
    return [case for group in CASES.values() for case in group if case.alert == name]


def test_an_alert_says_how_urgent_it_is_what_it_is_and_what_to_do():
    for name, one in BY_NAME.items():
        alert = one.rendered()
        assert alert["labels"]["severity"] in (("none",) if name == WATCHDOG else ("critical", "warning")), name
        assert alert["annotations"]["runbook_url"] == f"{RUNBOOKS}/{name}.md"
        assert all(alert["annotations"][text].strip() for text in ("summary", "description")), name
        assert len(alert["annotations"]["summary"]) < 100, f"{name}: it is read on a telephone, at night"


def test_an_alert_has_a_runbook():
    assert BY_NAME.keys() - PAGES.keys() == set(), "no page of that name in docs/runbooks/alerts"


def test_an_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not():
    for name in BY_NAME:
        cases = cases_of(name)
        assert any(case.fires for case in cases), f"{name}: none in which it fires"
        assert name == WATCHDOG or any(not case.fires and case.series for case in cases), f"{name}: none in silence"


def test_an_alert_speaks_only_of_labels_that_it_has():
    for name, alert in BY_NAME.items():
        rendered = alert.rendered()
        spoken = set(re.findall(r"\$labels\.(\w+)", " ".join(rendered["annotations"].values())))
        for case in cases_of(name):
            for labels in case.fires:
                assert spoken <= labels.keys() | rendered["labels"].keys(), f"{name}, when {case.when}"


def test_no_case_is_on_an_alert_that_there_is_not():
    assert {case.alert for group in CASES.values() for case in group} <= BY_NAME.keys()


def test_two_alerts_on_the_same_matter_are_a_warning_and_something_more_urgent():
    matters = {alert.about for alert in BY_NAME.values() if alert.about}
    for matter in matters:
        severities = {alert.severity for alert in BY_NAME.values() if alert.about == matter}
        assert severities == {"critical", "warning"}, f"{matter}: nothing would silence anything"


def test_every_window_that_an_alert_looks_at_is_recorded():
    recorded = {rule["record"] for rule in rules(made("backend")) if "record" in rule}
    looked_at = {window for _, *pair in (*FAST, *SLOW) for window in pair}
    assert looked_at <= set(WINDOWS)
    assert {promise.ratio(window) for promise in PROMISES for window in WINDOWS} <= recorded


def test_prometheus_gets_all_rules_in_its_own_namespace():
    found = made("backend", "frontend").of(RULE).values()
    assert {inputs["metadata"]["namespace"] for inputs in found} == {"monitoring"}
    assert {rule["alert"] for rule in rules(made("backend", "frontend")) if "alert" in rule} == BY_NAME.keys()


def test_only_services_that_measure_themselves_are_held_to_promises():
    both = " ".join(rule["expr"] for rule in rules(made("backend", "frontend")))
    assert "dhakacart-backend" in both
    assert "dhakacart-frontend" not in both
    assert not [rule for rule in rules(made("frontend")) if rule.get("alert", "").startswith("Availability")]


def test_a_service_without_a_release_is_not_missed():
    assert not [rule for rule in rules(made("backend", released=False)) if rule.get("alert") == "ServiceMetricsMissing"]
    assert [rule for rule in rules(made("backend")) if rule.get("alert") == "ServiceMetricsMissing"]


def test_silence_of_the_watchdog_is_what_tells_people():
    recorder = made("backend")
    (alarm,) = recorder.of(ALARM).values()
    assert alarm["dimensions"] == {"TopicName": "dhakacart-prod-aps1-heartbeat"}
    assert alarm["treatMissingData"] == "breaching"
    assert alarm["alarmActions"] == alarm["okActions"] == ["arn:of:alarms-policy"]


def test_a_heartbeat_may_be_late_a_few_times_before_anybody_is_told():
    config = routing(topic_arn="x", heartbeat_topic_arn="y", region="ap-south-1", environment="prod")
    (route,) = (route for route in config["route"]["routes"] if WATCHDOG in route["matchers"][0])
    (alarm,) = made("backend").of(ALARM).values()
    assert route["repeat_interval"] == route["group_interval"] == "1m"
    assert alarm["period"] * alarm["evaluationPeriods"] / 60 >= 10
