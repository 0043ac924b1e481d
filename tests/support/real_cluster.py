"""A real control plane while a test does something to it: what it looked like all the while."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.control_plane.api import Api
from sandbox.control_plane.cluster import RealCluster
from sandbox.kubernetes.objects import Kind
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import Project, up

NAMESPACE = "dhakacart"
LOOK_SECONDS = 0.1
BINDING = Kind(api_version="elbv2.k8s.aws/v1beta1", kind="TargetGroupBinding")
POD = Kind(api_version="v1", kind="Pod")


@dataclass
class Cluster:
    """Staging on a real control plane, with simulated AWS beside it."""

    project: Project
    sandbox: Sandbox
    aws: Aws

    @property
    def real(self) -> RealCluster:
        assert self.sandbox.cluster
        return self.sandbox.cluster

    @property
    def api(self) -> Api:
        return self.real.api

    def release(self, service: str, **change: Any) -> dict[str, int]:
        """Bring the stack up with a service changed; the number of resources by what was done to them."""

        def edit(config: dict[str, Any]) -> None:
            config["services"][service] |= change

        self.project.edit("staging", edit)
        return up(self.sandbox)

    def pods(self, service: str) -> list[dict[str, Any]]:
        return self.api.list(POD, NAMESPACE, labelSelector=f"app.kubernetes.io/name=dhakacart-{service}")

    def get(self, api_version: str, kind: str, name: str) -> dict[str, Any]:
        found = self.api.get(Kind(api_version=api_version, kind=kind), NAMESPACE, name)
        assert found, f"there is no {kind} {name}"
        return found

    def kubectl(self, *arguments: str) -> str:
        kubeconfig = self.real.plane.kubeconfig
        # Without a home, kubectl would keep its cache where the tests are run.
        own = [f"--kubeconfig={kubeconfig}", f"--cache-dir={kubeconfig.parent / 'cache'}"]
        command = [str(self.real.kubectl), *own, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait(self, until: Callable[[], bool], seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"it has not come about in {seconds:.0f} s"
            time.sleep(LOOK_SECONDS)

    def balancer(self) -> dict[str, Any]:
        (found,) = self.aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
        return found

    def target_group(self, service: str) -> dict[str, Any]:
        """The one whose targets are the service's pods."""
        (arn,) = [
            one["spec"]["targetGroupARN"]
            for one in self.api.list(BINDING, NAMESPACE)
            if one["spec"]["serviceRef"]["name"] == f"{NAMESPACE}-{service}"
        ]
        (found,) = self.aws.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
        return found

    def targets(self, service: str) -> set[str]:
        """Addresses to which the load balancer sends the service's requests."""
        arn = self.target_group(service)["TargetGroupArn"]
        found = self.aws.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return {one["Target"]["Id"] for one in found if one["TargetHealth"]["State"] == "healthy"}


def is_ready(pod: dict[str, Any]) -> bool:
    """As endpoints have it: ready, and not on its way out."""
    conditions = {one["type"]: one["status"] for one in pod.get("status", {}).get("conditions", [])}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]


@dataclass
class Watched:
    """What was counted, from first to last."""

    counts: list[int] = field(default_factory=list)
    seconds: float = 0

    @property
    def least(self) -> int:
        return min(self.counts)


@contextmanager
def watching(count: Callable[[], int]) -> Iterator[Watched]:
    """Counts again and again while the block runs; fails with it if counting does."""
    watched, over = Watched(), threading.Event()

    def look() -> None:
        while not over.is_set():
            watched.counts.append(count())
            time.sleep(LOOK_SECONDS)

    watcher, started = threading.Thread(target=look), time.monotonic()
    watcher.start()
    try:
        yield watched
    finally:
        watched.seconds = time.monotonic() - started
        over.set()
        watcher.join()
