"""Which Pulumi is used, and what a build leaves behind. ``pulumi`` and ``go`` are small scripts here."""

import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import engine, engine_build
from sandbox.engine_build import Step, parsed, text
from sandbox.errors import SandboxError

PINNED = "v3.259.0"
GO = """
echo "$@" >> "$0.calls"
case "$1" in
  env) echo go{go} ;;
  list) echo "go: downloading example.com/x v1.0.0" >&2; printf 'first\\nsecond\\n{command}\\n' ;;
  build)
    while [ "$1" != -o ]; do shift; done
    echo $$ > "$0.pid"
    echo first >&2
    {work}
    printf '#!/bin/sh\\necho {built}\\n' > "$2"
    chmod +x "$2" ;;
esac
"""


class Machine:
    """A machine with nothing on its PATH but what a test puts there."""

    def __init__(self, root):
        self.bin = root / "bin"
        self.cache = root / "cache"
        self.said = []
        self.bin.mkdir()

    def has(self, name, script):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        path.chmod(0o755)

    def has_pulumi(self, version):
        self.has("pulumi", f"echo {version}")

    def has_go(self, version="1.26.0", *, built=PINNED, work=":"):
        command = f"{engine.PACKAGE}/cmd/pulumi"
        self.has("go", GO.format(go=version, built=built, work=work, command=command))

    def resolve(self, progress=None):
        return engine.resolve(progress or self.said.append, cache=self.cache, env={"PATH": str(self.bin)})

    def go_calls(self, command):
        calls = self.bin / "go.calls"
        return [line for line in calls.read_text().splitlines() if line.startswith(command)] if calls.exists() else []

    def left_behind(self):
        return {path.name for path in self.cache.glob("*/*")}


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_build, "POLL_SECONDS", 0.02)
    return Machine(tmp_path)


@pytest.fixture
def talkative(monkeypatch):
    monkeypatch.setattr(engine_build, "LOG_PACE_SECONDS", 0)
    monkeypatch.setattr(engine_build, "TERMINAL_PACE_SECONDS", 0)


@pytest.mark.parametrize("version", [PINNED, "v3.272.0", "v3.300.1-alpha.1+dirty"])
def test_a_recent_pulumi_on_the_path_is_used_as_it_is(machine, version):
    machine.has_pulumi(version)
    assert machine.resolve() == machine.bin / "pulumi"
    assert machine.said == []


@pytest.mark.parametrize("version", ["v3.258.9", "v2.999.0", "v4.0.0"])
def test_an_unsuitable_pulumi_is_named_and_a_built_one_used_instead(machine, version):
    machine.has_pulumi(version)
    machine.has_go()
    assert machine.resolve().is_relative_to(machine.cache)
    assert f"is version {version[1:]}" in machine.said[0]
    assert "needed is 3.259.0 or later" in machine.said[0]


def test_a_pulumi_that_does_not_run_counts_as_none(machine):
    machine.has("pulumi", "exit 3")
    machine.has_go()
    assert machine.resolve().is_relative_to(machine.cache)
    assert "not a working Pulumi" in machine.said[0]


def test_the_engine_is_built_once_and_then_found(machine):
    machine.has_go()
    first = machine.resolve()
    machine.said.clear()
    assert machine.resolve() == first
    assert os.access(first, os.X_OK)
    assert len(machine.go_calls("build")) == 1
    assert machine.said == []


def test_a_build_leaves_only_the_engine_and_its_log(machine):
    machine.has_go()
    machine.resolve()
    assert machine.left_behind() == {"pulumi", "build.log", "lock"}


def test_two_processes_at_once_build_once(machine):
    machine.has_go(work="sleep 0.5")
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(machine.resolve) for _ in range(2)]
        assert results[0].result() == results[1].result()
    assert len(machine.go_calls("build")) == 1


@pytest.mark.usefixtures("talkative")
def test_progress_counts_the_packages_compiled(machine):
    machine.has_go(work="sleep 0.5")
    machine.resolve()
    steps = [message for message in machine.said if isinstance(message, Step)]
    assert any("1 of 3 packages compiled" in step for step in steps), steps


@pytest.mark.exhaustive
@pytest.mark.usefixtures("talkative")
def test_an_interrupted_build_ends_its_compiler_and_leaves_nothing_half_built(machine):
    machine.has_go(work="sleep 30")

    def interrupt_when_compiling(message):
        if "1 of 3" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        machine.resolve(interrupt_when_compiling)
    assert machine.left_behind() == {"build.log", "lock"}
    with pytest.raises(ProcessLookupError):
        os.kill(int((machine.bin / "go.pid").read_text()), 0)


def test_what_a_killed_build_left_does_not_hinder_the_next(machine):
    machine.has_go()
    target = machine.resolve()
    target.unlink()
    (target.parent / "building").mkdir()
    (target.parent / "building" / "pulumi").write_text("half")
    assert machine.resolve() == target
    assert machine.left_behind() == {"pulumi", "build.log", "lock"}


def test_without_pulumi_and_go_the_error_names_both_ways_out(machine):
    with pytest.raises(SandboxError) as error:
        machine.resolve()
    assert "no pulumi is on PATH" in error.value.what
    assert "install Pulumi 3.259.0 or later" in error.value.remedy
    assert "Go 1.25.11 or later" in error.value.remedy


def test_with_an_old_pulumi_and_no_go_the_error_says_found_and_needed(machine):
    machine.has_pulumi("v3.100.0")
    with pytest.raises(SandboxError, match=r"is version 3\.100\.0, needed is 3\.259\.0 or later"):
        machine.resolve()


def test_a_go_too_old_to_build_it_is_refused_before_anything_is_built(machine):
    machine.has_go("1.22.3")
    with pytest.raises(SandboxError, match=r"it is go1\.22\.3, needed is 1\.25\.11 or later"):
        machine.resolve()
    assert not machine.cache.exists()


def test_a_failed_build_shows_the_end_of_its_log_and_where_the_rest_is(machine):
    machine.has_go(work="for n in $(seq 40); do echo line-$n >&2; done; echo 'no space left' >&2; exit 1")
    with pytest.raises(SandboxError) as error:
        machine.resolve()
    shown = error.value.what
    assert "| no space left" in shown
    assert "line-40" in shown
    assert "line-9\n" not in shown
    log = next(machine.cache.glob("*/build.log"))
    assert str(log) in shown
    assert "line-1\n" in log.read_text()
    assert machine.left_behind() == {"build.log", "lock"}


def test_a_build_that_made_another_version_is_not_kept(machine):
    machine.has_go(built="v3.1.0")
    with pytest.raises(SandboxError, match="does not answer"):
        machine.resolve()
    assert "pulumi" not in machine.left_behind()


def test_a_cache_folder_that_cannot_be_made_is_named(machine):
    machine.has_go()
    machine.cache.write_text("a file")
    with pytest.raises(SandboxError, match="cannot be built in") as error:
        machine.resolve()
    assert str(machine.cache) in error.value.what
    assert "XDG_CACHE_HOME" in error.value.remedy


def test_the_pinned_engine_is_one_that_would_be_accepted():
    pinned = parsed(engine.directive(engine.MODULE, f"require {engine.PACKAGE}"))
    assert engine.MINIMUM <= pinned < engine.NEXT_MAJOR


def test_the_cache_folder_follows_the_desktop_convention(tmp_path):
    assert engine.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "dhakacart-infra"
    for ignored in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}):
        assert engine.cache_folder(ignored).parent.name == ".cache"


def test_a_log_gets_a_line_for_every_message():
    log = io.StringIO()
    for message in (Step("one"), Step("two"), "done"):
        engine.progress_on(log)(message)
    assert log.getvalue() == "one\ntwo\ndone\n"


def test_a_terminal_rewrites_the_line_of_a_step(monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    say = engine.progress_on(terminal)
    for message in (Step("one"), Step("two"), "done"):
        say(message)
    assert [part.removeprefix("\x1b[K") for part in terminal.getvalue().split("\r")] == [
        "",
        "one",
        "two",
        "done\n",
    ]


@given(st.tuples(*[st.integers(min_value=0, max_value=9999)] * 3))
def test_a_version_is_read_back_from_what_a_tool_prints(version):
    assert parsed(f"tool v{text(version)}+dirty\n") == version


def test_an_error_reads_as_what_is_wrong_and_what_to_do():
    assert str(SandboxError("The port 4566 is in use.", "another --port.")) == (
        "The port 4566 is in use.\n  Try: another --port."
    )
