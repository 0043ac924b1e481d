"""What Cyclonus reads from network policies, beside what `reach` does: built once a machine, as tools/cluster pins."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sandbox import go_programs
from sandbox.engine import progress_on
from sandbox.go_programs import Suite
from tests.support.reach import Place, Policy

CYCLONUS = Suite(
    name="Cyclonus",
    wanted="Network policies are read by a program that is not ours, which is built from source",
    folder="cluster/cyclonus",
    requires="github.com/mattfenwick/cyclonus",
    programs={"cyclonus": "github.com/mattfenwick/cyclonus/cmd/cyclonus"},
    minutes="two minutes",
)


class Asked(NamedTuple):
    source: Place
    target: Place
    port: int


def verdicts(policies: Iterable[Policy], asked: Sequence[Asked], folder: Path) -> list[bool]:
    """Whether the policies let each through, at both ends."""
    rules, traffic = folder / "policies.json", folder / "traffic.json"
    rules.write_text(
        json.dumps({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList", "items": [*policies]})
    )
    traffic.write_text(json.dumps([_traffic(one) for one in asked]))
    command = [_program(), "analyze", "--mode", "query-traffic", "--policy-path", rules, "--traffic-path", traffic]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # For each a table of what was asked, and one of the answer, which ends in it.
    return [answer.lower() == "true" for answer in re.findall(r"is allowed\?\s*\|\s*(true|false)", said, re.IGNORECASE)]


def _traffic(asked: Asked) -> dict[str, Any]:
    return {
        "Source": _peer(asked.source),
        "Destination": _peer(asked.target),
        "Protocol": "TCP",
        "ResolvedPort": asked.port,
        "ResolvedPortName": "",
    }


def _peer(place: Place) -> dict[str, Any]:
    if not place.namespace:
        return {"IP": place.address}
    inside = {
        "Namespace": place.namespace,
        "NamespaceLabels": {"kubernetes.io/metadata.name": place.namespace},
        "PodLabels": dict(place.labels),
    }
    return {"Internal": inside, "IP": place.address}


@cache
def _program() -> Path:
    return go_programs.resolve([CYCLONUS], progress_on(sys.stderr))["cyclonus"]
