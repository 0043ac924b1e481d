"""RDS: proxies, how many connections they may hold, and the instance behind them."""

from typing import Any

from sandbox.aws.checks import arn, matches, names
from sandbox.aws.gateway import Region
from sandbox.aws.rds.instances import IDENTIFIER, IDENTIFIER_RULE
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, send, tag_list, tag_map, tags_by_arn
from sandbox.aws.shapes import answered, members, parameters, properties
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

DEFAULT_GROUP = "default"
NO_PROXY = ("DBProxyNotFoundFault",)
NO_TARGET = (*NO_PROXY, "DBProxyTargetGroupNotFoundFault")
RENAMED = {"arn": "DBProxyArn", "auths": "Auth", "name": "DBProxyName", "requireTls": "RequireTLS"}
SENT = names(
    "auths debugLogging engineFamily idleClientTimeout name requireTls roleArn vpcSecurityGroupIds vpcSubnetIds"
)
CHANGED = names("auths debugLogging idleClientTimeout requireTls roleArn vpcSecurityGroupIds")

PROXY = Constraints(
    source="internal/service/rds/proxy.go",
    inputs=SENT | names("defaultAuthScheme endpointNetworkType region tags targetConnectionNetworkType"),
    required=("engineFamily", "roleArn", "vpcSubnetIds"),
    replaces=names("endpointNetworkType engineFamily region targetConnectionNetworkType vpcSubnetIds"),
    values={
        "auths.authScheme": ("SECRETS",),
        "auths.clientPasswordAuthType": (
            *("MYSQL_NATIVE_PASSWORD", "MYSQL_CACHING_SHA2_PASSWORD", "POSTGRES_SCRAM_SHA_256", "POSTGRES_MD5"),
            "SQL_SERVER_AUTHENTICATION",
        ),
        "auths.iamAuth": ("DISABLED", "REQUIRED", "ENABLED"),
        "defaultAuthScheme": ("IAM_AUTH", "NONE"),
        "engineFamily": ("MYSQL", "POSTGRESQL", "SQLSERVER"),
    },
    computed=names("defaultAuthScheme endpointNetworkType idleClientTimeout name targetConnectionNetworkType"),
    sets=names("auths vpcSecurityGroupIds vpcSubnetIds"),
    checks=(matches("name", IDENTIFIER, IDENTIFIER_RULE), arn("roleArn")),
    delete_before_replace=True,
)
POOL = "connectionPoolConfig"
CONNECTIONS = Constraints(
    source="internal/service/rds/proxy_default_target_group.go",
    inputs=names(POOL, "dbProxyName region"),
    required=("dbProxyName",),
    replaces=names("dbProxyName region"),
    ranges={
        f"{POOL}.connectionBorrowTimeout": (0, 3600),
        f"{POOL}.maxConnectionsPercent": (1, 100),
        f"{POOL}.maxIdleConnectionsPercent": (0, 100),
    },
    computed=frozenset({POOL}),
)
TARGET = Constraints(
    source="internal/service/rds/proxy_target.go",
    inputs=names("dbClusterIdentifier dbInstanceIdentifier dbProxyName region targetGroupName"),
    required=("dbProxyName", "targetGroupName"),
    replaces=names("dbClusterIdentifier dbInstanceIdentifier dbProxyName region targetGroupName"),
    conflicts=(("dbClusterIdentifier", "dbInstanceIdentifier"),),
)


def _create(aws: Region, props: Props) -> str:
    asked = parameters(members("rds", "CreateDBProxy"), {name: props[name] for name in SENT & props.keys()}, RENAMED)
    return aws.call("rds", "CreateDBProxy", **asked, Tags=tag_list(props.get("tagsAll")))["DBProxy"]["DBProxyName"]


def _proxy(aws: Region, it: str) -> Any:
    return aws.find("rds", "DescribeDBProxies", "DBProxies[0]", NO_PROXY, DBProxyName=it)


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _proxy(aws, it)
    if found is None:
        return None
    shape = answered("rds", "DescribeDBProxies", "DBProxies[0]")
    props = properties(shape, found, sorted(SENT | {"arn", "endpoint"}), RENAMED)
    tags = aws.find("rds", "ListTagsForResource", "TagList", ResourceName=props["arn"])
    return props | {"tags": tag_map(tags)}


def _change(aws: Region, it: str, props: Props) -> None:
    """Groups have another name here than in the call that makes it."""
    given = {name: props[name] for name in CHANGED & props.keys()}
    asked = parameters(members("rds", "ModifyDBProxy"), given, {**RENAMED, "vpcSecurityGroupIds": "SecurityGroups"})
    aws.call("rds", "ModifyDBProxy", DBProxyName=it, **asked)


def _limit(aws: Region, it: str, props: Props) -> None:
    known = members("rds", "ModifyDBProxyTargetGroup")
    asked = parameters(known, {POOL: props[POOL]} if props.get(POOL) else {}, {})
    aws.call("rds", "ModifyDBProxyTargetGroup", DBProxyName=it, TargetGroupName=DEFAULT_GROUP, **asked)


def _adopt(aws: Region, props: Props) -> str:
    """It comes with the proxy, and goes with it."""
    _limit(aws, props["dbProxyName"], props)
    return props["dbProxyName"]


def _read_group(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("rds", "DescribeDBProxyTargetGroups", "TargetGroups[?IsDefault]|[0]", NO_PROXY, DBProxyName=it)
    if found is None:
        return None
    shape = answered("rds", "DescribeDBProxyTargetGroups", "TargetGroups[0]")
    named = {"arn": "TargetGroupArn", "dbProxyName": "DBProxyName", "name": "TargetGroupName"}
    props = properties(shape, found, [*named, POOL], named)
    return props | {POOL: {name: value for name, value in props[POOL].items() if value != []}}


def _register(aws: Region, props: Props) -> str:
    named = {"DBProxyName": props["dbProxyName"], "TargetGroupName": props["targetGroupName"]}
    behind = {"DBInstanceIdentifiers": [props["dbInstanceIdentifier"]]}
    (target,) = aws.call("rds", "RegisterDBProxyTargets", **named, **behind)["DBProxyTargets"]
    return "/".join((*named.values(), target["Type"], target["RdsResourceId"]))


def _read_target(aws: Region, it: str, state: Props) -> Props | None:
    proxy, group, kind, resource = it.split("/")
    named = {"DBProxyName": proxy, "TargetGroupName": group}
    path = f"Targets[?Type=='{kind}' && RdsResourceId=='{resource}']|[0]"
    found = aws.find("rds", "DescribeDBProxyTargets", path, NO_TARGET, **named)
    if found is None:
        return None
    return {
        "dbInstanceIdentifier": resource,
        "dbProxyName": proxy,
        "rdsResourceId": resource,
        "targetGroupName": group,
        "type": kind,
    } | send(found, port="Port")


def _deregister(aws: Region, it: str, state: Props) -> None:
    proxy, group, _, resource = it.split("/")
    aws.call(
        "rds", "DeregisterDBProxyTargets", DBProxyName=proxy, TargetGroupName=group, DBInstanceIdentifiers=[resource]
    )


TYPES = (
    AwsType(
        type="aws:rds/proxy:Proxy",
        constraints=PROXY,
        create=_create,
        sent=SENT,
        read=_read,
        delete=lambda aws, it, _: aws.call("rds", "DeleteDBProxy", DBProxyName=it),
        settings=(Setting(inputs=tuple(sorted(CHANGED)), apply=_change),),
        tagging=tags_by_arn("rds", lambda aws, it: _proxy(aws, it)["DBProxyArn"]),
        census=Census(service="rds", operation="DescribeDBProxies", path="DBProxies[].DBProxyName"),
        auto_name=AutoName(max_length=63),
    ),
    AwsType(
        type="aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
        constraints=CONNECTIONS,
        create=_adopt,
        sent=names(POOL, "dbProxyName"),
        read=_read_group,
        delete=lambda aws, it, state: None,
        settings=(Setting(inputs=(POOL,), apply=_limit),),
    ),
    AwsType(
        type="aws:rds/proxyTarget:ProxyTarget",
        constraints=TARGET,
        create=_register,
        sent=names("dbInstanceIdentifier dbProxyName targetGroupName"),
        read=_read_target,
        delete=_deregister,
    ),
)
