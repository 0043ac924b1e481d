"""What Alertmanager does with an alert: who is told, when, how often, and what need not be said twice.

Everything goes to the topic of all alarms, by Amazon's own API and as the pod's own role: who subscribes there (mail,
chat, a pager) is told of the cluster and of the cloud alike. The watchdog goes elsewhere, where its absence is seen.
"""

from typing import Any

import pulumi

from dhakacart_infra.observability.alerting.observability import WATCHDOG

PEOPLE, HEARTBEAT = "people", "heartbeat"
LONGEST_SUBJECT = 100  # and in ASCII, without line breaks: SNS refuses any other (Publish, "Subject")
HEARTBEAT_EVERY = "1m"
SAME_MATTER = ["about", "namespace", "job", "deployment", "persistentvolumeclaim"]
"""Labels by which two alerts are on the same thing; those that neither has are equal."""
STATE = '{{ if eq .Status "firing" }}{{ or .CommonLabels.severity "unknown" | toUpper }}{{ else }}OVER{{ end }}'
MESSAGE = """{{ range .Alerts }}{{ if eq .Status "firing" }}{{ or .Labels.severity "unknown" }}{{ else }}over{{ end }}\
: {{ .Annotations.summary }}
{{ .Annotations.description }}
{{ if eq .Status "firing" }}What to do: {{ .Annotations.runbook_url }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04" }} UTC\
{{ range .Labels.SortedPairs }} · {{ .Name }}={{ .Value }}{{ end }}

{{ end }}"""


def routing(
    *, topic_arn: pulumi.Input[str], heartbeat_topic_arn: pulumi.Input[str], region: str, environment: str
) -> dict[str, Any]:
    """Alertmanager's configuration, ``alertmanager.config`` of the chart."""
    return {
        "route": {
            "receiver": PEOPLE,
            # By severity too: so the alerts of one notification have one, and subscribers can filter by it.
            "group_by": ["alertname", "namespace", "severity"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
            "routes": [_watchdog(), _urgent()],
        },
        "inhibit_rules": [
            {
                "source_matchers": ['severity = "critical"', 'about != ""'],
                "target_matchers": ['severity = "warning"', 'about != ""'],
                "equal": SAME_MATTER,
            }
        ],
        "receivers": [
            {"name": PEOPLE, "sns_configs": [_telling(topic_arn, region, environment)]},
            {"name": HEARTBEAT, "sns_configs": [_beating(heartbeat_topic_arn, region)]},
        ],
    }


def _watchdog() -> dict[str, Any]:
    return {
        "receiver": HEARTBEAT,
        "matchers": [f'alertname = "{WATCHDOG}"'],
        "group_wait": "0s",
        "group_interval": HEARTBEAT_EVERY,
        "repeat_interval": HEARTBEAT_EVERY,
    }


def _urgent() -> dict[str, Any]:
    return {"receiver": PEOPLE, "matchers": ['severity = "critical"'], "group_wait": "10s", "repeat_interval": "1h"}


def _telling(topic_arn: pulumi.Input[str], region: str, environment: str) -> dict[str, Any]:
    subject = f"[{environment} {region}] {STATE} {{{{ .CommonLabels.alertname }}}} ({{{{ len .Alerts }}}})"
    return {
        "topic_arn": topic_arn,
        "sigv4": {"region": region},
        "subject": subject,
        "message": MESSAGE,
        "attributes": {
            "environment": environment,
            "severity": '{{ or .CommonLabels.severity "unknown" }}',
            "status": "{{ .Status }}",
        },
        "send_resolved": True,
    }


def _beating(topic_arn: pulumi.Input[str], region: str) -> dict[str, Any]:
    """Without its resolution: that would count as a sign of life."""
    return {
        "topic_arn": topic_arn,
        "sigv4": {"region": region},
        "subject": WATCHDOG,
        "message": "Alerts arrive.",
        "send_resolved": False,
    }
