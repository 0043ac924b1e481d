"""The table of contents: what one environment consists of, one line a layer."""

from dataclasses import dataclass

import pulumi

from dhakacart_infra.cluster import Cluster, ClusterArgs, Registry, RegistryArgs
from dhakacart_infra.config import StackConfig
from dhakacart_infra.data import (
    Buckets,
    BucketsArgs,
    DatabaseUsers,
    DatabaseUsersArgs,
    Postgres,
    PostgresArgs,
    PostgresProxy,
    PostgresProxyArgs,
    Redis,
    RedisArgs,
)
from dhakacart_infra.data.users import application_user
from dhakacart_infra.edge.way_in import WayInArgs, way_in
from dhakacart_infra.foundation.alarms import AlarmTopic, AlarmTopicArgs
from dhakacart_infra.foundation.budget import Budget, BudgetArgs
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Kind
from dhakacart_infra.foundation.program import Outputs
from dhakacart_infra.foundation.providers import aws_provider, eks_provider, random_provider
from dhakacart_infra.network import Network, NetworkArgs
from dhakacart_infra.observability.logs import Logs, LogsArgs
from dhakacart_infra.observability.monitoring import MonitoringArgs, monitoring
from dhakacart_infra.workloads.addresses import Addresses, AddressesArgs
from dhakacart_infra.workloads.data_access import DataAccess, DataAccessArgs
from dhakacart_infra.workloads.flows import MONITORING_NAMESPACE
from dhakacart_infra.workloads.namespace import ApplicationNamespace, ApplicationNamespaceArgs
from dhakacart_infra.workloads.schema import NAME as SCHEMA
from dhakacart_infra.workloads.schema import Schema, SchemaArgs, schema_namespace
from dhakacart_infra.workloads.services import Services, ServicesArgs, demand


@dataclass(frozen=True, kw_only=True)
class EnvironmentArgs:
    config: StackConfig
    scope: Scope


class Environment(Component, token="dhakacart:index:Environment"):
    """DhakaCart in one region."""

    alarms: AlarmTopic
    network: Network
    registry: Registry
    buckets: Buckets
    database: Postgres
    cluster: Cluster
    redis: Redis
    shop: ApplicationNamespace
    # What the second stack has to be told, encrypted.
    origin_key = None

    @classmethod
    def of(cls, config: StackConfig, project: str) -> "Environment":
        """The environment that a stack's configuration describes, with providers for its region and account."""
        args = EnvironmentArgs(config=config, scope=Scope.of(config, project))
        providers: list[pulumi.ProviderResource] = [aws_provider(config, project), eks_provider(), random_provider()]
        return cls(project, args, pulumi.ResourceOptions(providers=providers))

    def build(self, args: EnvironmentArgs) -> None:
        config = args.config
        namespace = self.naming.project
        peer_region = config.peer.region if config.peer else None
        self.alarms = AlarmTopic("alarms", AlarmTopicArgs(emails=config.alerts.emails), self.child())
        if config.alerts.monthly_budget_usd:
            Budget("budget", BudgetArgs(dollars=config.alerts.monthly_budget_usd, alarms=self.alarms), self.child())
        self.network = Network("network", NetworkArgs(config=config.network, alarms=self.alarms), self.child())
        self.registry = Registry(
            "registry",
            RegistryArgs(
                repositories=config.registry.repositories,
                keep_releases=config.registry.keep_releases,
                peer_region=peer_region,
            ),
            self.child(),
        )
        self.buckets = Buckets("buckets", BucketsArgs(copies_to=config.copies_to), self.child())
        secrets = SecretsKey("secrets", SecretsKeyArgs(peer_region=config.copies_passwords_to), self.child())
        users = self._users(config, secrets)
        self.database = self._database(config, users)
        self.cluster = Cluster(
            "cluster",
            ClusterArgs(
                config=config.cluster,
                network=self.network,
                zones=config.control_plane_zones,
                registry=self.registry,
                secret_readers=[namespace, schema_namespace(namespace), MONITORING_NAMESPACE],
            ),
            self.child(),
        )
        self.database.port.allow_from("cluster", self.cluster.security_group_id)
        self.redis = self._redis(config, secrets)
        self._logs(config)
        self._shop(config, users)
        watched = MonitoringArgs(config=config, cluster=self.cluster, secrets=secrets, alarms=self.alarms)
        monitoring(self, watched)

    def _logs(self, config: StackConfig) -> None:
        """Neither waits for the shop, nor does the shop for it."""
        args = LogsArgs(
            config=config.logging,
            cluster=self.cluster,
            zones=config.network.availability_zones,
            backups=self.buckets.backups,
        )
        Logs("logs", args, self.child(providers=[self.cluster.kubernetes]))

    def _shop(self, config: StackConfig, users: DatabaseUsers | None) -> None:
        """What runs in the cluster for customers, and what it has to know."""
        in_cluster = self.child(providers=[self.cluster.kubernetes])
        most = demand(config.services, config.spare_pods)
        args = ApplicationNamespaceArgs(name=self.naming.project, most=most)
        self.shop = ApplicationNamespace("shop", args, in_cluster)
        schema = self._schema(config, users, in_cluster)
        data = DataAccess(
            "shop-data",
            DataAccessArgs(
                namespace=self.shop.name,
                database=self.database,
                address=self._address(config, users),
                user=application_user(config.database.password_generation),
                redis=self.redis,
                ready=[self.cluster.secret_store, *schema],
            ),
            in_cluster,
        )
        addresses = Addresses(
            "addresses",
            AddressesArgs(services=config.services, namespace=self.shop.name, balanced=config.domain is not None),
            in_cluster,
        )
        Services(
            "services",
            ServicesArgs(
                services=config.services,
                spare_pods=config.spare_pods,
                namespace=self.shop.name,
                registry=self.registry,
                database=self.database,
                redis=self.redis,
                data=data,
                data_blocks=list(config.network.subnets("database").values()),
                load_balancer_blocks=list(config.network.subnets("public").values()),
                nodes=self.cluster.karpenter.node_pools.pools,
                balancer=self._way_in(config, addresses, in_cluster),
                ready=schema,
            ),
            in_cluster,
        )

    def _way_in(
        self, config: StackConfig, addresses: Addresses, in_cluster: pulumi.ResourceOptions
    ) -> list[pulumi.Resource]:
        if config.domain is None:
            return []
        args = WayInArgs(
            config=config,
            domain=config.domain,
            network=self.network,
            buckets=self.buckets,
            namespace=self.shop.name,
            addresses=addresses,
            controller=self.cluster.load_balancers.release,
            alarms=self.alarms,
            in_cluster=in_cluster,
        )
        made = way_in(self, args)
        self.origin_key = made.origin_key
        return [made.ingress]

    def _users(self, config: StackConfig, secrets: SecretsKey) -> DatabaseUsers | None:
        """Users and passwords come with the data, so one stack of the two makes them."""
        if not config.makes_passwords:
            return None
        asked = DatabaseUsersArgs(key=secrets, generation=config.database.password_generation)
        return DatabaseUsers("users", asked, self.child())

    def _database(self, config: StackConfig, users: DatabaseUsers | None) -> Postgres:
        """A standby follows its peer's."""
        followed = config.peer if config.role == "standby" else None
        return Postgres(
            "database",
            PostgresArgs(
                config=config.database,
                vpc_id=self.network.vpc_id,
                subnet_ids={zone: subnet.id for zone, subnet in self.network.database.subnets.items()},
                owner=users.owner if users else None,
                source_arn=self.naming.elsewhere(followed.region).database_arn() if followed else None,
                alarms=self.alarms,
            ),
            self.child(),
        )

    def _address(self, config: StackConfig, users: DatabaseUsers | None) -> pulumi.Output[str]:
        """Where the database is written: through its proxy, which serves no copy, if there is one."""
        if users is None or config.role == "standby" or not config.database.proxy:
            return self.database.address
        proxy = PostgresProxy(
            "database-proxy",
            PostgresProxyArgs(
                config=config.database,
                vpc_id=self.network.vpc_id,
                subnet_ids=[self.network.database.subnets[zone].id for zone in config.control_plane_zones],
                database=self.database,
                users=users.application,
                alarms=self.alarms,
            ),
            self.child(),
        )
        proxy.port.allow_from("cluster", self.cluster.security_group_id)
        return proxy.address

    def _schema(
        self, config: StackConfig, users: DatabaseUsers | None, in_cluster: pulumi.ResourceOptions
    ) -> list[pulumi.Resource]:
        """What the shop waits for, where the database can be written and the image that readies it is there."""
        release = config.database.schema_release
        if config.role != "active" or release is None:
            return []
        args = SchemaArgs(
            namespace=schema_namespace(self.naming.project),
            image=self.registry.image(SCHEMA, release),
            database=self.database,
            data_blocks=list(config.network.subnets("database").values()),
            generation=config.database.password_generation,
            ready=[self.cluster.secret_store, *(users.everybody if users else [])],
        )
        return [Schema("schema", args, in_cluster).job]

    def _redis(self, config: StackConfig, secrets: SecretsKey) -> Redis:
        """With a password of this region's own: neither sessions nor carts are copied to the peer."""
        asked = CredentialsArgs(secret_name=self.naming.of(Kind.SECRET, "redis"), username="backend", key=secrets)
        credentials = Credentials("redis-credentials", asked, self.child())
        args = RedisArgs(
            config=config.cache,
            vpc_id=self.network.vpc_id,
            subnet_ids=self.network.database.subnet_ids,
            credentials=credentials,
            alarms=self.alarms,
        )
        redis = Redis("redis", args, self.child())
        redis.port.allow_from("cluster", self.cluster.security_group_id)
        return redis

    @property
    def outputs(self) -> Outputs:
        """What the stack exports: few, stable, for people and for the peer's operators."""
        return {
            **self.network.outputs,
            "cluster_name": self.cluster.name,
            "repository_urls": self.registry.repository_urls,
            "buckets": self.buckets.names,
            **({"origin_key": self.origin_key} if self.origin_key else {}),
        }
