"""A real Alertmanager with our routes: what arrives where, told how, and what need not be said twice."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml

from dhakacart_infra.foundation.runbooks import runbook_url
from dhakacart_infra.observability.alerting.routing import HEARTBEAT, PEOPLE, routing
from tests.support import alert_rules
from tests.support.alertmanager import Alertmanager, Sns, alertmanager, here, sns
from tests.support.monitoring import program

ALARMS, BEATS = (f"arn:aws:sns:ap-south-1:123456789012:{name}" for name in ("alarms", "heartbeat"))
CONFIG = routing(topic_arn=ALARMS, heartbeat_topic_arn=BEATS, region="ap-south-1", environment="staging")
LONG_AGO = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class World:
    alertmanager: Alertmanager
    sns: Sns

    def happens(self, name: str, severity: str | None = "warning", *, over: bool = False, **labels: str) -> None:
        """An alert as Prometheus hands it over; its summary names it and its labels."""
        labels |= {"alertname": name} | ({"severity": severity} if severity else {})
        told = {"summary": f"{name} of {sorted(labels.values())}", "runbook_url": runbook_url(name)}
        ended = {"endsAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())} if over else {}
        self.alertmanager.post([{"labels": labels, "annotations": told, "startsAt": LONG_AGO, **ended}])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("alertmanager")
    with sns() as (heard, address), alertmanager(here(CONFIG, address), folder) as running:
        yield World(running, heard)


def test_alertmanager_takes_the_configuration(tmp_path):
    file = tmp_path / "alertmanager.yaml"
    file.write_text(yaml.safe_dump(CONFIG))
    done = subprocess.run([program("amtool"), "check-config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 inhibit rules" in done.stdout
    assert "2 receivers" in done.stdout


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ("alertname=Watchdog severity=none", HEARTBEAT),
        ("alertname=X severity=critical", PEOPLE),
        ("alertname=X severity=warning", PEOPLE),
        ("alertname=X", PEOPLE),
    ],
)
def test_all_but_the_watchdog_goes_to_people(labels, receiver, tmp_path):
    file = tmp_path / "alertmanager.yaml"
    file.write_text(yaml.safe_dump(CONFIG))
    command = [str(program("amtool")), "config", "routes", "test", f"--config.file={file}", *labels.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [receiver]


def test_who_is_woken_reads_what_it_is_and_what_to_do(world):
    world.happens("VolumeAlmostFull", "critical", namespace="logging", persistentvolumeclaim="es-0")
    (message,) = world.sns.hear(ALARMS, "es-0")
    assert message.subject == "[staging ap-south-1] CRITICAL VolumeAlmostFull (1)"
    assert "VolumeAlmostFull of" in message.text
    assert runbook_url("VolumeAlmostFull") in message.text
    assert "namespace=logging" in message.text
    assert message.attributes == {"environment": "staging", "severity": "critical", "status": "firing"}


def test_it_is_told_that_it_is_over(world):
    world.happens("JobFailed", namespace="over")
    world.sns.hear(ALARMS, "namespace=over")
    world.happens("JobFailed", namespace="over", over=True)
    *_, last = world.sns.hear(ALARMS, "namespace=over", times=2)
    assert last.subject == "[staging ap-south-1] OVER JobFailed (1)"
    assert last.attributes["status"] == "resolved"


def test_a_warning_is_not_told_beside_the_critical_alert_on_the_same_matter(world):
    same, other = {"namespace": "same", "about": "volume"}, {"namespace": "other", "about": "volume"}
    world.happens("VolumeAlmostFull", "critical", **same, persistentvolumeclaim="a")
    # Alertmanager hears of an alert in several places, one after the other: what comes at once may be told first.
    world.sns.hear(ALARMS, "VolumeAlmostFull of ['VolumeAlmostFull', 'a', 'critical', 'same'")
    world.happens("VolumeFillingUp", **same, persistentvolumeclaim="a")
    world.happens("VolumeFillingUp", **same, persistentvolumeclaim="b")
    world.happens("VolumeFillingUp", **other, persistentvolumeclaim="a")
    world.happens("ContainerThrottled", namespace="same")
    (told,) = world.sns.hear(ALARMS, "namespace=same · persistentvolumeclaim=b")
    world.sns.hear(ALARMS, "namespace=other")
    world.sns.hear(ALARMS, "ContainerThrottled of ['ContainerThrottled', 'same'")
    assert "VolumeFillingUp (1)" in told.subject
    assert not [one for one in world.sns.messages if "VolumeFillingUp of ['VolumeFillingUp', 'a', 'same'" in one.text]


def test_an_alert_of_many_pods_is_told_once(world):
    alerts = [
        {"labels": {"alertname": "PodNotReady", "severity": "warning", "namespace": "many", "pod": f"pod-{which}"}}
        for which in range(5)
    ]
    world.alertmanager.post(alerts)
    (message,) = world.sns.hear(ALARMS, "namespace=many")
    assert message.subject.endswith("PodNotReady (5)")
    assert all(f"pod=pod-{which}" in message.text for which in range(5))


def test_the_watchdog_is_heard_again_and_again_and_by_nobody(world):
    world.happens("Watchdog", "none")
    world.sns.hear(BEATS, "Alerts arrive", times=3)
    assert not world.sns.told(ALARMS, "Watchdog")
    assert {message.topic for message in world.sns.messages if "Alerts arrive" in message.text} == {BEATS}


def test_an_alert_whose_rule_forgot_its_severity_arrives_too(world):
    world.happens("SomebodyElses", None, namespace="foreign")
    (message,) = world.sns.hear(ALARMS, "namespace=foreign")
    assert message.attributes["severity"] == "unknown"


def test_every_alert_that_there_is_arrives(world):
    people = [alert for alert in alert_rules.alerts() if alert.severity != "none"]
    world.alertmanager.post(
        [{"labels": {"alertname": alert.name, "severity": alert.severity, "namespace": "each"}} for alert in people]
    )
    for alert in people:
        assert world.sns.hear(ALARMS, f"alertname={alert.name} · namespace=each")


def test_sns_refused_nothing(world):
    world.happens("LastOfAll", namespace="last")
    world.sns.hear(ALARMS, "namespace=last")
    assert world.sns.faults == []
