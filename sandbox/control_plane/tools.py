"""The programs of a real control plane: built once a machine, from the Go modules that tools/cluster pins."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.engine import cache_folder, directive, go_command, go_environment, host
from sandbox.engine_build import Build, Progress
from sandbox.errors import SandboxError

MODULES = Path(__file__).parent.parent.parent / "tools" / "cluster"
WANTED = "A real control plane is built from source"
VERSION = "k8s.io/component-base/version.git"


@dataclass(frozen=True, kw_only=True)
class Suite:
    """What one module brings."""

    name: str
    folder: str
    requires: str
    """The module whose version is the suite's."""
    programs: Mapping[str, str]
    minutes: str
    stamped: bool = False
    """The version is written into the programs, which would call themselves v0.0.0 else."""


KUBERNETES = Suite(
    name="Kubernetes",
    folder="kubernetes",
    requires="k8s.io/kubernetes",
    programs={
        "etcd": "go.etcd.io/etcd/server/v3",
        **{
            name: f"k8s.io/kubernetes/cmd/{name}"
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
        },
    },
    minutes="six minutes",
    stamped=True,
)
KWOK = Suite(
    name="kwok",
    folder="kwok",
    requires="sigs.k8s.io/kwok",
    programs={"kwok": "sigs.k8s.io/kwok/cmd/kwok"},
    minutes="two minutes",
)
LOAD_BALANCERS = Suite(
    name="the AWS Load Balancer Controller",
    folder="load-balancer-controller",
    requires="sigs.k8s.io/aws-load-balancer-controller",
    programs={"aws-load-balancer-controller": "sigs.k8s.io/aws-load-balancer-controller"},
    minutes="four minutes",
)


def resolve(progress: Progress, env: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The path of each program by its name, all built first if need be."""
    environment = dict(os.environ if env is None else env)
    return {
        name: path
        for suite in (KUBERNETES, KWOK, LOAD_BALANCERS)
        for name, path in _built(suite, progress, environment)
    }


def _built(suite: Suite, progress: Progress, env: Mapping[str, str]) -> list[tuple[str, Path]]:
    module = MODULES / suite.folder
    version = directive(module, f"require {suite.requires}")
    folder = cache_folder(env) / "-".join((suite.folder, version, *host()))
    build = Build(
        name=suite.name,
        version=version,
        programs=suite.programs,
        module=module,
        folder=folder,
        env=go_environment(env),
        go="",
        progress=progress,
        stamps=_stamps(version) if suite.stamped else {},
    )
    if not build.done():
        _make(build, suite)
    return [(name, folder / name) for name in suite.programs]


def _make(build: Build, suite: Suite) -> None:
    go = go_command(build.module, build.env, WANTED)
    build.progress(f"building {build.name} {build.version} from source, once, in about {suite.minutes}")
    try:
        replace(build, go=go).run()
    except OSError as error:
        raise SandboxError(
            f"{build.name} cannot be built in {build.folder}: {error.strerror or error}.",
            "free 6 GB of disk space or set XDG_CACHE_HOME to a folder that can be written to, then run it again.",
        ) from error


def _stamps(version: str) -> dict[str, str]:
    """As Kubernetes' own hack/lib/version.sh."""
    major, minor, _ = version.removeprefix("v").split(".")
    return {f"{VERSION}Version": version, f"{VERSION}Major": major, f"{VERSION}Minor": minor}
