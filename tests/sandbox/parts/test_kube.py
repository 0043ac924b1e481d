"""A real API server in the place of the simulated clusters': what the command line takes for one."""

from base64 import b64decode
from pathlib import Path

import pytest

from sandbox.aws.eks.certificates import authority
from sandbox.aws.kube import KubeApi
from sandbox.errors import SandboxError
from tests.support.command import run

URL = "https://127.0.0.1:6443"


@pytest.fixture
def ca(tmp_path) -> Path:
    path = tmp_path / "ca.crt"
    path.write_bytes(b64decode(authority("kind")))
    return path


def refusal(url: str | None, ca: Path | None) -> str:
    with pytest.raises(SandboxError) as caught:
        KubeApi.of(url, ca)
    return str(caught.value)


def test_without_either_flag_clusters_keep_the_endpoint_that_is_simulated():
    assert KubeApi.of(None, None) is None


def test_both_flags_together_are_an_api_server(ca):
    assert KubeApi.of(f"{URL}/", ca) == KubeApi(endpoint=URL, ca_pem=ca.read_text())


def test_one_flag_without_the_other_is_an_error_that_names_both(ca):
    assert refusal(URL, None).startswith("--kube-endpoint is given without --kube-ca.")
    assert refusal(None, ca).startswith("--kube-ca is given without --kube-endpoint.")


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:6443", "http://127.0.0.1:6443", "https://", "https://a:port", "https://["]
)
def test_what_is_no_https_url_is_an_error_that_shows_it(url, ca):
    said = refusal(url, ca)
    assert f"--kube-endpoint {url!r} is not the https:// URL" in said
    assert "--kube-endpoint https://127.0.0.1:6443" in said


@pytest.mark.parametrize(
    "content", ["", "certificate", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n", "é"]
)
def test_a_file_without_a_certificate_is_an_error_that_names_it(content, tmp_path):
    path = tmp_path / "ca.crt"
    path.write_text(content, encoding="utf-8")
    assert f"--kube-ca {path} holds no certificate in PEM form." in refusal(URL, path)


def test_a_file_that_cannot_be_read_is_an_error_that_says_why(tmp_path):
    assert f"--kube-ca {tmp_path}/none cannot be read: No such file or directory." in refusal(URL, tmp_path / "none")
    assert f"--kube-ca {tmp_path} cannot be read: Is a directory." in refusal(URL, tmp_path)


@pytest.mark.parametrize("command", ["up", "preview", "destroy", "serve"])
def test_every_command_refuses_half_of_it_before_it_does_anything(command, project):
    failed = run(project, command, "--kube-endpoint", URL)
    assert (failed.code, failed.out) == (1, "")
    assert failed.err.startswith("error: --kube-endpoint is given without --kube-ca.")
    assert not project.state.exists()
