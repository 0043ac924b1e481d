"""Staging, up on one real control plane for all of these tests."""

from collections.abc import Iterator

import pytest

from tests.support.aws import Aws
from tests.support.project import WHOLE, Project, up
from tests.support.real_cluster import Cluster

ROOM_VCPU = 16  # for fifty pods of the frontend


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    project = Project(tmp_path_factory.mktemp("real") / "project", WHOLE)
    project.edit("staging", lambda config: config["cluster"]["node_limits"].update(on_demand_vcpu=ROOM_VCPU))
    with project.sandbox(real=True) as sandbox:
        assert sandbox.cluster
        try:
            up(sandbox)
            yield Cluster(project, sandbox, Aws("ap-south-1"))
        finally:
            sandbox.cluster.plane.remove()
