"""A change of every key on a whole stack that stands: what the engine does, there and back.

After a change of the program that is meant: ``make changes``, and read the diff.
"""

import os
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import pytest
import yaml
from moto.route53.models import route53_backends
from pulumi import automation

from dhakacart_infra.foundation.naming import Naming
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.change_rows import ACCOUNT, GIVEN_ZONE, ROWS, Row, base
from tests.support.change_table import RECORD, Steps, batches, noted, recorded, render
from tests.support.project import WHOLE, Project
from tests.support.sampling import case, turns
from tests.support.stacks import NAMESPACE, raw
from tests.support.standing import standing

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("every_change")]
ONE_WAY = {"database.storage_gib": {"database-primary"}}
"""Resources that stay as a change of the key has left them: a database's storage never shrinks."""
QUARTER = 4  # of the changes in one run: there and back again takes a whole stack a minute
UPDATING = bool(os.environ.get("UPDATE_CHANGES"))


class Walk:
    """Staging with a peer, standing; its stack file changed at will."""

    def __init__(self, project: Project, sandbox: Sandbox) -> None:
        self._path = project.folder / "Pulumi.staging.yaml"
        config = yaml.safe_load(self._path.read_text())["config"]
        self._others = {key: value for key, value in config.items() if NAMESPACE not in key}
        self._sandbox = sandbox
        self.start = base(raw("staging"))

    def preview(self, *rows: Row) -> Steps | str:
        """What an ``up`` would do, or the key that a refusal blames."""
        try:
            return self._run("preview", rows)
        except automation.CommandError as error:
            said = str(error)
            assert "1 problem; nothing was registered" in said, said
            return said.partition(f"{NAMESPACE}")[2].partition(": ")[0]

    def up(self, *rows: Row) -> Steps:
        return self._run("up", rows)

    def _run(self, verb: str, rows: tuple[Row, ...]) -> Steps:
        values: dict[str, Any] = reduce(lambda values, row: row.edit(values), rows, self.start)
        config = self._others | {NAMESPACE + key: value for key, value in values.items()}
        self._path.write_text(yaml.safe_dump({"config": config}))
        events: list[automation.EngineEvent] = []
        stack = self._sandbox.stack("staging")
        stack.outputs = dict
        stack.info = lambda show_secrets=True: object()
        getattr(stack, verb)(on_event=events.append)
        return noted(events)


def stand_in_for_others() -> None:
    """What rows lead to: the buckets to which this stack may copy, and a zone whose id is known beforehand."""
    kept: Any = route53_backends[ACCOUNT]["aws"]
    made = Aws("ap-south-1").client("route53").create_hosted_zone(Name="dhakacart.example", CallerReference="given")
    zone = kept.zones.pop(made["HostedZone"]["Id"].rpartition("/")[2])
    zone.resource_id = GIVEN_ZONE
    kept.zones[GIVEN_ZONE] = zone
    for region in sorted({row.edit(base(raw("staging")))["peer"]["region"] for row in ROWS}):
        naming = Naming(project="dhakacart", environment="staging", region=region, account_id=ACCOUNT)
        s3, here = Aws(region).client("s3"), {"LocationConstraint": region}
        for name in map(naming.bucket, ("assets", "backups")):
            s3.create_bucket(Bucket=name, BucketNamespace="account-regional", CreateBucketConfiguration=here)
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    project = standing(tmp_path_factory, WHOLE).project
    with project.sandbox() as sandbox:
        walk = Walk(project, sandbox)
        stand_in_for_others()
        walk.up()
        yield walk


@pytest.fixture(scope="module")
def record(walk: Walk) -> Mapping[str, Steps | str]:
    if UPDATING:
        RECORD.write_text(render({row.name: walk.preview(row) for row in ROWS}))
    return recorded()


def test_every_change_is_recorded_and_no_other(record):
    assert list(record) == [row.name for row in ROWS]


def test_what_is_refused_is_refused_in_preview_by_its_key(walk, record):
    for row in ROWS:
        if isinstance(record[row.name], str):
            assert walk.preview(row) == record[row.name], row.name


def test_every_other_change_can_be_made_and_taken_back(request, walk, record):
    before = Aws("ap-south-1").inventory()
    every = batches(record)
    for batch in [case(request, turn, every) for turn in turns(len(every), share=QUARTER)]:
        names = ", ".join(row.name for row in batch)
        expected = {resource: op for row in batch for resource, op in record[row.name].items()}
        assert walk.up(*batch) == expected, names
        staying = {name for row in batch for name in ONE_WAY.get(row.key, ())}
        back = walk.up()
        assert back.keys() == expected.keys() - staying, f"{names}, taken back"
        assert Aws("ap-south-1").inventory() == before, f"{names}, taken back"
    assert walk.preview() == {}


def test_a_third_zone_replaces_nothing_of_the_whole_shop(record):
    (row,) = [row for row in ROWS if row.change.startswith("one more, a block")]
    assert set(record[row.name].values()) == {"create", "update"}
