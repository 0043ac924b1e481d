"""What exporters give Prometheus, by the catalogue in tests/monitoring/exports, and a server that stands in for all."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread

from tests.support.stacks import PROJECT

FOLDER = PROJECT / "tests" / "monitoring" / "exports"
SERIES = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Series:
    family: str
    type: str
    name: str
    labels: Mapping[str, str]
    value: float

    def line(self, seconds: float, number: int) -> str:
        """Counters rise, each at a pace of its own; a bucket holds what is in those below it."""
        value = self.value
        if self.type in ("counter", "histogram"):
            value += seconds * (1 + number % 7)
        if self.name.endswith("_bucket"):
            value = self.value + seconds * 10 + number
        labels = ",".join(f'{name}="{label}"' for name, label in self.labels.items())
        return f"{self.name}{{{labels}}} {value}"


@dataclass(frozen=True, kw_only=True)
class Exporter:
    name: str
    source: str
    targets: tuple[Mapping[str, str], ...]
    """The labels that Prometheus gives each."""
    monitor: tuple[str, str] | None
    """Kind and name of the object of ours by which Prometheus finds it."""
    honoured: bool
    """By a chart's own: where both have a label, the exporter's counts."""
    series: tuple[Series, ...]

    def text(self, seconds: float) -> str:
        lines: list[str] = []
        told = ""
        for number, one in enumerate(self.series):
            if one.family != told:
                told = one.family
                lines.append(f"# TYPE {told} {one.type}")
            lines.append(one.line(seconds, number))
        return "\n".join(lines) + "\n"


@cache
def exporters() -> dict[str, Exporter]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.prom"))}


def _read(path: Path) -> Exporter:
    text = path.read_text()
    monitor = re.search(r"^# Monitor: (\w+)/(\S+)$", text, re.MULTILINE)
    source = re.search(r"^# From: (.+)$", text, re.MULTILINE)
    assert source, f"{path.name} does not say where it is from"
    return Exporter(
        name=path.stem,
        source=source[1],
        targets=tuple(
            dict(word.split("=", 1) for word in line.split())
            for line in re.findall(r"^# Target: (.+)$", text, re.MULTILINE)
        ),
        monitor=(monitor[1], monitor[2]) if monitor else None,
        honoured="# Honoured: " in text,
        series=tuple(_series(text)),
    )


def _series(text: str) -> Iterator[Series]:
    family = type_ = ""
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, family, type_ = line.split()
        elif line and not line.startswith("#"):
            found = SERIES.fullmatch(line)
            assert found, f"this is no series: {line}"
            name, labels, value = found.groups()
            assert name.startswith(family), f"{name} is not of {family}"
            for each in _expanded(dict(LABEL.findall(labels or ""))):
                yield Series(family=family, type=type_, name=name, labels=each, value=float(value))


def _expanded(labels: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for values in product(*(value.split("|") for value in labels.values())):
        yield dict(zip(labels, values, strict=True))


@contextmanager
def stand_in() -> Iterator[int]:
    """The port at which each exporter answers, at ``/<its name>``."""
    started = time.monotonic()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exporters()[self.path.strip("/")].text(time.monotonic() - started).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
