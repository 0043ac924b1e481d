"""A real Alertmanager of the tests' own, and a stand-in of SNS that it publishes to."""

import copy
import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml

from tests.support.command import free_ports
from tests.support.monitoring import program

HURRIED = {"group_wait": "300ms", "group_interval": "500ms"}
PATIENCE_SECONDS = 20.0
PUBLISHED = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>'
    "</PublishResult></PublishResponse>"
)
REFUSED = (
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>'
    "<Code>InvalidParameter</Code><Message>{0}</Message></Error></ErrorResponse>"
)


@dataclass(frozen=True)
class Message:
    """What somebody published."""

    topic: str
    subject: str
    text: str
    attributes: Mapping[str, str]

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Message":
        entries = [
            key.removesuffix(".Name") for key in form if re.fullmatch(r"MessageAttributes\.entry\.\d+\.Name", key)
        ]
        attributes = {form[f"{entry}.Name"]: form.get(f"{entry}.Value.StringValue", "") for entry in entries}
        return cls(form["TopicArn"], form.get("Subject", ""), form["Message"], attributes)

    @property
    def fault(self) -> str | None:
        """Why SNS would refuse it (API reference, "Publish")."""
        if not re.fullmatch(r"[!-~][ -~]{0,99}", self.subject):
            return "Invalid parameter: Subject"
        empty = [name for name, value in self.attributes.items() if not value]
        return f"Invalid parameter: The message attribute '{empty[0]}' must contain non-empty value" if empty else None


@dataclass
class Sns:
    """Takes what SNS would take, and remembers it."""

    messages: list[Message] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def publish(self, form: Mapping[str, str]) -> str | None:
        message = Message.of(form)
        if message.fault:
            self.faults.append(message.fault)
        else:
            self.messages.append(message)
        return message.fault

    def told(self, topic: str, word: str) -> list[Message]:
        """What that topic was told in which the word is."""
        return [message for message in list(self.messages) if message.topic == topic and word in message.text]

    def hear(self, topic: str, word: str, times: int = 1) -> list[Message]:
        """What comes, which is waited for."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := self.told(topic, word)) < times:
            if time.monotonic() > deadline:
                raise AssertionError(f"{word} was published {len(found)} times; refused: {self.faults}")
            time.sleep(0.05)
        return found


@contextmanager
def sns() -> Iterator[tuple[Sns, str]]:
    """With its address."""
    heard = Sns()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fault = heard.publish({key: values[0] for key, values in parse_qs(body).items()})
            answer = (REFUSED.format(fault) if fault else PUBLISHED).encode()
            self.send_response(400 if fault else 200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: pytest shows what fails."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def here(config: dict[str, Any], address: str) -> dict[str, Any]:
    """The same configuration, for that SNS, with somebody's keys and without the waiting."""
    changed = copy.deepcopy(config)
    for receiver in changed["receivers"]:
        for sns_config in receiver["sns_configs"]:
            sns_config["api_url"] = address
            sns_config["sigv4"] |= {"access_key": "nobody", "secret_key": "nothing"}
    for route in (changed["route"], *changed["route"]["routes"]):
        often = {"repeat_interval": "500ms"} if route["repeat_interval"] == "1m" else {}
        route.update(HURRIED | often)
    return changed


@dataclass(frozen=True)
class Alertmanager:
    port: int

    def post(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        status = self._ask("POST", "/api/v2/alerts", json.dumps(list(alerts)))
        assert status == HTTPStatus.OK, f"Alertmanager answers {status}"

    def is_ready(self) -> bool:
        try:
            return self._ask("GET", "/-/ready") == HTTPStatus.OK
        except (OSError, HTTPException):
            return False

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()


@contextmanager
def alertmanager(config: dict[str, Any], folder: Path) -> Iterator[Alertmanager]:
    """One that has taken that configuration, on this machine alone."""
    file = folder / "alertmanager.yaml"
    file.write_text(yaml.safe_dump(config))
    running = Alertmanager(free_ports(1))
    command = [
        str(program("alertmanager")),
        f"--config.file={file}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{running.port}",
        "--cluster.listen-address=",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _await(running.is_ready, process, folder / "log")
        yield running
    finally:
        process.terminate()
        process.wait()


def _await(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(log.read_text())
        time.sleep(0.05)
