"""A real cluster beside simulated AWS: its control plane, its nodes, and the one controller that AWS notices."""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sandbox import engine
from sandbox.aws.gateway import Gateway
from sandbox.control_plane import tools
from sandbox.control_plane.api import Api
from sandbox.control_plane.aws_endpoint import aws_endpoint
from sandbox.control_plane.load_balancers import NAME, LoadBalancers
from sandbox.control_plane.nodes import Nodes
from sandbox.control_plane.plane import ControlPlane
from sandbox.control_plane.process import POLL_SECONDS
from sandbox.eks.clusters import behind
from sandbox.errors import SandboxError
from sandbox.kubernetes.cluster import Contents
from sandbox.kubernetes.definitions import GROUP, KIND
from sandbox.kubernetes.objects import Kind, metadata, name_of
from sandbox.kubernetes.plain import map_at, maps_at
from sandbox.providers.properties import Props
from sandbox.providers.provider import ResourceError

DEFINITION = Kind(api_version=f"{GROUP}/v1", kind=KIND)
ANYTHING: Props = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
OWN_WRITER = "elbv2.k8s.aws"
"""The controller that is real writes more into these than their contract has, which is of what programs write."""
ESTABLISHED_SECONDS = 20
INGRESS = Kind(api_version="networking.k8s.io/v1", kind="Ingress")
MERGE = "application/merge-patch+json"
PROTECTION = "deletion_protection.enabled"


class RealCluster:
    """``folder`` holds what stands of it between commands."""

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        self.plane = ControlPlane(folder)
        self._gateway = gateway
        self.kubectl = Path("kubectl")
        self.asked: set[str] = set()
        """What the load balancer controller has called, as IAM names it."""
        self._load_balancers: LoadBalancers | None = None

    @property
    def api(self) -> Api:
        return self.plane.api

    @contextmanager
    def running(self) -> Generator[None]:
        """The control plane stays when the block is left. The load balancer controller rests then, as AWS does."""
        programs = tools.resolve(engine.progress_on(sys.stderr))
        self.kubectl = programs["kubectl"]
        self.plane.start(programs)
        self._gateway.kube = self.plane.kube
        with aws_endpoint(self._gateway, self.asked) as url:
            self._load_balancers = LoadBalancers(self.plane, programs[NAME], url)
            try:
                yield
            finally:
                self._load_balancers.stop()

    @property
    def load_balancers(self) -> LoadBalancers:
        if self._load_balancers is None:
            raise ResourceError("the control plane is at rest: it runs for `up`, `destroy` and `serve`")
        return self._load_balancers

    def way_in(self) -> str:
        """What its user is told."""
        return (
            f"export KUBECONFIG={self.plane.kubeconfig}\n"
            f"# {self.kubectl} get pods,hpa,ingress --all-namespaces shows the shop, until `destroy`."
        )

    def claim(self, stack: str) -> None:
        """Objects of two stacks have the same names: each has a control plane of its own."""
        note = self.plane.folder / "stack"
        owner = note.read_text() if note.exists() else stack
        if owner != stack:
            raise SandboxError(
                f"the control plane in {self.plane.folder} is {owner}'s, and {stack} has the same names in it.",
                "name another folder with --state, or destroy that stack first",
            )
        note.write_text(stack)

    def nodes(self) -> Nodes:
        """Of the EKS cluster that says this control plane is its own."""
        found = behind(self._gateway, self.plane.endpoint)
        if found is None:
            raise ResourceError(f"no EKS cluster says that {self.plane.endpoint} is its API server")
        return Nodes(self.api, *found, self._gateway.lock)

    def let_go(self, namespace: str | None, ingress: str) -> None:
        """Where all that is protected is to go: a load balancer that is keeps its Ingress, by AWS and by controller."""
        found, standing = behind(self._gateway, self.plane.endpoint), self.api.get(INGRESS, namespace, ingress)
        if not (self._gateway.unprotect and found and standing):
            return
        for balancer in found[0].of("elbv2").load_balancers.values():
            balancer.attrs[PROTECTION] = "false"
        said: dict[str, str] = map_at(metadata(standing), "annotations")
        given = {name: text.replace(f"{PROTECTION}=true", f"{PROTECTION}=false") for name, text in said.items()}
        change = {"metadata": {"annotations": given}}
        self.api.request("PATCH", self.api.path(INGRESS, namespace, ingress), change, MERGE)

    def define(self, contents: Contents) -> None:
        """The kinds that charts define are known to the API server, and no others."""
        wanted = {name_of(value): value for value in contents.of_kind(GROUP, KIND)}
        standing = {name_of(value) for value in self.api.list(DEFINITION)}
        for name in standing - wanted.keys():
            self.api.delete(DEFINITION, None, name)
        for name in sorted(wanted.keys() - standing):
            self.api.apply(_as_served(wanted[name]))
        end = time.monotonic() + ESTABLISHED_SECONDS
        while missing := wanted.keys() - {name_of(value) for value in self.api.list(DEFINITION) if _served(value)}:
            if time.monotonic() > end:
                raise ResourceError(f"the API server does not serve {', '.join(sorted(missing))}")
            time.sleep(POLL_SECONDS)


def _as_served(definition: Props) -> Props:
    """With the fields of its chart's contract, or any where it has none; a status apart, as controllers write it."""
    spec = map_at(definition, "spec")
    versions: list[Props] = [
        {**one, "schema": {"openAPIV3Schema": _schema(spec, one)}, "subresources": {"status": {}}}
        for one in spec["versions"]
    ]
    return {
        "apiVersion": definition["apiVersion"],
        "kind": definition["kind"],
        "metadata": {"name": name_of(definition)},
        "spec": {**spec, "versions": versions},
    }


def _schema(spec: Props, version: Props) -> Props:
    known = map_at(version, "schema", "openAPIV3Schema")
    if not known or spec["group"] == OWN_WRITER:
        return ANYTHING
    return {**known, "properties": {**known["properties"], "status": ANYTHING}}


def _served(definition: Props) -> bool:
    conditions = {one["type"]: one["status"] for _, one in maps_at(definition, "status", "conditions")}
    return conditions.get("Established") == "True"
