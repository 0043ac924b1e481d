"""Pages for whoever is woken: one for each alert and each alarm, none that nothing leads to."""

import json
import re

import pytest

from dhakacart_infra.foundation.runbooks import RUNBOOKS
from tests.support import alert_rules
from tests.support.stacks import PROJECT, STACKS
from tests.support.whole_program import registered

PAGES = {page.stem: page.read_text() for page in sorted((PROJECT / "docs" / "runbooks" / "alerts").glob("*.md"))}
HEADINGS = ["First look", "Actions", "Escalation"]
LONGEST = 30
ALARMS = ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")


def alarms() -> set[str]:
    """The names under which CloudWatch's alarms say what to do, in any stack."""
    inputs = [found for stack in STACKS for kind in ALARMS for found in registered(stack).of(kind).values()]
    said = " ".join(found.get("alarmDescription", "") for found in inputs)
    return set(re.findall(rf"{re.escape(RUNBOOKS)}/(\w+)\.md", said))


def test_there_is_a_runbook_for_each_alert_and_alarm_and_for_nothing_else():
    assert PAGES.keys() == {alert.name for alert in alert_rules.alerts()} | alarms()


@pytest.mark.parametrize("page", PAGES)
def test_a_runbook_is_short_enough_to_be_read_at_night(page):
    assert PAGES[page].startswith(f"# {page}: ")
    assert re.findall(r"^## (.+)$", PAGES[page], re.MULTILINE) == HEADINGS
    assert len(PAGES[page].splitlines()) <= LONGEST


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_s_alertmanager_knows_both_topics(stack):
    recorder = registered(stack)
    (secret,) = (one for name, one in recorder.of("kubernetes:core/v1:Secret").items() if name == "metrics-routing")
    kept = secret["stringData"]["value"]  # as a secret, which the contents of every Secret are to the provider
    receivers = json.loads(kept["alertmanager.yaml"])["receivers"]
    topics = {receiver["sns_configs"][0]["topic_arn"] for receiver in receivers}
    assert topics == {"arn:of:alarms-policy", "arn:of:heartbeat-topic"}


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_s_alertmanager_may_publish_to_both_topics_and_no_other(stack):
    recorder = registered(stack)
    policy = json.loads(recorder.of("aws:iam/rolePolicy:RolePolicy")["metrics-alertmanager-policy"]["policy"])
    published = [one["Resource"] for one in policy["Statement"] if "sns:Publish" in one["Action"]]
    named = recorder.of("aws:sns/topic:Topic")
    both = {named[f"{topic}-topic"]["name"] for topic in ("alarms", "heartbeat")}
    assert {arn.rpartition(":")[2] for arns in published for arn in arns} == both
