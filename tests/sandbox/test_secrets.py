"""No secret is to be read where secrets are not kept: a walk through all that an ``up`` writes, shows and makes."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi import automation

from tests.support.aws import Aws
from tests.support.project import WHOLE, Project

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("secrets")]  # a minute and a half

REGIONS = {"staging": "ap-south-1", "prod": "ap-south-1", "prod-dr": "ap-southeast-1"}
SIMULATED_AWS = "aws.pickle"
"""Where the sandbox keeps what AWS would: secrets too."""


@dataclass(frozen=True)
class Seen:
    secrets: set[str]
    keys: set[str]
    """What CloudFront shows the load balancers."""
    places: dict[str, str]
    """What was written where."""


@pytest.fixture(scope="module", params=[("staging",), ("prod", "prod-dr")], ids=["staging", "production"])
def seen(request, tmp_path_factory) -> Seen:
    project = Project(tmp_path_factory.mktemp("secrets") / "project", WHOLE)
    places: dict[str, str] = {}
    secrets: set[str] = set()
    with project.sandbox() as sandbox:
        for name in request.param:
            places |= _up(sandbox.stack(name), name)
            secrets |= _kept(Aws(REGIONS[name]))
            clusters = Aws(REGIONS[name]).client("eks").list_clusters()["clusters"]
            endpoints = [Aws(REGIONS[name]).client("eks").describe_cluster(name=it)["cluster"] for it in clusters]
            for cluster in endpoints:
                places[f"objects of {name}"] = json.dumps(sandbox.kubernetes.objects(cluster["endpoint"]))
        keys = _shown()
    for path in project.state.rglob("*"):
        if path.is_file() and path.name != SIMULATED_AWS:
            places[str(path.relative_to(project.state))] = path.read_bytes().decode(errors="replace")
    return Seen(secrets, keys, places | {"what the sandbox said": "\n".join(project.said)})


def _up(stack: automation.Stack, name: str) -> dict[str, str]:
    events: list[automation.EngineEvent] = []
    preview = stack.preview(diff=True, on_event=events.append)
    made = stack.up(diff=True, log_verbosity=1, on_event=events.append)
    shown = preview.stdout + preview.stderr + made.stdout + made.stderr
    return {f"output of {name}": shown, f"events of {name}": "\n".join(map(_spelt, events))}


def _spelt(event: Any) -> str:
    return json.dumps(event, default=lambda part: getattr(part, "__dict__", str(part)))


def _kept(aws: Aws) -> set[str]:
    """Every password that Secrets Manager has."""
    client = aws.client("secretsmanager")
    values = [client.get_secret_value(SecretId=one["ARN"]) for one in client.list_secrets()["SecretList"]]
    return {json.loads(one["SecretString"])["password"] for one in values}


def _shown() -> set[str]:
    return {header["HeaderValue"] for header in Aws("us-east-1").shown_to_origins()}


def test_the_cdns_key_is_to_be_read_where_the_load_balancers_controller_does_and_nowhere_else(seen):
    assert len(seen.keys) == 1
    (key,) = seen.keys
    assert {place for place, text in seen.places.items() if key in text} == {
        place for place in seen.places if place in {"objects of staging", "objects of prod"}
    }


def test_no_password_is_in_the_state_the_output_the_events_the_logs_or_the_cluster(seen):
    assert len(seen.secrets) >= 2
    for place, text in seen.places.items():
        assert not [one for one in seen.secrets if one in text], place


def test_the_walk_has_been_everywhere(seen):
    where = " ".join(seen.places)
    for place in ("output of", "events of", "objects of", ".pulumi/stacks/", ".pulumi/history/"):
        assert place in where
    assert any("database-primary" in text for place, text in seen.places.items() if ".pulumi/stacks/" in place)
    assert any("database-primary" in text for place, text in seen.places.items() if place.startswith("events of"))
