"""RDS: where instances stand, and how their engine is set."""

import re
from typing import Any

from sandbox.aws.checks import matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.plain import Plain
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, send, tag_list, tag_map, tags_by_arn
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

SUBNET_GROUP_NAME = re.compile(r"(?!default$)[0-9a-z._ -]+")
SUBNET_GROUP_RULE = "only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed"
GROUP_NAME = re.compile(r"(?!.*--)(?!.*-$)[a-z][0-9a-z.-]*")
GROUP_NAME_RULE = "only lowercase alphanumeric characters, periods, and hyphens allowed, a letter first"
IMMEDIATE, AT_REBOOT = "immediate", "pending-reboot"
PARAMETERS_A_CALL = 20
BY = "Managed by Pulumi"
GONE = ("DBParameterGroupNotFound",)

SUBNET_GROUP = Constraints(
    source="internal/service/rds/subnet_group.go",
    inputs=names("description name namePrefix region subnetIds tags"),
    required=("subnetIds",),
    replaces=names("name namePrefix region"),
    conflicts=(("name", "namePrefix"),),
    ranges={"name": (1, 255), "namePrefix": (1, 229)},
    defaults={"description": BY},
    computed=names("name namePrefix"),
    sets=frozenset({"subnetIds"}),
    checks=(matches("name", SUBNET_GROUP_NAME, SUBNET_GROUP_RULE),),
    delete_before_replace=True,
)


def _distinct(inputs: Inputs) -> str | None:
    """A set of the provider's, in which each parameter has one value."""
    parameters: list[dict[str, str]] = inputs.get("parameters") or []
    given = [one["name"] for one in parameters]
    twice = sorted({name for name in given if given.count(name) > 1})
    return f"parameter {twice[0]} is set twice" if twice else None


PARAMETER_GROUP = Constraints(
    source="internal/service/rds/parameter_group.go",
    inputs=names("description family name namePrefix parameters region skipDestroy tags"),
    required=("family",),
    replaces=names("description family name namePrefix region"),
    conflicts=(("name", "namePrefix"),),
    values={"parameters.applyMethod": (IMMEDIATE, AT_REBOOT)},
    ranges={"name": (1, 255), "namePrefix": (1, 229)},
    defaults={"description": BY, "skipDestroy": False},
    computed=names("name namePrefix"),
    sets=frozenset({"parameters"}),
    checks=(matches("name", GROUP_NAME, GROUP_NAME_RULE), _distinct),
    delete_before_replace=True,
)


def _create(aws: Region, props: Props) -> str:
    asked = send(props, "description", DBParameterGroupFamily="family", DBParameterGroupName="name")
    aws.call("rds", "CreateDBParameterGroup", **asked, Tags=tag_list(props.get("tagsAll")))
    return props["name"]


def _group(aws: Region, name: str) -> Any:
    return aws.find("rds", "DescribeDBParameterGroups", "DBParameterGroups[0]", GONE, DBParameterGroupName=name)


def _parameters(aws: Region, name: str) -> list[dict[str, str]]:
    found = aws.find("rds", "DescribeDBParameters", "Parameters", DBParameterGroupName=name)
    return [
        {
            "name": one["ParameterName"],
            "value": one["ParameterValue"],
            "applyMethod": one.get("ApplyMethod", IMMEDIATE),
        }
        for one in found
    ]


def _read(aws: Region, name: str, state: Props) -> Props | None:
    found = _group(aws, name)
    if found is None:
        return None
    arn = found["DBParameterGroupArn"]
    tags = aws.find("rds", "ListTagsForResource", "TagList", ResourceName=arn)
    return {
        "arn": arn,
        "description": found["Description"],
        "family": found["DBParameterGroupFamily"],
        "name": found["DBParameterGroupName"],
        "parameters": _parameters(aws, name),
        "tags": tag_map(tags),
    }


def _set(aws: Region, name: str, props: Props) -> None:
    """Those that are not asked for any more get the engine's own value again."""
    given: list[dict[str, str]] = props.get("parameters") or []
    wanted = [{"applyMethod": IMMEDIATE, **one} for one in given]
    gone = {one["name"] for one in _parameters(aws, name)} - {one["name"] for one in wanted}
    for operation, parameters in (
        ("ModifyDBParameterGroup", [_parameter(**one) for one in wanted]),
        ("ResetDBParameterGroup", [{"ParameterName": one, "ApplyMethod": AT_REBOOT} for one in sorted(gone)]),
    ):
        for first in range(0, len(parameters), PARAMETERS_A_CALL):
            some = parameters[first : first + PARAMETERS_A_CALL]
            aws.call("rds", operation, DBParameterGroupName=name, Parameters=some)


def _parameter(*, name: str, value: str, applyMethod: str) -> dict[str, str]:  # noqa: N803 - as the program spells it
    return {"ParameterName": name, "ParameterValue": str(value), "ApplyMethod": applyMethod}


TYPES = (
    Plain(
        type="aws:rds/subnetGroup:SubnetGroup",
        constraints=SUBNET_GROUP,
        service="rds",
        key={"DBSubnetGroupName": "name"},
        create="CreateDBSubnetGroup",
        read="DescribeDBSubnetGroups",
        at="DBSubnetGroups[0]",
        update="ModifyDBSubnetGroup",
        delete="DeleteDBSubnetGroup",
        missing=("DBSubnetGroupNotFoundFault",),
        renamed={"arn": "DBSubnetGroupArn", "description": "DBSubnetGroupDescription"},
        elsewhere={"subnetIds": "Subnets[].SubnetIdentifier"},
        outputs=("vpcId",),
        counted="DBSubnetGroups[].DBSubnetGroupName",
        auto_name=AutoName(max_length=229),
    ).aws_type(),
    AwsType(
        type="aws:rds/parameterGroup:ParameterGroup",
        constraints=PARAMETER_GROUP,
        create=_create,
        sent=names("description family name"),
        unread=frozenset({"skipDestroy"}),
        read=_read,
        delete=lambda aws, it, _: aws.call("rds", "DeleteDBParameterGroup", DBParameterGroupName=it),
        settings=(Setting(inputs=("parameters",), apply=_set),),
        tagging=tags_by_arn("rds", lambda aws, it: _group(aws, it)["DBParameterGroupArn"]),
        census=Census(
            service="rds",
            operation="DescribeDBParameterGroups",
            path="DBParameterGroups[?!starts_with(DBParameterGroupName, 'default.')].DBParameterGroupName",
        ),
        auto_name=AutoName(max_length=229),
    ),
)
