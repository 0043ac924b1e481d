"""IAM documents: what grants too much cannot be written down by accident."""

import json

import pytest

from dhakacart_infra.foundation.iam import allow, allow_principal, document, service_trust


def test_an_action_that_grants_everything_is_refused():
    with pytest.raises(ValueError, match="grants everything"):
        allow(["s3:GetObject", "*"], ["arn:aws:s3:::shop/*"])


def test_every_resource_without_a_condition_is_refused():
    with pytest.raises(ValueError, match="wants a condition"):
        allow(["ec2:DescribeInstances"], ["*"])


def test_every_resource_narrowed_by_a_condition_is_granted_under_it():
    condition = {"StringEquals": {"aws:ResourceTag/owner": "us"}}
    statement = allow(["ec2:StopInstances"], ["*"], condition)
    assert statement["Condition"] == condition


def test_documents_that_mean_the_same_are_the_same_text():
    one = document(allow(["logs:PutLogEvents", "logs:CreateLogStream"], ["b", "a"]))
    other = document(allow(["logs:CreateLogStream", "logs:PutLogEvents"], ["a", "b"]))
    assert one == other


def test_a_service_may_take_a_role_only_for_our_account_and_resource():
    trust = json.loads(service_trust("s.amazonaws.com", account_id="111122223333", source_arn="arn:aws:x:::y"))
    (statement,) = trust["Statement"]
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:x:::y"}


def test_a_key_statement_speaks_of_the_key_it_hangs_on():
    assert allow_principal({"AWS": "arn:aws:iam::111122223333:root"}, ["kms:*"])["Resource"] == "*"
