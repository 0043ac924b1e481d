"""The benchmark runs, on the real engine, and measures what it says it measures."""

import json
import subprocess
import sys

import pytest

from tests.support.stacks import PROJECT

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("bench")]  # half a minute


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """What one round of one stack says, on paper and as JSON."""
    file = tmp_path_factory.mktemp("bench") / "samples.json"
    command = [sys.executable, "-m", "bench", "--quick", "--no-growth", "--json", str(file)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run, json.loads(file.read_text())


def test_each_program_registers_the_same_resources_with_the_engine(quick):
    samples = {one["program"]: one["resources"] for one in quick[1]["samples"]}
    assert set(samples) == {"ours", "bare async", "flat", "make preview"}
    assert len(set(samples.values())) == 1
    assert samples["ours"] > 150


def test_time_processor_and_memory_are_measured_for_program_and_engine_apart(quick):
    apart = [one for one in quick[1]["samples"] if one["program"] != "make preview"]
    assert len(apart) == 3
    for one in apart:
        assert 0 < one["start"] < one["wall"]
        assert one["program_cpu"] > 0
        assert one["engine_cpu"] > 0
        assert one["program_mb"] > 20, "less than a Python process takes"
        assert one["engine_mb"] > 20, "less than the engine takes"


def test_the_processor_time_of_the_whole_command_has_the_engines_in_it(quick):
    samples = {one["program"]: one for one in quick[1]["samples"]}
    assert samples["make preview"]["program_cpu"] > samples["ours"]["engine_cpu"]


def test_progress_and_report_go_to_different_streams(quick):
    run, written = quick
    assert "[4/4] staging, make preview:" in run.stderr
    assert f"staging: {written['samples'][0]['resources']} resources, 1 round" in run.stdout
    assert f"{written['targets'][0]['value']['middle']:.2f}" in run.stdout
