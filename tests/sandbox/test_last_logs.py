"""EKS writes a deleted cluster's last logs after its log group: what ``destroy`` and the next ``up`` make of that."""

import shlex

import pytest

from tests.support.aws import Aws
from tests.support.command import run
from tests.support.project import WHOLE
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive  # three quarters of a minute

GROUP = "/aws/eks/dhakacart-staging-aps1/cluster"
COMMAND = f"aws logs delete-log-group --region ap-south-1 --log-group-name {GROUP}"


def test_the_group_that_eks_leaves_is_named_with_the_command_after_which_up_works(tmp_path_factory):
    project = standing(tmp_path_factory, WHOLE).project
    destroyed = run(project, "destroy", "--fault", "leftover:DeleteLogGroup")
    assert (destroyed.code, "AWS holds nothing" in destroyed.out) == (1, False)
    assert f"still holds what belongs to no stack: {GROUP} (ap-south-1, account 123456789012)." in destroyed.err
    assert f"Try: `{COMMAND}`" in destroyed.err

    refused = run(project, "up")
    assert refused.code == 1
    assert "ResourceAlreadyExistsException" in refused.out
    assert f"Try: `{COMMAND}`" in refused.err

    with project.sandbox() as sandbox:
        _, service, operation, _, region, _, group = shlex.split(COMMAND)
        getattr(Aws(region).client(service), operation.replace("-", "_"))(logGroupName=group)
        sandbox.store.save()
    again = run(project, "up")
    assert (again.code, again.err) == (0, "")
    assert run(project, "destroy").out.splitlines()[-1] == "AWS holds nothing of staging."
