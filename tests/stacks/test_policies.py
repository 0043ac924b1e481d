"""Every policy document of every stack says what it means, and grants no more than somebody needs."""

import json
import re
from fnmatch import fnmatchcase

import pytest

from dhakacart_infra.foundation.naming import Kind as Named
from dhakacart_infra.foundation.naming import Naming
from tests.support.iam_lint import UNCONDITIONAL, Document, Kind, documents, lint, named
from tests.support.pod_identities import POD_IDENTITY, associated, trusted
from tests.support.stacks import PROJECT, STACKS, config
from tests.support.whole_program import copying, registered

SESSION_TAGS = {
    "aws:RequestTag/eks-cluster-arn",
    "aws:RequestTag/kubernetes-namespace",
    "aws:RequestTag/kubernetes-service-account",
}
"""Of those that EKS Pod Identity gives a session, the ones that tell whose it is (EKS guide, "Grant Pods access to AWS
resources based on tags")."""
each_stack = pytest.mark.parametrize("stack", STACKS)


@each_stack
def test_no_policy_of_a_stack_is_mistaken_or_grants_too_much(stack):
    found = documents(registered(stack))
    assert {document.kind for document in found} >= {Kind.TRUST, Kind.INLINE, Kind.KEY}
    assert [wrong for document in found for wrong in lint(document)] == []


@pytest.mark.parametrize("stack", ["prod", "prod-dr"])
def test_no_policy_of_stacks_that_copy_to_each_other_is_mistaken_or_grants_too_much(stack):
    copied = documents(registered(stack, copying))
    assert len(copied) > len(documents(registered(stack)))
    assert [wrong for document in copied for wrong in lint(document)] == []


@each_stack
def test_every_bucket_has_a_policy(stack):
    recorder = registered(stack)
    policed = {inputs["bucket"] for inputs in recorder.of("aws:s3/bucketPolicy:BucketPolicy").values()}
    assert policed == {inputs["bucket"] for inputs in recorder.of("aws:s3/bucket:Bucket").values()} != set()


def test_the_policy_that_a_runbook_hands_out_lets_its_holder_take_the_readers_role_and_no_more():
    page = (PROJECT / "docs" / "runbooks" / "cluster.md").read_text()
    (text,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert lint(Document("the runbook", Kind.MANAGED, text)) == []
    (statement,) = json.loads(text)["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    for stack in ("prod", "prod-dr"):
        roles = [role["name"] for role in registered(stack).of("aws:iam/role:Role").values() if "name" in role]
        granted = [
            role for role in roles if fnmatchcase(f"arn:aws:iam::123456789012:role/{role}", statement["Resource"])
        ]
        assert [role.rpartition("-")[2] for role in granted] == ["reader"]


@each_stack
def test_all_inline_policies_of_a_role_together_are_within_iams_limit(stack):
    sizes: dict[str, int] = {}
    for name, inputs in registered(stack).of("aws:iam/rolePolicy:RolePolicy").items():
        role = re.sub("^arn:of:|-id$", "", inputs.get("role", name))
        sizes[role] = sizes.get(role, 0) + len("".join(inputs["policy"].split()))
    assert max(sizes.values()) <= Kind.INLINE.limit, sizes


@each_stack
def test_pods_take_exactly_the_roles_that_trust_them(stack):
    recorder = registered(stack)
    assert trusted(recorder), "no role trusts pods: nothing would be checked"
    assert trusted(recorder) == associated(recorder)


@each_stack
def test_a_role_for_pods_trusts_one_service_account_of_one_cluster_and_nobody_else(stack):
    settings = config(stack)
    naming = Naming(
        project="dhakacart",
        environment=settings.environment,
        region=settings.region,
        account_id=settings.account_id,
    )
    cluster = naming.arn("eks", f"cluster/{naming.of(Named.EKS_CLUSTER)}")
    for inputs in registered(stack).of("aws:iam/role:Role").values():
        if POD_IDENTITY in inputs["assumeRolePolicy"]:
            (statement,) = json.loads(inputs["assumeRolePolicy"])["Statement"]
            assert statement["Principal"] == {"Service": POD_IDENTITY}
            assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
            assert statement["Condition"].keys() == {"StringEquals"}
            equal = statement["Condition"]["StringEquals"]
            assert equal.keys() == SESSION_TAGS
            assert equal["aws:RequestTag/eks-cluster-arn"] == cluster
            assert not any("*" in value for value in equal.values())


def test_no_exception_outlives_what_it_was_made_for():
    used = {
        action
        for stack in STACKS
        for document in documents(registered(stack))
        for statement in document.granting
        for action in named(statement)
    }
    assert UNCONDITIONAL.keys() <= used


def policy(kind: Kind = Kind.INLINE, version: str = "2012-10-17", **statement: object) -> Document:
    """A document with one statement that nothing is wrong with, but for what is given."""
    good = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:ap-south-1:111122223333:q"}
    text = json.dumps({"Version": version, "Statement": [{**good, **statement}]})
    return Document("role.policy", kind, text)


ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
OTHER = {"AWS": "arn:aws:iam::111122223333:role/other"}
IN_REGION = {"StringEquals": {"aws:RequestedRegion": "ap-south-1"}}
BAD = {
    "an action that does not exist": (policy(Action="sqs:SendMesage"), "is no action"),
    "a service that does not exist": (policy(Action="sqss:SendMessage"), "is no action"),
    "a pattern that matches no action": (policy(Action="kms:GenerateDatakeys*"), "is no action"),
    "every action": (policy(Action="*"), "grants everything"),
    "a whole service": (policy(Action="sqs:*"), "grants everything"),
    "a whole service for others than the account": (policy(Kind.KEY, Action="kms:*", Principal=OTHER), "everything"),
    "every resource where one can be named": (
        policy(Resource="*", Condition=IN_REGION),
        "on every resource: name its queue",
    ),
    "every resource without a condition": (
        policy(Action="ec2:DescribeInstances", Resource="*"),
        "everywhere: add a condition",
    ),
    "anyone": (policy(Kind.RESOURCE, Principal="*"), "anyone may"),
    "a condition that no request has": (policy(Condition={"Bool": {"aws:SecureTransprt": "true"}}), "no condition key"),
    "a condition that the action does not have": (
        policy(Condition={"StringEquals": {"kms:ViaService": "sqs.amazonaws.com"}}),
        "no condition key kms:ViaService",
    ),
    "a refusal that never strikes": (
        policy(Effect="Deny", Action="sqs:*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        "no condition key s3:TlsVersion",
    ),
    "a tag in a request that carries none": (
        policy(Condition={"StringEquals": {"aws:RequestTag/owner": "us"}}),
        "no condition key aws:RequestTag/owner",
    ),
    "more than IAM holds": (policy(Kind.TRUST, Sid="x" * 2_048), "of 2048 allowed"),
    "the language of 2008": (policy(version="2008-10-17"), "version 2008-10-17"),
}


@pytest.mark.parametrize(("document", "message"), BAD.values(), ids=BAD)
def test_the_linter_finds(document, message):
    (wrong,) = lint(document)
    assert message in wrong


GOOD = {
    "a named action on a named resource": policy(),
    "a pattern that matches actions": policy(Action="kms:GenerateDataKey*", Resource="arn:aws:kms:r:1:key/k"),
    "the account that manages its key": policy(Kind.KEY, Action="kms:*", Principal=ROOT, Resource="*"),
    "what cannot be limited to resources, in one region": policy(
        Action="ec2:DescribeInstances", Resource="*", Condition=IN_REGION
    ),
    "any resource with a tag": policy(
        Action="ec2:TerminateInstances", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/owner": "us"}}
    ),
    "a refusal of everything": policy(Effect="Deny", Action="*", Resource="*"),
    "a refusal by what most of the actions know": policy(
        Effect="Deny", Action="s3:*", Resource="*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    ),
    "white space, which IAM does not count": policy(Kind.TRUST, Sid=" " * 2_048),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_the_linter_accepts(document):
    assert lint(document) == []


def test_policies_are_found_wherever_they_stand():
    recorder = registered(STACKS[0])
    assert any(document.where.endswith(".assumeRolePolicy") for document in documents(recorder))
