"""An ``up`` that goes wrong at exactly one AWS call, and the one after it that has to make good."""

from dataclasses import dataclass

import psutil
from pulumi import automation

from sandbox.aws.census import census
from sandbox.aws.faults import Fault
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import Project, up
from tests.support.standing import Standing

REGION = "ap-south-1"


@dataclass(frozen=True)
class Aftermath:
    """What stands after the second ``up``."""

    failed: bool
    inventory: dict[str, int]
    unowned: set[str]
    said: list[str]


def clean(project: Project, *faults: str) -> tuple[int, dict[str, int]]:
    """How many AWS calls an ``up`` that succeeds makes, and what it leaves standing."""
    with project.sandbox(*map(Fault.parse, faults)) as sandbox:
        up(sandbox)
        return sandbox.gateway.faults.calls, Aws(REGION).inventory()


def known(stands: Standing) -> tuple[int, dict[str, int]]:
    """The same of an ``up`` that has been."""
    with stands.project.sandbox():
        return stands.calls, Aws(REGION).inventory()


def after_failure(project: Project, fault: str) -> Aftermath:
    """``up`` with a fault, then ``up`` without."""
    with project.sandbox(Fault.parse(fault)) as sandbox:
        failed = _up_fails(sandbox)
        sandbox.gateway.faults.faults = ()
        return _make_good(project, sandbox, failed=failed)


def after_that(project: Project) -> dict[str, int]:
    """What one ``up`` more would still do."""
    with project.sandbox() as sandbox:
        return up(sandbox)


def after_kill(project: Project, call: int | str, *faults: str) -> Aftermath:
    """``up`` whose engine is killed as a call arrives at AWS (its number or operation), then ``up`` by a new engine."""

    def kill(number: int, operation: str) -> None:
        if call in (number, operation):
            for child in psutil.Process().children():
                if "pulumi" in child.name():
                    child.kill()

    with project.sandbox(*map(Fault.parse, faults), write_through=True) as sandbox:
        sandbox.gateway.faults.on_call = kill
        failed = _up_fails(sandbox)
    with project.sandbox() as sandbox:
        return _make_good(project, sandbox, failed=failed)


def _up_fails(sandbox: Sandbox) -> bool:
    try:
        up(sandbox)
    except automation.CommandError:
        return True
    return False


def _make_good(project: Project, sandbox: Sandbox, *, failed: bool) -> Aftermath:
    up(sandbox)
    return Aftermath(
        failed=failed,
        inventory=Aws(REGION).inventory(),
        unowned={one.id for one in census(sandbox.gateway)} - set(sandbox.store.made().values()),
        said=project.said,
    )
