"""The last line of ``destroy`` is true: whoever made what is left, wherever, and however often one asks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from tests.support.aws import Aws
from tests.support.command import run
from tests.support.project import NETWORK, Project
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive  # half a minute

OTHER_ACCOUNT = "210987654321"
NOTHING = "AWS holds nothing of staging."


@pytest.fixture
def project(tmp_path_factory) -> Project:
    """Staging's network stands."""
    return standing(tmp_path_factory, NETWORK).project


@contextmanager
def by_hand(project: Project) -> Iterator[None]:
    """AWS as somebody uses it past Pulumi."""
    with project.sandbox() as sandbox:
        yield
        sandbox.store.save()


def test_what_was_made_by_hand_is_named_wherever_it_is_as_often_as_one_asks(project):
    with by_hand(project):
        Aws("eu-west-1").client("sqs").create_queue(QueueName="by-hand")
        Aws("ap-south-1").client("s3").create_bucket(
            Bucket="by-hand", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
        )
        with patch.dict(os.environ, {"MOTO_ACCOUNT_ID": OTHER_ACCOUNT}):
            Aws("us-west-2").client("logs").create_log_group(logGroupName="by-hand")
    first, second = (run(project, "destroy") for _ in range(2))
    for one in (first, second):
        assert one.code == 1
        assert NOTHING not in one.out
        assert "/by-hand (eu-west-1, account 123456789012)" in one.err
        assert "by-hand (ap-south-1, account 123456789012)" in one.err
        assert f"by-hand (us-west-2, account {OTHER_ACCOUNT})" in one.err


def test_what_is_in_the_vpc_keeps_it_and_is_not_called_nothing(project):
    with by_hand(project):
        ec2 = Aws("ap-south-1").ec2
        vpc = Aws("ap-south-1").vpc()["VpcId"]
        made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.250.0/24")["Subnet"]["SubnetId"]
    kept = run(project, "destroy")
    assert kept.code == 1
    assert NOTHING not in kept.out
    with by_hand(project):
        Aws("ap-south-1").ec2.delete_subnet(SubnetId=made)
    assert run(project, "destroy").out.splitlines()[-1] == NOTHING


def test_another_stack_that_stands_is_counted_and_not_taken_for_what_is_left(project):
    assert run(project, "up", "--stack", "prod").code == 0
    first, second = (run(project, "destroy") for _ in range(2))
    for one in (first, second):
        assert (one.code, one.err) == (0, "")
        assert one.out.splitlines()[-1].startswith(f"{NOTHING} ")
        assert one.out.splitlines()[-1].endswith(" resources are other stacks'.")
