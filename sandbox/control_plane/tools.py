"""The programs of a real control plane: built once a machine, from the Go modules that tools/cluster pins."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sandbox import go_programs
from sandbox.engine_build import Progress
from sandbox.go_programs import Suite

WANTED = "A real control plane is built from source"
VERSION = "k8s.io/component-base/version.git"

KUBERNETES = Suite(
    name="Kubernetes",
    wanted=WANTED,
    folder="cluster/kubernetes",
    requires="k8s.io/kubernetes",
    programs={
        "etcd": "go.etcd.io/etcd/server/v3",
        **{
            name: f"k8s.io/kubernetes/cmd/{name}"
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
        },
    },
    minutes="six minutes",
)
KWOK = Suite(
    name="kwok",
    wanted=WANTED,
    folder="cluster/kwok",
    requires="sigs.k8s.io/kwok",
    programs={"kwok": "sigs.k8s.io/kwok/cmd/kwok"},
    minutes="two minutes",
)
LOAD_BALANCERS = Suite(
    name="the AWS Load Balancer Controller",
    wanted=WANTED,
    folder="cluster/load-balancer-controller",
    requires="sigs.k8s.io/aws-load-balancer-controller",
    programs={"aws-load-balancer-controller": "sigs.k8s.io/aws-load-balancer-controller"},
    minutes="four minutes",
)


def resolve(progress: Progress, env: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The path of each program by its name, all built first if need be."""
    return go_programs.resolve([_named(KUBERNETES), KWOK, LOAD_BALANCERS], progress, env)


def _named(kubernetes: Suite) -> Suite:
    """Its programs would call themselves v0.0.0 else: as Kubernetes' own hack/lib/version.sh."""
    major, minor, _ = kubernetes.version.removeprefix("v").split(".")
    stamps = {f"{VERSION}Version": kubernetes.version, f"{VERSION}Major": major, f"{VERSION}Minor": minor}
    return replace(kubernetes, stamps=stamps)
