"""From what Prometheus sees to whom it is said: the metrics stack, the rules, the heartbeat, the dashboards."""

from dataclasses import dataclass

from dhakacart_infra.cluster import Cluster
from dhakacart_infra.config import StackConfig
from dhakacart_infra.config.monitoring import most_series
from dhakacart_infra.foundation.alarms import AlarmTopic, may_publish
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import SecretsKey
from dhakacart_infra.observability.alerting import (
    AlertRules,
    AlertRulesArgs,
    Heartbeat,
    HeartbeatArgs,
    may_beat,
    routing,
)
from dhakacart_infra.observability.dashboards import Dashboards, DashboardsArgs
from dhakacart_infra.observability.dashboards.places import Places
from dhakacart_infra.observability.metrics import Metrics, MetricsArgs


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    config: StackConfig
    cluster: Cluster
    secrets: SecretsKey
    alarms: AlarmTopic


def monitoring(owner: Component, args: MonitoringArgs) -> None:
    """It waits for no service, and none for it: they are known by their names and ports."""
    config, cluster, naming = args.config, args.cluster, owner.naming
    in_cluster = owner.child(providers=[cluster.kubernetes])
    heartbeat = Heartbeat("heartbeat", HeartbeatArgs(alarms=args.alarms), owner.child())
    metrics = Metrics(
        "metrics",
        MetricsArgs(
            config=config.monitoring,
            series=_series(config),
            cluster_name=cluster.name,
            secrets=args.secrets,
            services=config.services,
            application=naming.project,
            node_blocks=list(config.network.subnets("app").values()),
            routing=routing(
                topic_arn=args.alarms.arn,
                heartbeat_topic_arn=heartbeat.topic_arn,
                region=naming.region,
                environment=naming.environment,
            ),
            publishing=[*may_publish(naming), may_beat(naming)],
            secret_store=cluster.secret_store,
            ready=[cluster.volumes, *cluster.karpenter.node_pools.pools],
        ),
        in_cluster,
    )
    rules = AlertRulesArgs(
        services=config.services,
        pod_addresses=sum(block.num_addresses for block in config.network.subnets("pods").values()),
        definitions=metrics.definitions,
    )
    AlertRules("alerts", rules, in_cluster)
    shown = DashboardsArgs(namespace=metrics.namespace, shop=naming.project, places=Places.of(config, naming))
    Dashboards("dashboards", shown, in_cluster)


def _series(config: StackConfig) -> int:
    limits = config.cluster.node_limits
    pods = sum(service.scaling.max_pods for service in config.services.values())
    return most_series(limits.on_demand_vcpu + limits.spot_vcpu, pods)
