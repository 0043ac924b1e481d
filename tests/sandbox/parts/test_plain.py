"""Plain resource types: what botocore's model makes of their properties, and that each row fits the model."""

from datetime import UTC, datetime

import pytest

from sandbox.aws import shapes
from sandbox.aws.plain import Plain
from sandbox.aws.services import TYPES

PLAIN = {
    kind.type: plain for kind in TYPES.values() if isinstance(plain := getattr(kind.create, "__self__", None), Plain)
}
each = pytest.mark.parametrize("row", PLAIN.values(), ids=PLAIN)


def unknown(row, operation, inputs):
    """Inputs for which the call has no parameter."""
    known = shapes.members(row.service, operation)
    renamed = {**{name: parameter for parameter, name in row.key.items()}, **row.renamed}
    return {name for name in inputs if (renamed.get(name) or shapes.member_of(known, name)) not in known}


@each
def test_a_creation_has_a_parameter_for_each_input_that_it_is_said_to_send(row):
    assert unknown(row, row.create, row.sent) == set()


@each
def test_an_update_has_a_parameter_for_each_input_that_may_change(row):
    assert not row.update or unknown(row, row.update, row.changing) == set()


@each
def test_a_reply_has_a_member_for_each_output(row):
    known = shapes.answered(row.service, row.read, row.at).members
    wanted = {row.arn, *row.outputs} if "tags" in row.constraints.inputs else row.outputs
    assert [name for name in wanted if (row.renamed.get(name) or shapes.member_of(known, name)) not in known] == []


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("subnetIds", "SubnetIds"),
        ("kmsKeyId", "KMSKeyId"),
        ("appliedFors", "appliedFor"),
        ("parameter", "Parameters"),
        ("policy", "Policies"),
        ("prefix", "prefixes"),
        ("colour", ""),
    ],
)
def test_a_property_finds_its_member(name, member):
    assert (
        shapes.member_of(["SubnetIds", "KMSKeyId", "appliedFor", "Parameters", "Policies", "prefixes"], name) == member
    )


def call(service, operation, **props):
    return shapes.parameters(shapes.members(service, operation), props, {})


def test_a_value_takes_the_form_that_its_parameter_wants():
    asked = call("rds", "CreateDBInstance", allocatedStorage=20.0, multiAz=True, tags={"a": "1"}, tagsAll={"b": "2"})
    assert asked == {"AllocatedStorage": 20, "MultiAZ": True, "Tags": [{"Key": "b", "Value": "2"}]}
    assert call("eks", "CreateAddon", tagsAll={"b": "2"}) == {"tags": {"b": "2"}}


def test_what_is_nested_is_spelt_as_the_model_spells_it():
    asked = call("rds", "CreateDBProxy", auths=[{"authScheme": "SECRETS", "iamAuth": "DISABLED", "secretArn": "arn:x"}])
    assert asked == {"Auth": [{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": "arn:x"}]}


def test_what_the_program_leaves_out_is_not_sent():
    assert call("rds", "CreateDBInstance", dbName=None, kmsKeyId="") == {}


def test_a_reply_reads_as_a_program_sees_it():
    shape = shapes.answered("rds", "DescribeDBInstances", "DBInstances[0]")
    made = datetime(2026, 11, 27, tzinfo=UTC)
    reply = {"MultiAZ": True, "InstanceCreateTime": made, "TagList": [{"Key": "a", "Value": "1"}], "StatusInfos": []}
    assert shapes.properties(shape, reply, ["multiAz", "instanceCreateTime", "tagList", "engine"], {}) == {
        "multiAz": True,
        "instanceCreateTime": made.isoformat(),
        "tagList": {"a": "1"},
    }


@pytest.mark.parametrize(
    ("member", "name"),
    [("KMSMasterKeyID", "kmsMasterKeyId"), ("ID", "id"), ("SSEAlgorithm", "sseAlgorithm"), ("Status", "status")],
)
def test_a_member_is_spelt_as_a_property_is(member, name):
    assert shapes.spelt(member) == name


@pytest.mark.parametrize(("service", "add"), [("rds", "AddTagsToResource"), ("eks", "TagResource"), ("iam", "")])
def test_the_calls_for_tags_are_found(service, add):
    assert shapes.tagging(service)[0] == add
