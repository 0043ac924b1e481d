"""After an engine that died: what it was creating is adopted if it is there, and dropped from the state if not.

The engine notes each creation before it begins. The next run finds the note but cannot know how it ended; here the
provider does. (``pulumi refresh --import-pending-creates`` is meant for this, but engine 3.259 only relabels the note
and never imports: the state is edited instead, as ``pulumi stack export`` and ``import`` allow.)
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi import automation

RUNBOOK = "docs/runbooks/interrupted-up.md"


def restore_backups(backend: Path) -> list[str]:
    """Put the engine's own backup in the place of a state that a full disk cut short; say of which stacks."""
    restored: list[str] = []
    for state in backend.glob(".pulumi/stacks/*/*.json"):
        backup = state.with_name(f"{state.name}.bak")
        if not _is_json(state) and _is_json(backup):
            part = state.with_name(f"{state.name}.part")
            part.write_bytes(backup.read_bytes())
            part.replace(state)
            restored.append(f"The engine's state of {state.stem} was cut short: its last backup is used.")
    return restored


def _is_json(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (OSError, ValueError):
        return False


def recover(stack: automation.Stack, backend: Path, made: Mapping[str, str]) -> list[str]:
    """Clear up what an interrupted run left of ``stack``, and say what that was.

    ``made`` is what AWS holds, by resource name (URN). The state folder must be ours alone: a lock found in the
    engine's ``backend`` is then a dead engine's.
    """
    if any(backend.glob(f".pulumi/locks/**/{stack.name}/*.json")):
        stack.cancel()
    if all(map(_in_order, backend.glob(f".pulumi/stacks/*/{stack.name}.json"))):
        return []
    exported = stack.export_stack()
    state: Any = exported.deployment or {}
    operations: list[dict[str, Any]] = state.get("pending_operations") or []
    pending = [operation for operation in operations if operation["type"] == "creating"]
    if not pending:
        return []
    adopted = _settle(state, pending, made)
    stack.import_stack(exported)
    if adopted:
        stack.refresh(target=list(adopted))
    urns: list[str] = [operation["resource"]["urn"] for operation in pending]
    return [
        f"The last run was cut off while it was creating {len(pending)} of the resources of {stack.name}:",
        *(_fate(urn, adopted.get(urn)) for urn in urns),
        f"Against real AWS, look in the console which of them exist, then do as {RUNBOOK} says.",
    ]


def _in_order(state: Path) -> bool:
    """Whether nothing was begun and not ended: the engine takes half a second to say so, and is asked if in doubt."""
    try:
        return not json.loads(state.read_bytes())["checkpoint"]["latest"].get("pending_operations")
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _settle(state: dict[str, Any], pending: list[dict[str, Any]], made: Mapping[str, str]) -> dict[str, str]:
    """Strike the pending creations out of the state; what AWS holds of them joins the resources."""
    resources: list[dict[str, Any]] = state.setdefault("resources", [])
    known = {(resource["urn"], resource.get("id")) for resource in resources}
    adopted: dict[str, str] = {}
    for operation in pending:
        resource = operation["resource"]
        urn = resource["urn"]
        if urn in made and (urn, made[urn]) not in known:
            for replaced in (old for old in resources if old["urn"] == urn):
                replaced["delete"] = True
            # The outputs are what a refresh reads; until then the inputs stand for them.
            resources.append({**resource, "id": made[urn], "outputs": resource.get("inputs", {})})
            adopted[urn] = made[urn]
    state["pending_operations"] = [operation for operation in state["pending_operations"] if operation not in pending]
    return adopted


def _fate(urn: str, found: str | None) -> str:
    _, _, kind, name = urn.split("::")
    outcome = f"it is there as {found}: adopted" if found else "it is not there: will be created anew"
    return f"  {kind.split('$')[-1]} {name}: {outcome}"
