"""What AWS refuses in ElastiCache, and moto by itself would let pass."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.services import TYPES
from sandbox.providers.table import difference, refusals, with_defaults
from tests.support.elasticache_cases import durable, parameters
from tests.support.world import World

GATEWAY = Gateway()
SUBNETS, PARAMETERS, USER, USERS, GROUP = (
    TYPES[f"aws:elasticache/{kind[0].lower()}{kind[1:]}:{kind}"]
    for kind in ("SubnetGroup", "ParameterGroup", "User", "UserGroup", "ReplicationGroup")
)
SUBNET, SECURITY_GROUP = TYPES["aws:ec2/subnet:Subnet"], TYPES["aws:ec2/securityGroup:SecurityGroup"]
PLAIN = {"engine": "valkey", "engineVersion": "9.0", "nodeType": "cache.m7g.large", "description": "x"}


@pytest.fixture
def aws(account: str) -> Region:
    region = GATEWAY.region("ap-south-1")
    region.call("ec2", "DescribeVpcs")
    return region


@pytest.fixture
def world(aws: Region) -> World:
    return World()


def code(act: Callable[..., object], *arguments: Any) -> str:
    with pytest.raises(AwsError) as refused:
        act(*arguments)
    return refused.value.code


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subnetGroupName": "none"}, "CacheSubnetGroupNotFoundFault"),
        ({"parameterGroupName": "none"}, "CacheParameterGroupNotFound"),
        ({"userGroupIds": ["none"]}, "UserGroupNotFound"),
        ({"securityGroupIds": ["sg-0123456789abcdef0"]}, "not in the VPC"),
        ({"kmsKeyId": "arn:aws:kms:ap-south-1:1:key/none"}, "does not exist"),
        ({"atRestEncryptionEnabled": False, "durability": "disabled"}, "needs encryption at rest"),
        ({"transitEncryptionEnabled": False, "transitEncryptionMode": None}, "needs encryption in transit"),
        ({"engineVersion": "8.2"}, "Expected a parameter group of family valkey8 but found one of family valkey9"),
        ({"parameterGroupName": None, "engineVersion": "8.2"}, "Durability needs Valkey 9.0"),
        ({"nodeType": "cache.t4g.medium"}, "Durability needs a node type of the families"),
        ({"nodeType": "m7g.large"}, "is not supported"),
        ({"replicasPerNodeGroup": 0}, "Multi-AZ needs automatic failover and a replica"),
        ({"multiAzEnabled": False}, "Durability needs Multi-AZ"),
        ({"multiAzEnabled": False, "automaticFailoverEnabled": False}, "cluster mode enabled cannot be created with"),
        ({"replicasPerNodeGroup": 6}, "at most 5 replicas"),
        ({"clusterMode": "disabled", "durability": None}, "does not go with cluster-enabled"),
        ({"clusterMode": "disabled", "numNodeGroups": 2}, "Several node groups need cluster mode"),
        (
            {"snapshotRetentionLimit": 1, "snapshotWindow": "20:30-21:30", "maintenanceWindow": "sun:20:00-sun:21:00"},
            "must not overlap",
        ),
        (
            {
                "logDeliveryConfigurations": [
                    {
                        "destination": "none",
                        "destinationType": "cloudwatch-logs",
                        "logFormat": "json",
                        "logType": "slow-log",
                    }
                ]
            },
            "log group none does not exist",
        ),
    ],
)
def test_a_replication_group_that_cannot_be_is_refused(
    aws: Region, world: World, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(AwsError, match=reason):
        GROUP.create(aws, {**durable(world), **changes})
    assert aws.call("elasticache", "DescribeReplicationGroups")["ReplicationGroups"] == []


def test_one_node_cannot_fail_over(aws: Region) -> None:
    wanted = {**PLAIN, "replicationGroupId": "one", "automaticFailoverEnabled": True}
    with pytest.raises(AwsError, match="one node cannot have automatic failover"):
        GROUP.create(aws, wanted)


def test_a_change_is_held_to_the_same(aws: Region, world: World) -> None:
    it = GROUP.create(aws, durable(world))
    for asked in ({"AutomaticFailoverEnabled": False}, {"CacheNodeType": "cache.t4g.small"}):
        refused = code(lambda: aws.call("elasticache", "ModifyReplicationGroup", ReplicationGroupId=it, **asked))  # noqa: B023
        assert refused == "InvalidParameterCombination"
    assert (
        code(
            lambda: aws.call(
                "elasticache", "DecreaseReplicaCount", ReplicationGroupId=it, NewReplicaCount=0, ApplyImmediately=True
            )
        )
        == "InvalidParameterCombination"
    )


def test_what_a_replication_group_uses_stays_until_it_is_gone(aws: Region, world: World) -> None:
    it = GROUP.create(aws, durable(world))
    assert code(SUBNETS.delete, aws, world.cache_subnets, {}) == "CacheSubnetGroupInUse"
    assert code(PARAMETERS.delete, aws, world.cache_parameters, {}) == "InvalidCacheParameterGroupState"
    assert code(USERS.delete, aws, world.cache_users, {}) == "InvalidUserGroupState"
    assert code(SUBNET.delete, aws, world.subnet, {}) == "DependencyViolation"
    assert code(SECURITY_GROUP.delete, aws, world.group, {}) == "DependencyViolation"
    GROUP.delete(aws, it, {})
    SUBNETS.delete(aws, world.cache_subnets, {})
    PARAMETERS.delete(aws, world.cache_parameters, {})
    USERS.delete(aws, world.cache_users, {})
    SUBNET.delete(aws, world.subnet, {})
    SECURITY_GROUP.delete(aws, world.group, {})


def test_nodes_are_spread_over_the_zones_and_hold_their_subnets(aws: Region, world: World) -> None:
    it = GROUP.create(aws, durable(world))
    (shard,) = aws.find("elasticache", "DescribeReplicationGroups", "ReplicationGroups[0].NodeGroups")
    zones = [member["PreferredAvailabilityZone"] for member in shard["NodeGroupMembers"]]
    assert zones == ["ap-south-1a", "ap-south-1b"]
    moved = {"CacheSubnetGroupName": world.cache_subnets, "SubnetIds": [world.other_subnet, world.far_subnet]}
    assert code(lambda: aws.call("elasticache", "ModifyCacheSubnetGroup", **moved)) == "SubnetInUse"
    more = {**moved, "SubnetIds": [world.subnet, world.far_subnet, world.other_subnet]}
    aws.call("elasticache", "ModifyCacheSubnetGroup", **more)
    GROUP.delete(aws, it, {})
    aws.call("elasticache", "ModifyCacheSubnetGroup", **moved)


def test_a_deletion_leaves_the_snapshot_that_was_asked_for_once(aws: Region, world: World) -> None:
    last = {"finalSnapshotIdentifier": "shop-last"}
    GROUP.delete(aws, GROUP.create(aws, durable(world)), last)
    (snapshot,) = aws.call("elasticache", "DescribeSnapshots", SnapshotName="shop-last")["Snapshots"]
    assert snapshot["ReplicationGroupId"] == "shop"
    again = GROUP.create(aws, durable(world))
    assert code(GROUP.delete, aws, again, last) == "SnapshotAlreadyExistsFault"
    assert GROUP.read(aws, again, {}) is not None


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"passwords": ["too short"]}, "16 to 128"),
        ({"passwords": ["a-password-of-twenty"] * 3}, "up to 2 passwords"),
        ({}, "do not go with the authentication type"),
        ({"authenticationMode": {"type": "no-password-required"}}, "authenticates by password or IAM"),
    ],
)
def test_a_user_that_nobody_should_be_is_refused(aws: Region, inputs: dict[str, Any], reason: str) -> None:
    user = {"accessString": "on ~* +@all", "engine": "valkey", "userId": "shop", "userName": "shop", **inputs}
    with pytest.raises(AwsError, match=reason):
        USER.create(aws, user)


def test_a_password_is_nowhere_to_be_read(aws: Region, world: World) -> None:
    it = USER.create(
        aws,
        {
            "accessString": "on ~* +@all",
            "authenticationMode": {"type": "password", "passwords": ["a-password-of-twenty"]},
            "engine": "valkey",
            "userId": "shop",
            "userName": "shop",
        },
    )
    (user,) = aws.call("elasticache", "DescribeUsers", UserId=it)["Users"]
    assert user["Authentication"] == {"Type": "password", "PasswordCount": 1}
    assert "a-password-of-twenty" not in str(user)


def test_a_group_of_users_has_each_name_once_and_in_redis_a_default(aws: Region, world: World) -> None:
    twin = {"accessString": "on ~* +@all", "engine": "valkey", "userId": "twin", "userName": "backend"}
    both = [world.cache_user, USER.create(aws, {**twin, "passwords": ["a-password-of-twenty"]})]
    group = {"engine": "valkey", "userGroupId": "shop"}
    assert code(USERS.create, aws, {**group, "userIds": both}) == "DuplicateUserName"
    assert code(USERS.create, aws, {**group, "userIds": ["nobody"]}) == "UserNotFound"
    assert code(USERS.create, aws, {**group, "engine": "redis", "userIds": both[:1]}) == "DefaultUserRequired"


def test_a_default_user_stays_in_its_group_and_any_other_leaves_it(aws: Region, world: World) -> None:
    it = USERS.create(
        aws,
        {"engine": "valkey", "userGroupId": "shop", "userIds": [world.cache_user, world.default_cache_user]},
    )
    assert code(USER.delete, aws, world.default_cache_user, {}) == "DefaultUserAssociatedToUserGroup"
    USER.delete(aws, world.cache_user, {})
    assert (USERS.read(aws, it, {}) or {})["userIds"] == [world.default_cache_user]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"appendonly": "yes"}, "appendonly doesn't exist"),
        ({"maxmemory_policy": "lru"}, "value for maxmemory-policy is not valid"),
        ({"reserved_memory_percent": "101"}, "not valid"),
    ],
)
def test_a_parameter_that_there_is_not_is_refused(aws: Region, wrong: dict[str, str], reason: str) -> None:
    it = PARAMETERS.create(aws, {"name": "redis", "family": "valkey9", "description": "x"})
    (setting,) = PARAMETERS.settings
    with pytest.raises(AwsError, match=reason):
        setting.apply(aws, it, {"parameters": parameters(**wrong)})


def test_a_family_that_there_is_not_and_subnets_of_two_vpcs_are_refused(aws: Region, world: World) -> None:
    with pytest.raises(AwsError, match="not a valid parameter group family"):
        PARAMETERS.create(aws, {"name": "redis", "family": "valkey10", "description": "x"})
    far = world.ec2.create_subnet(VpcId=world.other_vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    for subnets in ([world.subnet, far], ["subnet-0123456789abcdef0"]):
        assert code(SUBNETS.create, aws, {"name": "r", "description": "x", "subnetIds": subnets}) == "InvalidSubnet"


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"replicationGroupId": "x" * 41}, "range (1 - 40)"),
        ({"replicationGroupId": "shop--redis"}, "single hyphens"),
        ({"engineVersion": "9"}, "<major>.<minor>"),
        ({"snapshotRetentionLimit": 36}, "range (0 - 35)"),
        ({"snapshotWindow": "9:00-10:00"}, "hh24:mi-hh24:mi"),
        ({"maintenanceWindow": "20:00-21:00"}, "ddd:hh24:mi"),
        ({"multiAzEnabled": True}, "automatic_failover_enabled must be true"),
        ({"automaticFailoverEnabled": True, "numCacheClusters": 1}, "must be at least 2"),
        ({"authToken": "x" * 16, "userGroupIds": ["shop"]}, "conflicts with"),
        ({"authTokenUpdateStrategy": "SET"}, '"auth_token" must be specified'),
        ({"authTokenUpdateStrategy": "DELETE", "authToken": "x" * 16}, "must not be specified"),
        ({"logDeliveryConfigurations": [{}] * 3}, "at most 2"),
        ({"durability": "always"}, "always"),
    ],
)
def test_the_provider_refuses_before_aws_is_asked(inputs: dict[str, Any], reason: str) -> None:
    given = with_defaults(GROUP.constraints, {"description": "x", **inputs})
    assert any(reason in failure.reason for failure in refusals(GROUP.constraints, given))


@pytest.mark.parametrize(
    ("changes", "replaced"),
    [
        ({"engineVersion": "8.2"}, ("engineVersion",)),
        ({"engineVersion": "9.1"}, ()),
        ({"engine": "redis"}, ("engine",)),
        ({"durability": "sync"}, ("durability",)),
        ({"nodeType": "cache.m7g.xlarge"}, ()),
    ],
)
def test_what_goes_no_way_back_is_made_anew(changes: dict[str, Any], replaced: tuple[str, ...]) -> None:
    before = {**PLAIN, "durability": "async"}
    assert difference(GROUP.constraints, before, {**before, **changes}).replaces == replaced
