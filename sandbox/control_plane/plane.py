"""A control plane on loopback: etcd, API server, controllers and scheduler, and kwok for nodes and pods.

It outlives the command that starts it. Its folder says where it listens, so that it can be started anew at the same
address: that stands in the engine's state.
"""

import base64
import json
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import urllib3

from sandbox.aws.kube import KubeApi
from sandbox.control_plane import certificates
from sandbox.control_plane.api import Api, ApiError
from sandbox.control_plane.process import POLL_SECONDS, Process
from sandbox.errors import SandboxError

NOTES = "cluster.json"
STAGES = Path(__file__).parent / "stages.yaml"
PORTS = ("api", "etcd", "peer", "health", "webhooks")
READY_SECONDS = 90
SERVICES = "172.20.0.0/16"  # of the two ranges that EKS chooses from, the one that the simulated cluster has, too
AUTOSCALER_SECONDS = 2
ORDER = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")


class ControlPlane:
    """What a folder holds of one, whether or not it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pki = folder / "pki"
        self.kubeconfig = folder / "kubeconfig"

    def stands(self) -> bool:
        return (self.folder / NOTES).is_file()

    @cached_property
    def notes(self) -> Mapping[str, str]:
        return json.loads((self.folder / NOTES).read_text())

    def port(self, name: str) -> int:
        return int(self.notes[name])

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self.port('api')}"

    @property
    def kube(self) -> KubeApi:
        """What simulated EKS clusters say is theirs."""
        return KubeApi(endpoint=self.endpoint, ca_pem=(self.pki / "ca.crt").read_text())

    @cached_property
    def api(self) -> Api:
        return Api(self.endpoint, self.pki / "ca.crt", self.notes["token"])

    def process(self, name: str) -> Process:
        return Process(self.folder / "run", name)

    def start(self, tools: Mapping[str, Path]) -> None:
        """Whatever of it does not run. Raises SandboxError with what the program said that did not come up."""
        if not self.stands():
            self._settle()
        commands = self._commands()
        for name in ORDER:
            self.process(name).start([tools[name], *commands[name]], {"PATH": os.environ.get("PATH", "")})
            if name == "kube-apiserver":
                self._wait()

    def stop(self) -> None:
        """The controllers in it first, what they all depend on last."""
        running = {path.stem for path in (self.folder / "run").glob("*.pid")}
        for name in (*(running - {*ORDER}), *reversed(ORDER)):
            self.process(name).stop()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self) -> None:
        """Ports, keys and the files that name them, for the life of this control plane."""
        shutil.rmtree(self.folder, ignore_errors=True)  # of a start that was cut off
        certificates.write(self.pki, ["localhost", "kubernetes.default.svc"])
        with ExitStack() as open_ports:
            sockets = {name: open_ports.enter_context(socket.socket()) for name in PORTS}
            for one in sockets.values():
                one.bind(("127.0.0.1", 0))
            notes = {name: str(one.getsockname()[1]) for name, one in sockets.items()}
        notes["token"] = secrets.token_urlsafe()
        self._private("token.csv", f"{notes['token']},admin,admin,system:masters\n")
        ca = base64.b64encode((self.pki / "ca.crt").read_bytes()).decode()
        cluster = {"server": f"https://127.0.0.1:{notes['api']}", "certificate-authority-data": ca}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "sandbox", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": notes["token"]}}],
            "contexts": [{"name": "sandbox", "context": {"cluster": "sandbox", "user": "admin"}}],
            "current-context": "sandbox",
        }
        self._private("kubeconfig", json.dumps(config, indent=2))
        self._private(NOTES, json.dumps(notes))

    def _private(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)

    def _commands(self) -> dict[str, list[str]]:
        etcd, peer = (f"http://127.0.0.1:{self.port(name)}" for name in ("etcd", "peer"))
        config = f"--kubeconfig={self.kubeconfig}"
        return {
            "etcd": [
                f"--data-dir={self.folder / 'etcd'}",
                f"--listen-client-urls={etcd}",
                f"--advertise-client-urls={etcd}",
                f"--listen-peer-urls={peer}",
                f"--initial-advertise-peer-urls={peer}",
                f"--initial-cluster=default={peer}",
                "--unsafe-no-fsync",  # what it holds can be made anew
            ],
            "kube-apiserver": self._api_server(etcd),
            "kube-controller-manager": [
                config,
                "--leader-elect=false",
                "--secure-port=0",
                f"--service-account-private-key-file={self.pki / 'accounts.key'}",
                f"--root-ca-file={self.pki / 'ca.crt'}",
                f"--horizontal-pod-autoscaler-sync-period={AUTOSCALER_SECONDS}s",
            ],
            "kube-scheduler": [config, "--leader-elect=false", "--secure-port=0"],
            "kwok": [config, f"--config={STAGES}", "--manage-all-nodes=true", "--node-lease-duration-seconds=40"],
        }

    def _api_server(self, etcd: str) -> list[str]:
        return [
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",  # nothing in the cluster calls it: no pod really runs
            f"--secure-port={self.port('api')}",
            f"--tls-cert-file={self.pki / 'tls.crt'}",
            f"--tls-private-key-file={self.pki / 'tls.key'}",
            f"--token-auth-file={self.folder / 'token.csv'}",
            "--authorization-mode=RBAC",
            f"--service-account-key-file={self.pki / 'accounts.pub'}",
            f"--service-account-signing-key-file={self.pki / 'accounts.key'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-cluster-ip-range={SERVICES}",
        ]

    def _wait(self) -> None:
        server, end = self.process("kube-apiserver"), time.monotonic() + READY_SECONDS
        while True:
            for name in ("etcd", "kube-apiserver"):
                self.process(name).require_alive()
            try:
                self.api.request("GET", "/readyz")
            except (ApiError, urllib3.exceptions.HTTPError) as error:
                if time.monotonic() > end:
                    raise SandboxError(
                        f"the API server was not ready within {READY_SECONDS} seconds ({error}).", f"see {server.log}"
                    ) from None
                time.sleep(POLL_SECONDS)
            else:
                return


if __name__ == "__main__":
    ControlPlane(Path(sys.argv[1]).absolute()).remove()
