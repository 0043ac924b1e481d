"""A copy of the project's stack files that a test may edit, and a sandbox over it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation

from sandbox.aws.faults import Fault
from sandbox.session import Sandbox
from tests.support.stacks import NAMESPACE, PROJECT

NETWORK = PROJECT / "tests" / "support" / "network_program.py"
WHOLE = PROJECT / "__main__.py"


class Project:
    """Stack files and state of their own. The program is the network alone, unless a test asks for the whole."""

    def __init__(self, folder: Path, program: Path = NETWORK) -> None:
        self.folder = folder
        self.state = folder / ".sandbox"
        self.said: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(program, folder / "__main__.py")
        for path in PROJECT.glob("Pulumi*.yaml"):
            shutil.copy(path, folder)

    def edit(self, stack: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Let ``change`` have its way with the stack's own keys, namespace left off."""
        path = self.folder / f"Pulumi.{stack}.yaml"
        content = yaml.safe_load(path.read_text())
        own = {key.removeprefix(NAMESPACE): value for key, value in content["config"].items() if NAMESPACE in key}
        others = {key: value for key, value in content["config"].items() if NAMESPACE not in key}
        change(own)
        content["config"] = others | {NAMESPACE + key: value for key, value in own.items()}
        path.write_text(yaml.safe_dump(content))

    def sandbox(
        self,
        *faults: Fault,
        program: Callable[[], None] | None = None,
        real: bool = False,
        write_through: bool = False,
    ) -> Sandbox:
        """``real`` puts a real control plane behind the simulated cluster; who kills an engine is to ``write_through``,
        as the command line does.
        """
        return Sandbox(
            project=self.folder,
            state=self.state,
            faults=faults,
            say=self.said.append,
            program=program,
            real=real,
            write_through=write_through,
        )


def up(sandbox: Sandbox, stack: str = "staging") -> dict[str, int]:
    """Bring a stack up; the number of resources by what was done to them."""
    selected = sandbox.stack(stack)
    sandbox.recover(selected)
    counts: dict[str, int] = {}

    def note(event: automation.EngineEvent) -> None:
        if event.summary_event:
            counts.update({str(op): number for op, number in event.summary_event.resource_changes.items()})

    # After an update the Automation API asks the CLI three times for what the events have told: a second of every up.
    selected.outputs = dict
    selected.info = lambda show_secrets=True: object()
    selected.up(on_event=note)
    return counts


def preview(sandbox: Sandbox, stack: str = "staging") -> dict[str, str]:
    """What ``up`` would do: the operation by resource name, what stays left out."""
    steps: dict[str, str] = {}

    def note(event: automation.EngineEvent) -> None:
        if event.resource_pre_event and (step := event.resource_pre_event.metadata).op.value != "same":
            steps.setdefault(step.urn.split("::")[-1], step.op.value)

    sandbox.stack(stack).preview(on_event=note)
    return steps
