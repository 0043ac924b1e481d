"""Whatever takes effect late: the first ``up`` of the whole shop succeeds, or running it again does."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi import automation

from sandbox.aws.census import census
from sandbox.aws.eventual import MAKERS, Eventual
from sandbox.aws.faults import Fault
from sandbox.session import Sandbox
from tests.support.project import WHOLE, Project, up
from tests.support.sampling import case, turns

NEVER = 1000  # calls: later than the end of any ``up``, so that only a provider that tries again sees it in effect
REFUSED = {"AssociateAccessPolicy": 1, "CreateKey": 14, "CreateRole": 17}
"""Who needs it is not tried again; and how often staging makes it."""
ALONE = [(name, number) for name, count in REFUSED.items() for number in range(1, count + 1)]
UNUSED = {"PutKeyPolicy"}  # keys are made with theirs


def refused(sandbox: Sandbox) -> bool:
    try:
        up(sandbox)
    except automation.CommandError:
        return True
    return False


def made_good(project: Project) -> dict[str, int]:
    """What running ``up`` again does, without lateness; everything has an owner then."""
    with project.sandbox() as sandbox:
        counts = up(sandbox)
        unowned = {one.id for one in census(sandbox.gateway)} - set(sandbox.store.made().values())
    assert unowned == set(), "the first up left behind what nobody owns"
    return counts


@pytest.mark.exhaustive
@pytest.mark.parametrize("operation", sorted(MAKERS.keys() - UNUSED))
def test_a_first_up_in_which_all_of_a_kind_is_late_succeeds_or_the_next_one_does(tmp_path, operation):
    project = Project(tmp_path, WHOLE)
    with project.sandbox(Fault.parse(f"eventual:{operation}:{NEVER}")) as sandbox:
        failed = refused(sandbox)
        assert sandbox.gateway.faults.eventual.due, f"the stack makes nothing by {operation}"
    assert failed == (operation in REFUSED)
    counts = made_good(project)
    assert failed or counts.keys() == {"same"}


class Only(Eventual):
    """Of all that an operation makes, one thing alone is late."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.seen = number, 0

    def made(self, operation: str, params: Mapping[str, Any], reply: Mapping[str, Any], due: int) -> None:
        self.seen += 1
        if self.seen == self.number:
            super().made(operation, params, reply, due)


@pytest.mark.exhaustive
@pytest.mark.parametrize("turn", turns(len(ALONE)))
def test_one_thing_alone_that_is_late_is_waited_for_or_there_for_the_next_up(request, tmp_path, turn):
    """Those of an operation whose first ``up`` goes through although all are late have been shown above."""
    operation, number = case(request, turn, ALONE)
    project = Project(tmp_path, WHOLE)
    with project.sandbox(Fault.parse(f"eventual:{operation}:{NEVER}")) as sandbox:
        only = sandbox.gateway.faults.eventual = Only(number)
        failed = refused(sandbox)
    assert only.due, f"the stack makes fewer by {operation} than {number}"
    assert failed or only.seen == REFUSED[operation]
    counts = made_good(project)
    assert failed or counts.keys() == {"same"}
