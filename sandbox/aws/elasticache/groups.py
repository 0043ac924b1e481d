"""ElastiCache: subnet groups and parameter groups."""

from collections.abc import Iterator

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.plain import Plain
from sandbox.aws.resource import (
    AutoName,
    AwsType,
    Census,
    Setting,
    Tagging,
    account_id,
    receive,
    tag_list,
    tag_map,
    tags_by_arn,
)
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

NO_PARAMETERS = "CacheParameterGroupNotFound"
AT_ONCE = 20  # parameters in a call
UNDESCRIBED = "Managed by Pulumi"

SUBNETS = Constraints(
    source="internal/service/elasticache/subnet_group.go",
    inputs=names("description name region subnetIds tags"),
    required=("subnetIds",),
    replaces=names("name region"),
    defaults={"description": UNDESCRIBED},
    sets=frozenset({"subnetIds"}),
    delete_before_replace=True,
)

PARAMETERS = Constraints(
    source="internal/service/elasticache/parameter_group.go",
    inputs=names("description family name parameters region tags"),
    required=("family",),
    replaces=names("description family name region"),
    defaults={"description": UNDESCRIBED},
    sets=frozenset({"parameters"}),
    delete_before_replace=True,
)


def _create_parameters(aws: Region, props: Props) -> str:
    group = aws.call(
        "elasticache",
        "CreateCacheParameterGroup",
        CacheParameterGroupName=props["name"],
        CacheParameterGroupFamily=props["family"],
        Description=props["description"],
        Tags=tag_list(props.get("tagsAll")),
    )
    return group["CacheParameterGroup"]["CacheParameterGroupName"]


def _user_set(aws: Region, name: str) -> dict[str, str]:
    reply = aws.call("elasticache", "DescribeCacheParameters", CacheParameterGroupName=name, Source="user")
    return {one["ParameterName"]: one["ParameterValue"] for one in reply["Parameters"]}


def _read_parameters(aws: Region, name: str, state: Props) -> Props | None:
    group = aws.find(
        "elasticache",
        "DescribeCacheParameterGroups",
        "CacheParameterGroups[0]",
        (NO_PARAMETERS,),
        CacheParameterGroupName=name,
    )
    if group is None:
        return None
    found = receive(group, "Description", name="CacheParameterGroupName", family="CacheParameterGroupFamily", arn="ARN")
    found["parameters"] = [{"name": key, "value": value} for key, value in _user_set(aws, name).items()]
    tags = aws.call("elasticache", "ListTagsForResource", ResourceName=found["arn"])["TagList"]
    return found | {"tags": tag_map(tags)}


def _set_parameters(aws: Region, name: str, props: Props) -> None:
    """What is no longer asked for goes back to what the family has."""
    wanted, before = {one["name"]: one["value"] for one in props.get("parameters") or ()}, _user_set(aws, name)
    for some in _batches({key: value for key, value in before.items() if key not in wanted}):
        aws.call("elasticache", "ResetCacheParameterGroup", CacheParameterGroupName=name, ParameterNameValues=some)
    for some in _batches({key: value for key, value in wanted.items() if before.get(key) != value}):
        aws.call("elasticache", "ModifyCacheParameterGroup", CacheParameterGroupName=name, ParameterNameValues=some)


def _batches(parameters: dict[str, str]) -> Iterator[list[dict[str, str]]]:
    every = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters.items()]
    for first in range(0, len(every), AT_ONCE):
        yield every[first : first + AT_ONCE]


def tagging(kind: str) -> Tagging:
    """Of what has an ARN such as ``…:parametergroup:name``, by the calls that all of the service has."""

    def arn(aws: Region, it: str) -> str:
        return f"arn:aws:elasticache:{aws.name}:{account_id(aws)}:{kind}:{it}"

    return tags_by_arn("elasticache", arn)


TYPES = (
    Plain(
        type="aws:elasticache/subnetGroup:SubnetGroup",
        constraints=SUBNETS,
        service="elasticache",
        key={"CacheSubnetGroupName": "name"},
        create="CreateCacheSubnetGroup",
        read="DescribeCacheSubnetGroups",
        at="CacheSubnetGroups[0]",
        update="ModifyCacheSubnetGroup",
        delete="DeleteCacheSubnetGroup",
        missing=("CacheSubnetGroupNotFoundFault",),
        renamed={"description": "CacheSubnetGroupDescription"},
        elsewhere={"subnetIds": "Subnets[].SubnetIdentifier"},
        outputs=("vpcId",),
        counted="CacheSubnetGroups[].CacheSubnetGroupName",
        auto_name=AutoName(max_length=255),
    ).aws_type(),
    AwsType(
        type="aws:elasticache/parameterGroup:ParameterGroup",
        constraints=PARAMETERS,
        create=_create_parameters,
        sent=names("description family name"),
        read=_read_parameters,
        delete=lambda aws, it, _: aws.call("elasticache", "DeleteCacheParameterGroup", CacheParameterGroupName=it),
        settings=(Setting(inputs=("parameters",), apply=_set_parameters),),
        tagging=tagging("parametergroup"),
        census=Census(
            service="elasticache",
            operation="DescribeCacheParameterGroups",
            path="CacheParameterGroups[].CacheParameterGroupName",
        ),
        auto_name=AutoName(max_length=255),
    ),
)
