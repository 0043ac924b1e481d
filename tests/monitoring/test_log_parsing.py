"""A line that a container wrote, through the real Filebeat with the configuration that the stack registers: what comes
out of it, but for where it goes, is what Elasticsearch would get."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.support.manifests import manifests
from tests.support.monitoring import program
from tests.support.stacks import STACKS
from tests.support.whole_program import registered

Event = dict[str, Any]
POD = "dhakacart_dhakacart-backend-7d9c-x2x4z_0b5f2a56-9b53-4c4c-8d2b-2a7e8a0c7d11"
TIME = "2026-11-28T02:34:50.{:09}Z"
PATIENCE_SECONDS = 60
LAST = "the last line"

ERROR = {
    "errorId": "err_01J",
    "message": "no stock of p-17",
    "stack": "Error: no stock of p-17\n    at reserve (/app/stock.js:31:11)\n    at order (/app/orders.js:12:5)",
    "url": "/api/orders",
    "method": "POST",
    "userId": 42,
    "timestamp": "2026-11-28T02:34:49.871Z",
    "level": "error",
}
"""As the error handler of the requirements logs it."""
MALFORMED = '{"errorId": "err_02K", "message": "cut o'
TRACE = (
    "TypeError: Cannot read properties of undefined (reading 'price')",
    "    at total (/app/cart.js:8:30)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "  [cause]: Error: timeout",
    "Caused by: Error: timeout",
    "}",
)
STRANGE = {"message": "slow", "level": 40, "url": {"path": "/"}, "order": {"id": 7, "lines": [1, 2]}}


def written(*lines: str | tuple[str, str]) -> str:
    """As containerd writes lines to a node's disk: each with its time, its stream, and whether it is a whole one."""
    whole = [(line, "F") if isinstance(line, str) else line for line in lines]
    return "".join(f"{TIME.format(at)} stdout {tag} {line}\n" for at, (line, tag) in enumerate(whole))


def shipper(stack: str) -> Mapping[str, Any]:
    (beat,) = (found for _, found in manifests(registered(stack)) if found["kind"] == "Beat")
    return beat["spec"]


def elsewhere(config: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """The configuration with the node's logs below ``root``, and events in a file."""
    changed = deepcopy(dict(config))
    for one in changed["filebeat.inputs"]:
        one["paths"] = [path.replace("/var/log", str(root)) for path in one["paths"]]
    return changed | {"path.home": str(root / "home"), "output.file": {"path": str(root), "filename": "events"}}


def log_of(root: Path) -> Path:
    """A container's log on the node whose disk is ``root``."""
    return root / "pods" / POD / "backend" / "0.log"


def write(root: Path, text: str) -> None:
    log_of(root).parent.mkdir(parents=True, exist_ok=True)
    with log_of(root).open("a", encoding="utf-8") as log:
        log.write(text)


def shipped(root: Path, until: str) -> list[Event]:
    """The events that Filebeat has made of the node's logs, once one with the message ``until`` has come."""
    config = root / "filebeat.yml"
    config.write_text(json.dumps(elsewhere(shipper(STACKS[0])["config"], root)), encoding="utf-8")
    command = [program("filebeat"), "-e", "-c", config, "--strict.perms=false"]
    with (root / "said").open("w") as said:
        running = subprocess.Popen(
            command, env={**os.environ, "NODE_NAME": "node-1"}, stdin=subprocess.DEVNULL, stderr=said, stdout=said
        )
    try:
        return _events(root, until, running)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE_SECONDS)


def _events(root: Path, until: str, running: subprocess.Popen[bytes]) -> list[Event]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        found = [json.loads(line) for file in sorted(root.glob("events*")) for line in _whole_lines(file)]
        if any(event.get("message") == until for event in found):
            return found
        time.sleep(0.2)
    pytest.fail(f"Filebeat made no event of '{until}': {(root / 'said').read_text()[-2000:]}")


def _whole_lines(file: Path) -> Sequence[str]:
    return file.read_text(encoding="utf-8").split("\n")[:-1]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    halves = json.dumps({"message": "in two parts"})
    lines = (
        json.dumps(ERROR),
        MALFORMED,
        "GET /health 200",
        *TRACE,
        (halves[:9], "P"),
        (halves[9:], "F"),
        json.dumps(STRANGE),
        LAST,
    )
    node = tmp_path_factory.mktemp("node")
    write(node, written(*lines))
    return shipped(node, LAST)


def the(events: list[Event], message: str) -> Event:
    (found,) = (event for event in events if event["message"] == message)
    return found


def test_an_error_of_the_backend_comes_out_with_all_its_fields(events):
    event = the(events, ERROR["message"])
    assert event["error"] == {"id": "err_01J", "stack_trace": ERROR["stack"]}
    assert event["log"]["level"] == "error"
    assert event["url"] == {"original": "/api/orders"}
    assert event["http"] == {"request": {"method": "POST"}}
    assert event["user"] == {"id": "42"}
    assert event["event"]["created"] == ERROR["timestamp"]


def test_every_event_has_the_time_at_which_the_line_was_written_and_tells_where(events):
    for event in events:
        assert event["@timestamp"].startswith("2026-11-28T02:34:50.")
        assert event["kubernetes"] == {
            "namespace": "dhakacart",
            "node": {"name": "node-1"},
            "pod": {"name": "dhakacart-backend-7d9c-x2x4z", "uid": POD.rpartition("_")[2]},
            "container": {"name": "backend"},
        }


def test_a_malformed_line_is_kept_whole_and_marked(events):
    event = the(events, MALFORMED)
    assert "JSON" in event["error"]["message"]
    assert "id" not in event["error"]


def test_a_line_that_is_no_json_is_kept_and_not_called_an_error(events):
    assert "error" not in the(events, "GET /health 200")


def test_a_stack_trace_of_many_lines_stays_one_event(events):
    assert the(events, "\n".join(TRACE))["log"]["flags"] == ["multiline"]


def test_a_line_that_the_runtime_wrote_in_parts_is_one_event(events):
    assert the(events, "in two parts")["app"] == {}


def test_what_only_one_service_knows_stays_below_a_name_of_its_own(events):
    event = the(events, "slow")
    assert event["app"]["order"] == {"id": 7, "lines": [1, 2]}
    assert event["log"]["level"] == "40", "a number here and a word there would be refused"
    assert not {"order", "level"} & event.keys()


def test_nothing_is_lost_and_nothing_is_there_twice(events):
    messages = [event["message"] for event in events]
    assert len(messages) == len(set(messages)) == 7


def test_what_was_written_while_nobody_read_is_read_once_even_from_a_file_that_was_rotated_since(tmp_path):
    write(tmp_path, written("read at once", LAST))
    shipped(tmp_path, LAST)
    write(tmp_path, written("before the rotation"))
    log_of(tmp_path).rename(log_of(tmp_path).with_name("0.log.20261128-023451"))
    write(tmp_path, written("after the rotation"))
    messages = [event["message"] for event in shipped(tmp_path, "after the rotation")]
    assert sorted(messages) == sorted(["read at once", LAST, "before the rotation", "after the rotation"])
