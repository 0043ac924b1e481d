"""Databases and caches, and what they lean on, which nobody's program made."""

from functools import cached_property
from typing import Any


class DataWorld:
    """What is only declared here is the world's that this is a part of."""

    client: Any
    subnet: Any
    far_subnet: Any
    group: Any
    role: Any
    secret: Any

    @cached_property
    def db_subnets(self) -> str:
        subnets = [self.subnet, self.far_subnet]
        name = {"DBSubnetGroupName": "database", "DBSubnetGroupDescription": "database"}
        self.client("rds").create_db_subnet_group(**name, SubnetIds=subnets)
        return "database"

    @cached_property
    def db_parameters(self) -> str:
        return self._db_parameters("shop")

    @cached_property
    def other_db_parameters(self) -> str:
        return self._db_parameters("other")

    @cached_property
    def database(self) -> str:
        made = self.client("rds").create_db_instance(
            DBInstanceIdentifier="primary",
            DBInstanceClass="db.t4g.medium",
            Engine="postgres",
            EngineVersion="15",
            AllocatedStorage=20,
            MasterUsername="owner",
            MasterUserPassword="open-sesame",
            DBSubnetGroupName=self.db_subnets,
            VpcSecurityGroupIds=[self.group],
            BackupRetentionPeriod=7,
        )
        return made["DBInstance"]["DBInstanceIdentifier"]

    @cached_property
    def proxy(self) -> str:
        made = self.client("rds").create_db_proxy(
            DBProxyName="pool",
            EngineFamily="POSTGRESQL",
            Auth=[{"AuthScheme": "SECRETS", "SecretArn": self.secret}],
            RoleArn=self.role,
            VpcSubnetIds=[self.subnet, self.far_subnet],
        )
        return made["DBProxy"]["DBProxyName"]

    def _db_parameters(self, name: str) -> str:
        group = {"DBParameterGroupName": name, "DBParameterGroupFamily": "postgres15", "Description": name}
        return self.client("rds").create_db_parameter_group(**group)["DBParameterGroup"]["DBParameterGroupName"]

    @cached_property
    def cache_subnets(self) -> str:
        subnets = [self.subnet, self.far_subnet]
        self.client("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName="shop", CacheSubnetGroupDescription="shop", SubnetIds=subnets
        )
        return "shop"

    @cached_property
    def cache_parameters(self) -> str:
        return self._cache_parameters("one")

    @cached_property
    def other_cache_parameters(self) -> str:
        return self._cache_parameters("two")

    @cached_property
    def cache_user(self) -> str:
        return self._cache_user("backend")

    @cached_property
    def default_cache_user(self) -> str:
        return self._cache_user("default")

    @cached_property
    def cache_users(self) -> str:
        return self._cache_users("one")

    @cached_property
    def other_cache_users(self) -> str:
        return self._cache_users("two")

    @cached_property
    def cache_logs(self) -> str:
        self.client("logs").create_log_group(logGroupName="/shop/redis")
        return "/shop/redis"

    def _cache_parameters(self, name: str) -> str:
        """For a cluster of Valkey 9."""
        caches = self.client("elasticache")
        caches.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily="valkey9", Description=name
        )
        clustered = {"ParameterName": "cluster-enabled", "ParameterValue": "yes"}
        caches.modify_cache_parameter_group(CacheParameterGroupName=name, ParameterNameValues=[clustered])
        return name

    def _cache_user(self, name: str) -> str:
        made = self.client("elasticache").create_user(
            UserId=f"{name}-id",
            UserName=name,
            Engine="valkey",
            AccessString="on ~* +@all",
            Passwords=["a-password-of-twenty"],
        )
        return made["UserId"]

    def _cache_users(self, name: str) -> str:
        made = self.client("elasticache").create_user_group(
            UserGroupId=name, Engine="valkey", UserIds=[self.cache_user]
        )
        return made["UserGroupId"]
