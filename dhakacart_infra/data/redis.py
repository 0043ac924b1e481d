"""Redis for sessions, carts and caches: an ElastiCache cluster of Valkey, in several zones, encrypted both ways.

In cluster mode though with one shard: only so can it write a transaction log, which is what stands in for the
append-only file that ElastiCache does not have (docs/adr/0021). Clients have to know clusters.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config.cache import CacheConfig
from dhakacart_infra.config.keyspace import EVICTION, EVICTION_SAMPLES, RESERVED_PERCENT, access
from dhakacart_infra.config.versions import VALKEY
from dhakacart_infra.data.last_snapshot import last_snapshot
from dhakacart_infra.data.redis_alarms import alarms
from dhakacart_infra.foundation.alarms import AlarmTopic
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials
from dhakacart_infra.foundation.keys import EncryptionKey, EncryptionKeyArgs, log_group_use
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.foundation.port import Port, PortArgs

PORT = 6379
ENGINE = "valkey"
LOGS = ("slow-log", "engine-log")
SNAPSHOT_WINDOW = "20:00-21:00"
"""UTC: from 2 at night in Dhaka."""
MAINTENANCE_WINDOW = "tue:21:30-tue:22:30"
"""UTC: before dawn on Wednesday in Dhaka, with two working days to come."""


@dataclass(frozen=True, kw_only=True)
class RedisArgs:
    config: CacheConfig
    vpc_id: pulumi.Output[str]
    subnet_ids: list[pulumi.Output[str]]
    credentials: Credentials
    alarms: AlarmTopic


class Redis(Component, token="dhakacart:data:Redis"):
    """Reached by ``endpoint``, which knows the shards, over TLS and as ``user_name`` alone."""

    endpoint: pulumi.Output[str]
    port: Port
    user_name: str
    secret_name: str
    """In Secrets Manager, with the user's name and password."""

    def build(self, args: RedisArgs) -> None:
        self.user_name, self.secret_name = args.credentials.username, args.credentials.secret_name
        port = PortArgs(vpc_id=args.vpc_id, number=PORT, serves="Redis")
        self.port = Port(self.child_name("port"), port, self.child())
        key = self._key()
        logs = [self._log_group(log, key, args.config.log_retention_days) for log in LOGS]
        group = self._replication_group(args, key, logs, self._users(args.credentials))
        for alarm in alarms(args.config, group.replication_group_id):
            args.alarms.watch(self, alarm)
        self.endpoint = group.configuration_endpoint_address

    def _key(self) -> EncryptionKey:
        """For the logs too: what is slow is in them with its arguments, so with parts of sessions and carts."""
        arns = [self.naming.arn("logs", f"log-group:{self._log_group_name(log)}") for log in LOGS]
        users = [log_group_use(self.naming, arn) for arn in arns]
        return EncryptionKey(
            self.child_name("encryption"), EncryptionKeyArgs(purpose="redis", users=users), self.child()
        )

    def _log_group_name(self, log: str) -> str:
        return self.naming.of(Kind.LOG_GROUP, "redis", log)

    def _log_group(self, log: str, key: EncryptionKey, retention_days: int) -> aws.cloudwatch.LogGroup:
        """ElastiCache itself lets its deliveries in: whoever makes the cluster may have it do so."""
        return aws.cloudwatch.LogGroup(
            self.child_name(log),
            name=self._log_group_name(log),
            retention_in_days=retention_days,
            kms_key_id=key.arn,
            opts=self.child(stateful=True),
        )

    def _users(self, credentials: Credentials) -> aws.elasticache.UserGroup:
        """One that may do what the keyspace asks for; and in place of the one that everybody is, one nobody can be."""
        named = {
            "backend": (credentials.username, access()),
            "default": ("default", "off -@all"),
        }
        users = [
            aws.elasticache.User(
                self.child_name(f"user-{role}"),
                user_id=self.naming.of(Kind.REDIS_GROUP, role),
                user_name=user_name,
                engine=ENGINE,
                access_string=access_string,
                # Valkey has no user without a password, not even one that is off.
                authentication_mode=aws.elasticache.UserAuthenticationModeArgs(
                    type="password", passwords=[credentials.password]
                ),
                opts=self.child(),
            )
            for role, (user_name, access_string) in named.items()
        ]
        return aws.elasticache.UserGroup(
            self.child_name("users"),
            user_group_id=self.naming.of(Kind.REDIS_GROUP, "redis"),
            engine=ENGINE,
            user_ids=[user.user_id for user in users],
            opts=self.child(),
        )

    def _parameters(self) -> aws.elasticache.ParameterGroup:
        """With the name that the engine makes up: a new major version wants another group beside the old one."""
        parameters = {
            "cluster-enabled": "yes",
            "maxmemory-policy": EVICTION,
            "maxmemory-samples": str(EVICTION_SAMPLES),
            "reserved-memory-percent": str(RESERVED_PERCENT),
        }
        return aws.elasticache.ParameterGroup(
            self.child_name("parameters"),
            family=f"{ENGINE}{VALKEY.split('.')[0]}",
            description=self.naming.of(Kind.TAG, "redis"),
            parameters=[
                aws.elasticache.ParameterGroupParameterArgs(name=name, value=value)
                for name, value in parameters.items()
            ],
            opts=self.child(),
        )

    def _subnets(self, subnet_ids: list[pulumi.Output[str]]) -> aws.elasticache.SubnetGroup:
        return aws.elasticache.SubnetGroup(
            self.child_name("subnets"),
            description=self.naming.of(Kind.TAG, "redis"),
            subnet_ids=subnet_ids,
            opts=self.child(),
        )

    def _replication_group(
        self,
        args: RedisArgs,
        key: EncryptionKey,
        logs: list[aws.cloudwatch.LogGroup],
        users: aws.elasticache.UserGroup,
    ) -> aws.elasticache.ReplicationGroup:
        return aws.elasticache.ReplicationGroup(
            self.child_name("cluster"),
            replication_group_id=self.naming.of(Kind.REDIS_GROUP, "redis"),
            description="Sessions, carts and caches",
            engine=ENGINE,
            engine_version=VALKEY,
            # AWS would raise the version by itself, and the program's would then be an older one: a new cluster.
            auto_minor_version_upgrade=False,
            node_type=args.config.node_type,
            cluster_mode="enabled",
            num_node_groups=args.config.shards,
            replicas_per_node_group=args.config.replicas_per_shard,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            durability=args.config.durability,
            port=PORT,
            parameter_group_name=self._parameters().name,
            subnet_group_name=self._subnets(args.subnet_ids).name,
            security_group_ids=[self.port.security_group_id],
            at_rest_encryption_enabled=True,
            kms_key_id=key.arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            user_group_ids=[users.user_group_id],
            snapshot_retention_limit=args.config.snapshot_retention_days,
            snapshot_window=SNAPSHOT_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            final_snapshot_identifier=last_snapshot(self, self.naming.of(Kind.REDIS_GROUP, "redis"), key.arn),
            log_delivery_configurations=[
                aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                    destination=group.name, destination_type="cloudwatch-logs", log_format="json", log_type=log
                )
                for log, group in zip(LOGS, logs, strict=True)
            ],
            apply_immediately=True,  # log deliveries change in no other way, and nothing else is to wait a week
            opts=self.child(stateful=True),
        )
