"""How a line that a container wrote becomes an event: Filebeat's configuration, but for where events go.

Nothing is dropped and nothing refused. What is no JSON stays as it is; what only looks like it stays and is marked;
what JSON has beside the fields of the requirements is kept whole in ``app``, of which Elasticsearch minds neither the
number of fields nor that two services mean something different by one name.
"""

from typing import Any

LOGS = "/var/log/pods"
FIELDS = {
    "errorId": "error.id",
    "stack": "error.stack_trace",
    "url": "url.original",
    "method": "http.request.method",
    "userId": "user.id",
    "level": "log.level",
    "message": "message",
}
"""What the backend logs of an error, and what Elastic's common schema calls it."""
CONTINUED = r"^([[:space:]]|[})\]]|Caused by:|$)"
"""A line that belongs to the one before: JSON and what a logger writes never begin like this, stack traces do."""
LINES = 1000
FINGERPRINT = 64
"""Bytes by which a file is known, the fewest there may be: what is shorter is not read yet, by default a kilobyte. A
line's time, in billionths of a second, stands in them."""
BUFFER = "5GB"
"""Of a node's disk of fifty: what a node writes while Elasticsearch cannot be reached."""


def configuration(*, lifecycle: str) -> dict[str, Any]:
    """``lifecycle`` names the policy in Elasticsearch by which events are kept."""
    return {
        "filebeat.inputs": [_containers()],
        "processors": [*_where(), *_fields()],
        "queue.disk.max_size": BUFFER,
        "logging.metrics.enabled": False,  # each node would say twice a minute how it is
        "setup.ilm": {"enabled": True, "policy_name": lifecycle},
        "setup.template": {
            "overwrite": True,
            "append_fields": [{"name": "app", "type": "flattened"}],
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
        },
    }


def _containers() -> dict[str, Any]:
    return {
        "type": "filestream",
        "id": "containers",  # another one would read everything anew
        # Files themselves, not the links to them, and with those that the kubelet has rotated, compressed ones too:
        # what was not read yet when a file was rotated is read then.
        "paths": [f"{LOGS}/*/*/*.log*"],
        "compression": "auto",
        "prospector.scanner": {"exclude_files": [r"\.tmp$"], "fingerprint.length": FINGERPRINT},
        "parsers": [
            {"container": {"stream": "all", "format": "cri"}},
            {
                "multiline": {
                    "type": "pattern",
                    "pattern": CONTINUED,
                    "match": "after",
                    "negate": False,
                    "max_lines": LINES,
                }
            },
        ],
    }


def _where() -> list[dict[str, Any]]:
    """From the file's name, as the kubelet gives it: nobody has to be asked, and no right to ask is needed."""
    names = (
        "%{}/pods/%{kubernetes.namespace}_%{kubernetes.pod.name}_%{kubernetes.pod.uid}/%{kubernetes.container.name}/%{}"
    )
    return [
        {"dissect": {"field": "log.file.path", "tokenizer": names, "target_prefix": ""}},
        {"add_fields": {"target": "kubernetes", "fields": {"node": {"name": "${NODE_NAME}"}}}},
    ]


def _fields() -> list[dict[str, Any]]:
    """The time is the container runtime's, of every line: what an application says of it is ``event.created``."""
    return [
        {
            "decode_json_fields": {
                "fields": ["message"],
                "target": "app",
                "add_error_key": True,
                "when.regexp.message": r"^\{",
            }
        },
        {
            "convert": {
                "fields": [{"from": f"app.{name}", "to": field, "type": "string"} for name, field in FIELDS.items()],
                "mode": "rename",
                "ignore_missing": True,
                "fail_on_error": False,
            }
        },
        {
            "timestamp": {
                "field": "app.timestamp",
                "target_field": "event.created",
                "layouts": ["2006-01-02T15:04:05.999Z07:00"],
                "ignore_missing": True,
                "ignore_failure": True,
            }
        },
    ]
