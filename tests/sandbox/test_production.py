"""Production and its standby, whole: made, unchanged, and gone when somebody insists."""

from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.command import run
from tests.support.project import WHOLE, Project, preview, up


@pytest.mark.exhaustive
def test_production_and_its_standby_stand_stay_and_go_only_when_unprotected(tmp_path):
    project = Project(tmp_path / "project", WHOLE)
    for stack in ("prod", "prod-dr"):
        made, again = (run(project, "up", "--stack", stack) for _ in range(2))
        refused = run(project, "destroy", "--stack", stack)
        assert made.code == 0, made.out + made.err
        assert again.out.splitlines()[-1].startswith("Nothing changed: ")
        assert refused.code == 1
    for stack in ("prod-dr", "prod"):
        insisted = run(project, "destroy", "--stack", stack, "--unprotect")
        assert insisted.out.splitlines()[-1].startswith(f"AWS holds nothing of {stack}."), insisted.err
    assert insisted.out.splitlines()[-1] == "AWS holds nothing of prod."


@pytest.mark.exhaustive
def test_the_standby_takes_over_with_as_many_nodes_as_its_peer_has(tmp_path):
    project = Project(tmp_path / "project", WHOLE)
    with project.sandbox() as sandbox:
        up(sandbox, "prod")
        up(sandbox, "prod-dr")
        project.edit("prod-dr", _take_over)
        up(sandbox, "prod-dr")
        eks = Aws("ap-southeast-1").client("eks")
        (group,) = eks.list_nodegroups(clusterName="dhakacart-prod-apse1")["nodegroups"]
        scaling = eks.describe_nodegroup(clusterName="dhakacart-prod-apse1", nodegroupName=group)["nodegroup"]
        assert scaling["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 6}
        assert preview(sandbox, "prod-dr") == {}


def _take_over(values: dict[str, Any]) -> None:
    values["role"] = "active"
    values["cluster"]["system_nodes"] = 3
