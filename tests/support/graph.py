"""A stack's resource graph as text for people: what a change of the program changes is read as a diff of it."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sandbox.providers.properties import UNKNOWN

if TYPE_CHECKING:  # the unit tier reads graphs that are written already, and starts without moto
    from sandbox.session import Sandbox

Node = dict[str, Any]
READABLE = 2000  # characters; what is longer is a dashboard or a chart's values, which have tests of their own


def resource_graph(sandbox: "Sandbox", stack: str) -> list[Node]:
    """Every resource of a stack that stands nowhere yet, as the engine would create it, in a stable order."""
    document = json.loads(sandbox.stack(stack).preview(json=True).stdout)
    nodes = [step["newState"] for step in document["steps"]]
    return sorted(nodes, key=lambda node: (name_of(node["urn"]), node["type"]))


def name_of(urn: str) -> str:
    return urn.rsplit("::", maxsplit=1)[-1]


def render(nodes: list[Node]) -> str:
    """A block a resource: its name and type, parent, protection, inputs, and whom it waits for."""
    return "\n".join(_block(node) for node in nodes)


def _block(node: Node) -> str:
    edges = {key: [name_of(urn) for urn in urns] for key, urns in node.get("propertyDependencies", {}).items() if urns}
    carried = {name for names in edges.values() for name in names}
    waits = sorted({name_of(urn) for urn in node.get("dependencies", [])} - carried)
    lines = [f"{name_of(node['urn'])}  {node['type']}"]
    if node.get("parent"):
        lines.append(f"  in {name_of(node['parent'])}")
    if node.get("protect"):
        lines.append("  protected")
    lines += [f"  waits for {name}" for name in waits]
    left_out = {"version", "__internal"}  # the SDK's own, which the lock file pins
    inputs = {key: value for key, value in node.get("inputs", {}).items() if key not in left_out}
    lines += [f"  {key}: {_value(inputs[key], edges.get(key))}" for key in sorted(inputs)]
    return "\n".join(lines) + "\n"


def _value(value: Any, sources: list[str] | None) -> str:
    """As JSON, with ``?`` for what only an update will know, and the resources it comes from."""
    text = json.dumps(value, sort_keys=True).replace(UNKNOWN, "?")
    if len(text) > READABLE:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        text = f"{text[:READABLE]}… and so on: {len(text):,} characters, {digest}"
    known = [] if text == '"?"' and sources else [text]
    return " ".join([*known, *(["←", ", ".join(sorted(set(sources)))] if sources else [])])
