"""`up --cluster real` as its user has it: a cluster to look at, until it is destroyed."""

import re
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from sandbox.control_plane.load_balancers import NAME
from sandbox.control_plane.plane import ControlPlane
from tests.support.command import Run, execute


def listens(kubeconfig: Path) -> bool:
    """Somebody answers at the address of the API server."""
    config = yaml.safe_load(kubeconfig.read_text())
    address = urlsplit(config["clusters"][0]["cluster"]["server"])
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


def sandbox(state: Path, *arguments: str) -> Run:
    """In a process of its own, since the cluster of the other tests has this one's AWS."""
    return execute("-m", "sandbox", *arguments, "--state", str(state))


def test_the_cluster_can_be_looked_at_until_destroy_takes_it_and_the_load_balancer_away(tmp_path):
    state = tmp_path / "state"
    plane = ControlPlane(state / "cluster")
    try:
        made = sandbox(state, "up", "--cluster", "real")
        assert made.code == 0, made.err
        (kubeconfig,) = re.findall(r"^export KUBECONFIG=(\S+)$", made.out, re.MULTILINE)
        (kubectl,) = re.findall(r"^# (\S+) get pods,hpa,ingress", made.out, re.MULTILINE)
        assert not plane.process(NAME).alive(), "it would call an AWS that is at rest"
        command = [kubectl, "get", "pods,hpa,ingress", "--namespace", "dhakacart"]
        # Without a home, kubectl would keep its cache where the tests are run.
        env = {"KUBECONFIG": kubeconfig, "HOME": str(tmp_path)}
        shown = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        assert len(re.findall(r"^pod/dhakacart-\S+ +1/1 +Running", shown, re.MULTILINE)) >= 4
        assert re.search(
            r"^ingress.networking.k8s.io/dhakacart .*\.ap-south-1\.elb\.amazonaws\.com", shown, re.MULTILINE
        )
        assert "horizontalpodautoscaler.autoscaling/dhakacart-backend-hpa" in shown
        api = listens(Path(kubeconfig))
        gone = sandbox(state, "destroy")
        assert gone.code == 0, gone.err
        assert "AWS holds nothing of staging." in gone.out
        assert api
        assert not plane.folder.exists()
    finally:
        plane.remove()
