"""What the check against AWS's service model refuses, admits and says."""

import datetime as dt
import io
import string
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.aws import model
from sandbox.aws.model import problems
from sandbox.aws.moto_calls import models

SERVICES_OF_THE_PROGRAM = ("ec2", "eks", "iam", "kms", "logs", "route53", "s3", "secretsmanager", "sts")
ROLE = {"RoleName": "dhaka", "AssumeRolePolicyDocument": "{}"}
ROLE_NAME_CHARACTERS = set(string.ascii_letters + string.digits + "_+=,.@-")


@cache
def service(name: str) -> ServiceModel:
    return models().get_service_model(name)


def call(where: str, **params: object) -> list[str]:
    name, operation = where.split(":")
    return problems(service(name).operation_model(operation), params)


def invented(shape: dict, **shapes: dict) -> OperationModel:
    """An operation ``Put`` whose one member, ``Value``, has the shape that a test is about."""
    request = {"type": "structure", "members": {"Value": {"shape": "Value"}}}
    put = {"name": "Put", "input": {"shape": "Request"}}
    shapes |= {"Request": request, "Value": shape}
    return ServiceModel({"metadata": {}, "operations": {"Put": put}, "shapes": shapes}).operation_model("Put")


def admits(pattern: str, value: str) -> bool:
    return problems(invented({"type": "string", "pattern": pattern}), {"Value": value}) == []


FLOWS = {"ResourceIds": ["vpc-1"], "ResourceType": "VPC"}
CLUSTER = {"roleArn": "arn", "resourcesVpcConfig": {}}
# fmt: off
REFUSALS = [
    ("logs:CreateLogGroup", {"logGroupName": "flow logs"},
     r".logGroupName: got 'flow logs'. Allowed: what matches [\.\-_/#A-Za-z0-9]+ as a whole."),
    ("kms:CreateAlias", {"AliasName": "alias/dhaka cart", "TargetKeyId": "k"},
     ".AliasName: got 'alias/dhaka cart'. Allowed: what matches ^[a-zA-Z0-9:/_-]+$ as a whole."),
    ("eks:CreateCluster", {**CLUSTER, "name": "dhaka cart"},  # its pattern says where to begin, not where to end
     r".name: got 'dhaka cart'. Allowed: what matches ^[0-9A-Za-z][A-Za-z0-9\-_]* as a whole."),
    ("iam:CreateRole", {**ROLE, "RoleName": "r" * 65},
     f".RoleName: got '{'r' * 65}' (characters: 65). Allowed: a string (characters: 1 to 64)."),
    ("iam:CreateRole", {**ROLE, "MaxSessionDuration": 60},
     ".MaxSessionDuration: got 60. Allowed: an integer (3600 to 43200)."),
    ("iam:CreateRole", {**ROLE, "Tags": "owner=shop"},
     ".Tags: got a value of type str. Allowed: a list (items: at most 50)."),
    ("iam:CreateRole", {**ROLE, "Tags": [{"Key": "owner", "Value": "shop", "Valu": "shop"}]},
     ".Tags[0]: no such member: Valu. Allowed: Key, Value; nearest: Value."),
    ("ec2:CreateFlowLogs", {**FLOWS, "TrafficType": "REJECTED"},
     ".TrafficType: got 'REJECTED'. Allowed: one of ACCEPT, REJECT, ALL; nearest: REJECT."),
    ("ec2:CreateFlowLogs", {**FLOWS, "ResourceIds": ["vpc-1", 7]},
     ".ResourceIds[1]: got 7. Allowed: a string."),
    ("kms:CreateAlias", {"AliasName": "alias/dhaka"},
     ".TargetKeyId: missing, and required. Allowed: a string (characters: 1 to 2048)."),
    ("eks:TagResource", {"resourceArn": "arn", "tags": {"owner": "v" * 257}},
     f".tags['owner']: got '{'v' * 78}… (characters: 257). Allowed: a string (characters: at most 256)."),
    ("eks:TagResource", {"resourceArn": "arn", "tags": {"": "shop"}},
     ".tags[''] (the key): got '' (characters: 0). Allowed: a string (characters: 1 to 128)."),
    ("sts:GetCallerIdentity", {"Role": "x"},
     ": no such member: Role. Allowed: nothing."),
    ("s3:ListObjectsV2", {"Bucket": ""},  # part of the address
     ".Bucket: got '' (characters: 0). Allowed: a string (characters: at least 1)."),
    ("secretsmanager:CreateSecret", {"Name": "n", "SecretString": "s" * 65537},
     ".SecretString: got a value of type str (characters: 65,537). Allowed: a string (characters: 1 to 65536)."),
]
# fmt: on


@pytest.mark.parametrize(("where", "params", "said"), REFUSALS)
def test_a_violation_is_named_by_path_with_the_value_got_and_what_is_allowed(where, params, said):
    assert call(where, **params) == [where.split(":")[1] + said]


ADMITTED = [
    ("logs:CreateLogGroup", {"logGroupName": "/dhaka/flows", "tags": {"owner": "shop"}}),
    ("kms:CreateAlias", {"AliasName": "alias/aws/which-kms-reserves-and-the-model-does-not", "TargetKeyId": "k"}),
    ("eks:CreateCluster", {**CLUSTER, "name": "dhaka"}),
    ("ec2:CreateFlowLogs", {**FLOWS, "TrafficType": "ALL"}),
    ("sts:GetCallerIdentity", {}),
]


@pytest.mark.parametrize(("where", "params"), ADMITTED)
def test_a_call_that_the_model_admits_has_no_problems(where, params):
    assert call(where, **params) == []


def test_every_violation_in_a_call_is_reported_at_once():
    found = call("iam:CreateRole", RoleName="no space!" * 8, Path="", MaxSessionDuration=True, Tag=[])
    members = Counter(problem.split(":")[0].removeprefix("CreateRole") for problem in found)
    twice = {".RoleName": 2, ".Path": 2}  # by length and by pattern
    assert members == {**twice, ".AssumeRolePolicyDocument": 1, ".MaxSessionDuration": 1, "": 1}


def test_an_enum_of_a_thousand_values_names_a_few_and_the_nearest():
    [problem] = call("ec2:RunInstances", MinCount=1, MaxCount=1, InstanceType="m5.larg")
    assert problem.endswith("nearest: m5.large.")
    assert len(problem) < 400


def test_an_idempotency_token_is_botocores_to_fill_in():
    token = {"shape": "Token", "idempotencyToken": True}
    shape = {"type": "structure", "required": ["Token"], "members": {"Token": token}}
    assert problems(invented(shape, Token={"type": "string"}), {"Value": {}}) == []


PART = {"shape": "Part"}
# fmt: off
SHAPES = [
    ({"type": "integer"}, [0, -(2**31)], [True, 1.0, "1", None, 2**31]),
    ({"type": "long", "min": 1}, [1, 2**63 - 1], [0, 2**63, False]),
    ({"type": "double", "max": 1}, [1, 0.5, Decimal("0.1")], [1.5, True, "1", float("nan"), Decimal("nan")]),
    ({"type": "boolean"}, [True, False], [0, 1, "true", None]),
    ({"type": "string", "min": 2, "max": 2}, ["ab", "ঢা"], ["a", "abc", b"ab", None]),
    ({"type": "blob", "max": 2}, [b"ab", "ab", io.BytesIO(b"abc")], [b"abc", "ঢা", 1, True, None]),
    ({"type": "timestamp"}, [dt.datetime.now(dt.UTC), "2026-01-02", 0], ["noon", True, None, []]),
    ({"type": "list", "member": PART, "min": 1}, [["a"], ("a", "b")], [[], ["x"], "a", {"a"}]),
    ({"type": "map", "key": PART, "value": PART, "max": 1}, [{}, {"a": "b"}],
     [{"a": "b", "b": "a"}, {"x": "a"}, {"a": "x"}, [("a", "b")], {1: "a"}]),
    ({"type": "structure", "union": True, "members": {"A": PART, "B": PART}}, [{"A": "a"}, {"B": "b"}],
     [{}, {"A": "a", "B": "b"}, {"C": "a"}, {"A": "x"}, "A"]),
    ({"type": "structure", "document": True, "members": {}}, [{"any": [1, None, {"deep": True}]}, "text", 3, None],
     [{"when": {"at": dt.date(2026, 1, 1)}}, {1, 2}, b"bytes"]),
]
# fmt: on


@pytest.mark.parametrize(("shape", "good", "bad"), SHAPES)
def test_a_value_is_admitted_exactly_when_its_shape_admits_it(shape, good, bad):
    operation = invented(shape, Part={"type": "string", "enum": ["a", "b"]})
    for value in good:
        assert problems(operation, {"Value": value}) == [], f"{value!r} was refused"
    for value in bad:
        assert problems(operation, {"Value": value}), f"{value!r} was admitted"


def test_a_shape_that_contains_itself_is_followed_as_deep_as_the_value_goes():
    statement = {"GeoMatchStatement": {"CountryCodes": ["BD", "Bangladesh"]}}
    for _ in range(20):
        statement = {"NotStatement": {"Statement": statement}}
    found = call("wafv2:CheckCapacity", Scope="REGIONAL", Rules=[{"Statement": statement}])
    [deepest] = [problem for problem in found if "CountryCodes" in problem]
    assert deepest.startswith("CheckCapacity.Rules[0].Statement" + ".NotStatement.Statement" * 20)
    assert "got 'Bangladesh'" in deepest


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(max_size=3)
MEMBERS = st.sampled_from(["Key", "Value", "Other"])
ROUGH_VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(MEMBERS, inner), max_leaves=5)


@given(st.sampled_from(["RoleName", "Path", "MaxSessionDuration", "Tags", "Other"]), ROUGH_VALUES)
def test_what_botocore_itself_refuses_is_refused_here_too(member, value):
    params = {**ROLE, member: value}
    shape = service("iam").operation_model("CreateRole").input_shape
    assert call("iam:CreateRole", **params) or not ParamValidator().validate(params, shape).has_errors()


@given(st.text(max_size=70) | st.text(sorted(ROLE_NAME_CHARACTERS), max_size=70))
@example("é")
@example("dhaka\n")
def test_a_role_name_is_admitted_exactly_when_iam_documents_it_to_be(name):
    legal = 1 <= len(name) <= 64 and set(name) <= ROLE_NAME_CHARACTERS
    assert (call("iam:CreateRole", **{**ROLE, "RoleName": name}) == []) == legal


@given(st.text("◈⍟", min_size=1, max_size=9), st.sampled_from(["list", "map", "long", "key", "structure", "union"]))
def test_a_sensitive_value_is_in_no_message(secret, disguise):
    function = {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": {}}
    union = invented({"type": "structure", "sensitive": True, "union": True, "members": {}})
    found = {
        "list": lambda: call("secretsmanager:CreateSecret", Name="n", SecretString=[secret]),
        "map": lambda: call("secretsmanager:CreateSecret", Name="n", SecretBinary={secret: secret}),
        "long": lambda: call("secretsmanager:CreateSecret", Name="n", SecretString=secret * 65537),
        "key": lambda: call("lambda:CreateFunction", **function, Environment={"Variables": {secret: 1}}),
        "structure": lambda: call("lambda:CreateFunction", **function, Environment=secret),
        "union": lambda: problems(union, {"Value": {secret: secret}}),
    }[disguise]()
    assert found, "nothing was refused, so nothing was tested"
    assert not set(secret) & set("".join(found)), found


PATTERNS = [
    ("[a-z]+", "dhaka", "dhaka!"),
    ("^[a-z]+$", "dhaka", "dhaka\n"),
    ("^arn:.*", "arn:aws", "an arn:aws"),
    ("one|two", "two", "two more"),
    (r".*\S.*", "line\nline", " \n "),
    (r"[\p{L}\p{Z}]+", "ঢ ক", "ঢ1"),
    (r"\w\d", "a1", "a১"),
    (r"[a-\w]+|[.-\d]+", "-.-5", "/"),
    (r"[a\-\w]+", "a-_", "a]"),
    (r"\p{Punct}+", "$+<=>^`|~!", "a"),
    (r"[\p{Print}&&[^|:/]]+", "a plan", "a|plan"),
    (r"[\x{60}a]+", "`a", "b"),
    (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "🛒 a\t", "a\n"),
    (r"[\u0020-\u007E\u10000-\u10FFFF]*", "a🛒", "é"),
    (r"(\p{LD}|\p{Punct}| )+", "é 1!", "\t"),
    ("(?i)all|[0-9]{12}", "ALL", "every"),
]


@pytest.mark.parametrize(("pattern", "admitted", "refused"), PATTERNS)
def test_a_pattern_means_what_it_means_in_java_and_for_the_whole_value(pattern, admitted, refused):
    assert admits(pattern, admitted)
    assert not admits(pattern, refused)


@pytest.mark.parametrize("name", SERVICES_OF_THE_PROGRAM)
def test_every_pattern_of_the_services_in_use_can_be_read(name):
    loader = models().get_component("data_loader")
    shapes = loader.load_service_model(name, "service-2")["shapes"].values()
    patterns = {shape["pattern"] for shape in shapes if "pattern" in shape}
    assert [pattern for pattern in patterns if model._compiled(pattern) is None] == []


def test_a_pattern_that_is_broken_in_the_model_admits_the_value_and_says_so_once(caplog):
    assert admits("[0-9]{11}{0,1011}", "anything")
    assert admits("[0-9]{11}{0,1011}", "anything else")
    [record] = caplog.records
    assert "[0-9]{11}{0,1011} cannot be read" in record.getMessage()


def test_a_pattern_that_backtracks_for_ever_admits_the_value_and_says_so(monkeypatch, caplog):
    monkeypatch.setattr(model, "PATTERN_SECONDS", 0.01)
    assert admits("(a|aa)+c", "a" * 60)
    assert "went unchecked" in caplog.text
