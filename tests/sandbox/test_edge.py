"""A program of two regions: CloudFront with its firewall, certificate, logs and records, from nothing and back."""

from pathlib import Path

import pytest
from pulumi import automation

from sandbox.aws.census import census
from sandbox.aws.faults import Fault
from tests.support.aws import Aws
from tests.support.edge_program import SECRET, Wanted, edge
from tests.support.project import Project, preview, up

EDGE = "us-east-1"
pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("edge")]  # half a minute


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def test_an_edge_is_made_kept_changed_and_taken_away_without_a_trace(project):
    with project.sandbox(program=edge(Wanted())) as sandbox:
        up(sandbox)
        assert preview(sandbox) == {}
        sandbox.stack("staging").refresh()
        assert preview(sandbox) == {}, "what AWS has is what was asked for"
        written = [path for path in project.state.rglob("*.json") if "front" in path.read_text()]
        assert written
        assert not [path for path in written if SECRET in path.read_text()], "a secret header stays secret"
        counts = Aws("ap-south-1").of_the_edge()
        assert set(counts.values()) == {1}, counts
        standing = {one.where.partition(",")[0] for one in census(sandbox.gateway)}
        assert standing == {EDGE, "ap-south-1"}
        (delivery,) = Aws(EDGE).client("logs").describe_deliveries()["deliveries"]
        assert delivery["s3DeliveryConfiguration"]["suffixPath"].startswith("AWSLogs/{account-id}/CloudFront/")
    changed = Wanted(comment="the new shop", limit=500, suffix="{yyyy}")
    with project.sandbox(program=edge(changed)) as sandbox:
        assert preview(sandbox) == {"front": "update", "firewall": "update", "delivery": "update"}
        up(sandbox)
        assert preview(sandbox) == {}
        (delivery,) = Aws(EDGE).client("logs").describe_deliveries()["deliveries"]
        assert delivery["s3DeliveryConfiguration"]["suffixPath"] == "{yyyy}", "an update takes the path as it is given"
        sandbox.stack("staging").destroy()
        assert sandbox.store.made() == {}
        assert census(sandbox.gateway) == set()


def test_a_record_that_leads_to_a_distribution_does_not_ask_after_its_health(project):
    with (
        project.sandbox(program=edge(Wanted(evaluated=True))) as sandbox,
        pytest.raises(automation.CommandError, match="EvaluateTargetHealth cannot be set to true"),
    ):
        up(sandbox)


def test_a_region_that_is_cut_off_leaves_the_other_alone_and_is_made_up_for_later(project):
    with (
        project.sandbox(Fault(kind="cut", where=EDGE), program=edge(Wanted())) as sandbox,
        pytest.raises(automation.CommandError, match=f"no route to {EDGE}"),
    ):
        up(sandbox)
    with project.sandbox(program=edge(Wanted())) as sandbox:
        assert EDGE not in {one.where.partition(",")[0] for one in census(sandbox.gateway)}
        up(sandbox)
        assert preview(sandbox) == {}
