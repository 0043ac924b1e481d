"""The real programs that watch the cluster, built once a machine: Prometheus and Alertmanager at the releases that it
runs, and the newest Filebeat that can be built (docs/adr/0031)."""

import sys
from functools import cache
from pathlib import Path

from sandbox import go_programs
from sandbox.engine import progress_on
from sandbox.go_programs import Suite

WANTED = "Alerts and queries are tried on the programs that will read them, which are built from source"

PROMETHEUS = Suite(
    name="Prometheus",
    wanted=WANTED,
    folder="monitoring/prometheus",
    requires="github.com/prometheus/prometheus",
    programs={name: f"github.com/prometheus/prometheus/cmd/{name}" for name in ("prometheus", "promtool")},
    minutes="four minutes",
    tags=["remove_all_sd"],  # a fifth of the packages, the SDKs of clouds: what it scrapes here, it is told
)
ALERTMANAGER = Suite(
    name="Alertmanager",
    wanted=WANTED,
    folder="monitoring/alertmanager",
    requires="github.com/prometheus/alertmanager",
    programs={name: f"github.com/prometheus/alertmanager/cmd/{name}" for name in ("alertmanager", "amtool")},
    minutes="two minutes",
    lacks={"ui/app/dist/index.html": "<!doctype html><title>Alertmanager</title>\n"},
)
FILEBEAT = Suite(
    name="Filebeat",
    wanted=WANTED,
    folder="monitoring/filebeat",
    requires="github.com/elastic/beats/v7",
    programs={"filebeat": "github.com/elastic/beats/v7/filebeat"},
    minutes="four minutes",
)


@cache
def program(name: str) -> Path:
    """The path of `prometheus`, `promtool`, `alertmanager`, `amtool` or `filebeat`."""
    (suite,) = (suite for suite in (PROMETHEUS, ALERTMANAGER, FILEBEAT) if name in suite.programs)
    return go_programs.resolve([suite], progress_on(sys.stderr))[name]
