"""What a real control plane is started with and kept apart by, without one."""

import signal
import ssl

import pytest

from dhakacart_infra.config.versions import KUBERNETES
from sandbox.aws.gateway import Gateway
from sandbox.control_plane import certificates, tools
from sandbox.control_plane.cluster import RealCluster
from sandbox.control_plane.process import Process
from sandbox.errors import SandboxError
from tests.support.cyclonus import CYCLONUS
from tests.support.helm import HELM
from tests.support.monitoring import ALERTMANAGER, FILEBEAT, PROMETHEUS
from tests.support.project import Project

NAMESPACE = "urn:pulumi:staging::dhakacart::kubernetes:core/v1:Namespace::shop"


def test_a_process_is_found_again_by_whoever_looks_into_its_folder(tmp_path):
    Process(tmp_path, "sleeper").start(["sleep", "60"], {"PATH": "/usr/bin:/bin"})
    again = Process(tmp_path, "sleeper")
    assert again.alive()
    again.stop()
    assert not again.alive()


def test_a_process_that_is_deaf_to_a_request_is_ended_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("sandbox.control_plane.process.STOP_SECONDS", 0.2)
    deaf = Process(tmp_path, "deaf")
    deaf.start(["python3", "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"], {})
    deaf.stop()
    assert not deaf.alive()


def test_a_number_that_is_anothers_by_now_is_left_alone(tmp_path):
    (tmp_path / "old.pid").write_text("1")
    old = Process(tmp_path, "old")
    assert not old.alive()
    old.stop()


def test_a_process_that_ended_shows_the_end_of_its_log(tmp_path):
    failing = Process(tmp_path, "failing")
    failing.start(["sh", "-c", "echo 'no such flag' >&2; exit 3"], {"PATH": "/usr/bin:/bin"})
    while failing.alive():
        signal.sigtimedwait([], 0.01)
    with pytest.raises(SandboxError, match="no such flag"):
        failing.require_alive()


def test_its_authority_vouches_for_the_server_and_its_keys_are_nobody_elses(tmp_path):
    pki = tmp_path / "pki"
    certificates.write(pki, ["localhost"])
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pki / "tls.crt", pki / "tls.key")
    assert {path.stat().st_mode & 0o077 for path in pki.glob("*.key")} == {0}


def test_a_second_stack_needs_a_control_plane_of_its_own(tmp_path):
    cluster = RealCluster(tmp_path, Gateway())
    cluster.claim("staging")
    cluster.claim("staging")
    with pytest.raises(SandboxError, match="is staging's") as error:
        cluster.claim("prod")
    assert "--state" in error.value.remedy


def test_what_stands_in_a_simulated_cluster_does_not_move(tmp_path):
    project = Project(tmp_path / "project")
    with project.sandbox() as sandbox:
        sandbox.store.record(NAMESPACE, "shop")
        sandbox.store.save()
    with pytest.raises(SandboxError, match="in a simulated cluster"), project.sandbox(real=True):
        pass


def test_the_control_plane_is_of_the_version_that_the_stacks_run():
    assert tools.KUBERNETES.version.startswith(f"v{KUBERNETES}.")


@pytest.mark.parametrize(
    "suite",
    [tools.KUBERNETES, tools.KWOK, tools.LOAD_BALANCERS, CYCLONUS, HELM, PROMETHEUS, ALERTMANAGER, FILEBEAT],
    ids=lambda suite: suite.folder,
)
def test_every_program_comes_of_a_pinned_module(suite):
    assert suite.version.startswith("v")
    source = (suite.module / "tools.go").read_text()
    assert all(f'"{package}"' in source for package in suite.programs.values())
