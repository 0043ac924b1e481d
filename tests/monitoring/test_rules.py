"""The alert rules on the real promtool: each fires when it should, and not when it only looks like it."""

import re
import subprocess
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from dhakacart_infra.observability.alerting.model import Alert
from tests.support import alert_rules
from tests.support.alert_cases import CASES, Case
from tests.support.monitoring import program
from tests.support.stacks import PROJECT


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(program("promtool")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def tried(cases: list[Case], folder: Path) -> subprocess.CompletedProcess[str]:
    """Cases of different steps apart: rules are computed as often as there is something new."""
    files: list[Path] = []
    for step, alike in groupby(sorted(cases, key=lambda case: case.step), key=lambda case: case.step):
        of_one_step = list(alike)
        there = folder / step
        there.mkdir()
        rules = alert_rules.write(there, alert_rules.behind({case.alert for case in of_one_step}))
        tests = {"rule_files": [str(file) for file in rules], "tests": [case.rendered() for case in of_one_step]}
        files.append(there / "cases.yaml")
        files[-1].write_text(yaml.safe_dump({"evaluation_interval": step, **tests}))
    return promtool("test", "rules", *files)


def test_prometheus_takes_every_rule_without_complaint(tmp_path):
    done = promtool("check", "rules", "--lint=all", "--lint-fatal", *alert_rules.write(tmp_path, alert_rules.groups()))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("subject", CASES)
def test_alerts_fire_when_they_should_and_not_when_it_only_looks_like_it(subject, tmp_path):
    done = tried(CASES[subject], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_case_that_is_wrong_would_be_found(tmp_path):
    (right,) = [case for case in CASES["saturation"] if case.alert == "VolumeAlmostFull" and case.fires]
    wrong = Case(alert=right.alert, when="as before, and said to be silent", series=right.series, at=right.at)
    done = tried([wrong], tmp_path)
    assert done.returncode != 0
    assert 'persistentvolumeclaim="prometheus-0"' in done.stdout + done.stderr


def test_a_rule_that_prometheus_does_not_understand_would_be_found(tmp_path):
    file = tmp_path / "wrong.yaml"
    broken = Alert(name="Broken", expr="sum(", lasts="1m", severity="warning", summary="x", description="x")
    file.write_text(yaml.safe_dump({"groups": [{"name": "x", "rules": [broken.rendered()]}]}))
    assert promtool("check", "rules", file).returncode != 0


def test_every_query_in_a_runbook_is_one_that_prometheus_understands(tmp_path):
    pages = sorted((PROJECT / "docs" / "runbooks" / "alerts").glob("*.md"))
    queries = [query for page in pages for query in re.findall(r"```promql\n(.+?)\n```", page.read_text(), re.DOTALL)]
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "runbooks", "rules": rules}]}))
    done = promtool("check", "rules", file)
    assert queries
    assert done.returncode == 0, done.stdout + done.stderr
