"""Production and its standby, whole: made, unchanged, and gone when somebody insists."""

import pytest

from tests.support.command import run
from tests.support.project import WHOLE, Project


@pytest.mark.exhaustive
@pytest.mark.parametrize("stack", ["prod", "prod-dr"])
def test_production_stands_stays_and_goes_only_when_unprotected(tmp_path, stack):
    project = Project(tmp_path / "project", WHOLE)
    made, again = (run(project, "up", "--stack", stack) for _ in range(2))
    refused = run(project, "destroy", "--stack", stack)
    insisted = run(project, "destroy", "--stack", stack, "--unprotect")
    assert made.code == 0, made.out + made.err
    assert again.out.splitlines()[-1].startswith("Nothing changed: ")
    assert refused.code == 1
    assert insisted.out.splitlines()[-1] == f"AWS holds nothing of {stack}."
