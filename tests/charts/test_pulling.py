"""Contracts straight from a publisher: the real Helm pulls a chart and renders the definitions among its templates."""

import os
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dhakacart_infra.config.versions import Chart
from sandbox.kubernetes.contracts import __main__ as command
from tests.support.helm import helm

pytestmark = pytest.mark.usefixtures("helm_at_hand")
DEFINITION = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {plural}.shop.example}}
spec:
  group: shop.example
  names: {{kind: {kind}, plural: {plural}}}
  scope: Namespaced
  versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object}}}}}}]
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def publisher(tmp_path):
    """A chart in a repository of its own, over HTTP."""
    source, index = tmp_path / "shop", tmp_path / "index"
    for folder, kind in (("crds", "Cart"), ("templates", "Order")):
        (source / folder).mkdir(parents=True)
        text = DEFINITION.format(kind=kind, plural=f"{kind.lower()}s")
        (source / folder / "kind.yaml").write_text(text)
    (source / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.2.3\n")
    (source / "values.yaml").write_text("replicas: 2\n")
    index.mkdir()
    for arguments in (["package", str(source), "-d", str(index)], ["repo", "index", str(index)]):
        subprocess.run([helm(), *arguments], check=True, capture_output=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(index))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def pinned(publisher, tmp_path, monkeypatch):
    """The one chart that is pinned, with Helm at hand."""
    chart = Chart(name="shop", version="1.2.3", repository=publisher)
    monkeypatch.setattr(command, "PINNED", [chart])
    monkeypatch.setattr(command, "path", lambda name: tmp_path / f"{name}.json")
    monkeypatch.setenv("PATH", f"{helm().parent}{os.pathsep}{os.environ['PATH']}")
    return chart


def test_a_chart_is_pulled_and_its_definitions_are_found_wherever_they_are(pinned, tmp_path):
    assert command.main(["--charts", str(tmp_path / "charts"), "--pull"]) == 0
    assert (tmp_path / "charts" / "shop-1.2.3" / "values.yaml").is_file()
    written = (tmp_path / "shop.json").read_text()
    assert '"Cart"' in written
    assert '"Order"' in written
    assert '"replicas": "integer"' in written


def test_a_release_that_its_publisher_does_not_have_is_an_error_in_helms_words(pinned, tmp_path, monkeypatch, capsys):
    other = Chart(name="shop", version="9.9.9", repository=pinned.repository)
    monkeypatch.setattr(command, "PINNED", [other])
    assert command.main([]) == 2
    assert "9.9.9" in capsys.readouterr().err
    assert not (tmp_path / "shop.json").exists()
