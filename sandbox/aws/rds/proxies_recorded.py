"""RDS proxies: what AWS refuses where moto looks nothing up, and how a proxy changes."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing

MIN_ZONES = 2
VALUE = "InvalidParameterValue"


def _create(place: Place, asked: Thing) -> Thing:
    subnets: list[Any] = place.of("ec2").describe_subnets(subnet_ids=asked["VpcSubnetIds"])
    if len({one.availability_zone for one in subnets}) < MIN_ZONES:
        raise Refusal("InvalidSubnet", "DBProxy requires subnets in at least two availability zones.")
    given = {
        "db_proxy_name": "DBProxyName",
        "engine_family": "EngineFamily",
        "auth": "Auth",
        "role_arn": "RoleArn",
        "vpc_subnet_ids": "VpcSubnetIds",
        "vpc_security_group_ids": "VpcSecurityGroupIds",
        "require_tls": "RequireTLS",
        "idle_client_timeout": "IdleClientTimeout",
        "debug_logging": "DebugLogging",
        "tags": "Tags",
    }
    made = place.backend.create_db_proxy(**{name: asked.get(member) for name, member in given.items()})
    return {"DBProxy": made}


def _modify(place: Place, asked: Thing) -> Thing:
    proxy = _proxy(place, asked)
    changes = {
        "auth": "Auth",
        "role_arn": "RoleArn",
        "vpc_security_group_ids": "SecurityGroups",
        "require_tls": "RequireTLS",
        "idle_client_timeout": "IdleClientTimeout",
        "debug_logging": "DebugLogging",
    }
    for name, member in changes.items():
        if member in asked:
            setattr(proxy, name, asked[member])
    return {"DBProxy": proxy}


def _proxy(place: Place, asked: Thing) -> Any:
    name = asked["DBProxyName"]
    if name not in place.backend.db_proxies:
        raise Refusal("DBProxyNotFoundFault", f"DBProxy with name {name} doesn't exist.")
    return place.backend.db_proxies[name]


def _delete(place: Place, asked: Thing) -> Thing:
    proxy = _proxy(place, asked)
    place.backend.delete_db_proxy(asked["DBProxyName"])
    return {"DBProxy": proxy}


def _groups(place: Place, asked: Thing) -> Thing:
    return {"TargetGroups": list(_proxy(place, asked).proxy_target_groups.values())}


def _limit(place: Place, asked: Thing) -> Thing:
    _proxy(place, asked)
    config = asked.get("ConnectionPoolConfig", {})
    if config.get("MaxIdleConnectionsPercent", 0) > config.get("MaxConnectionsPercent", 100):
        raise Refusal(VALUE, "MaxIdleConnectionsPercent must be less than or equal to MaxConnectionsPercent.")
    return {"DBProxyTargetGroup": place.backend.modify_db_proxy_target_group(asked["DBProxyName"], config)}


def _register(place: Place, asked: Thing) -> Thing:
    targets = _group(place, asked).targets
    for name in asked["DBInstanceIdentifiers"]:
        if name not in place.backend.databases:
            raise Refusal("DBInstanceNotFound", f"DBInstance {name} not found.")
        if targets:
            reason = f"{targets[0].rds_resource_id} is registered already: a proxy serves one"
            raise Refusal("DBProxyTargetAlreadyRegisteredFault", reason)
    proxy, group, behind = asked["DBProxyName"], asked.get("TargetGroupName"), asked["DBInstanceIdentifiers"]
    return {"DBProxyTargets": place.backend.register_db_proxy_targets(proxy, group, [], behind)}


def _deregister(place: Place, asked: Thing) -> Thing:
    group = _group(place, asked)
    group.targets = [one for one in group.targets if one.rds_resource_id not in asked["DBInstanceIdentifiers"]]
    return {}


def _targets(place: Place, asked: Thing) -> Thing:
    """An instance that is deleted takes its registration with it."""
    return {"Targets": [one for one in _group(place, asked).targets if one.rds_resource_id in place.backend.databases]}


def _group(place: Place, asked: Thing) -> Any:
    groups, name = _proxy(place, asked).proxy_target_groups, asked.get("TargetGroupName", "default")
    if name not in groups:
        raise Refusal("DBProxyTargetGroupNotFoundFault", f"DBProxyTargetGroup {name} doesn't exist.")
    return groups[name]


ANSWERS: Answers = {
    "CreateDBProxy": _create,
    "ModifyDBProxy": _modify,
    "DeleteDBProxy": _delete,
    "DescribeDBProxyTargetGroups": _groups,
    "ModifyDBProxyTargetGroup": _limit,
    "RegisterDBProxyTargets": _register,
    "DeregisterDBProxyTargets": _deregister,
    "DescribeDBProxyTargets": _targets,
}
