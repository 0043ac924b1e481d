"""A real Prometheus on loopback that scrapes the stand-in for all exporters and runs a stack's rules."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.exports import Exporter, exporters, stand_in
from tests.support.monitoring import program

STARTUP_SECONDS, SETTLE_SECONDS = 30, 60
SCRAPES = 4
"""Before anything is asked: a rate wants two samples."""

Labels = Mapping[str, str]


class QueryError(Exception):
    """What Prometheus says is wrong with a query."""


@dataclass(frozen=True)
class Server:
    port: int

    def get(self, path: str, **arguments: str) -> Any:
        query = urllib.parse.urlencode(arguments)
        # The address is that of our own server on loopback.
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}?{query}", timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise QueryError(json.load(error)["error"]) from None

    def evaluated(self, expression: str) -> Any:
        return self.get("/api/v1/query", query=expression)

    def parsed(self, expression: str) -> Any:
        return self.get("/api/v1/parse_query", query=expression)

    def series(self, selector: str) -> list[Labels]:
        return self.get("/api/v1/series", **{"match[]": selector})

    def rules(self) -> list[dict[str, Any]]:
        return [rule for group in self.get("/api/v1/rules")["groups"] for rule in group["rules"]]


@contextmanager
def scraping(folder: Path, rules: Sequence[Any], honours: Callable[[Exporter], bool]) -> Iterator[Server]:
    """Until the block is left; by then everything has been scraped, and every rule run, several times."""
    with stand_in() as source:
        (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": list(rules)}))
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(_configuration(source, honours)))
        port = _free_port()
        options = {
            "config.file": str(folder / "prometheus.yaml"),
            "storage.tsdb.path": str(folder / "data"),
            "web.listen-address": f"127.0.0.1:{port}",
            "log.level": "error",
        }
        command = [str(program("prometheus")), *(f"--{name}={value}" for name, value in options.items())]
        process = subprocess.Popen(command)
        try:
            server = Server(port)
            _await(lambda: server.get("/api/v1/status/buildinfo"), process, STARTUP_SECONDS)
            _await(lambda: _settled(server), process, SETTLE_SECONDS)
            yield server
        finally:
            process.kill()
            process.wait()


def _configuration(source: int, honours: Callable[[Exporter], bool]) -> dict[str, Any]:
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [
            {
                "job_name": name,
                "metrics_path": f"/{name}",
                "honor_labels": honours(exporter),
                "static_configs": [
                    {"targets": [f"127.0.0.1:{source}"], "labels": dict(labels)} for labels in exporter.targets
                ],
            }
            for name, exporter in exporters().items()
        ],
    }


def _settled(server: Server) -> bool:
    """All targets seen some times, and rules that build on others run after those."""
    scraped = server.evaluated(f"min(count_over_time(up[1m])) >= {SCRAPES}")["result"]
    return bool(scraped) and all(rule["health"] != "unknown" for rule in server.rules())


def _await(ready: Callable[[], Any], process: "subprocess.Popen[bytes]", seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"Prometheus ended: {process.returncode}"
        try:
            if ready():
                return
        except (QueryError, OSError, ValueError):
            pass
        time.sleep(0.2)
    raise AssertionError(f"Prometheus was not ready within {seconds} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
