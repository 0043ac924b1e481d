"""Logs: two namespaces, the operator, and what it makes of Elasticsearch, Kibana and Filebeat."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster import Cluster
from dhakacart_infra.cluster.pod_role import PodRole, PodRoleArgs
from dhakacart_infra.config import LoggingConfig
from dhakacart_infra.data.bucket import Bucket
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.kubernetes import name_of
from dhakacart_infra.observability.logs.elasticsearch import SERVICE_ACCOUNT, Elasticsearch, ElasticsearchArgs
from dhakacart_infra.observability.logs.flows import LogFlows, LogFlowsArgs
from dhakacart_infra.observability.logs.kibana import Kibana, KibanaArgs
from dhakacart_infra.observability.logs.names import NAMESPACE, SHIPPING_NAMESPACE
from dhakacart_infra.observability.logs.operator import Operator, OperatorArgs
from dhakacart_infra.observability.logs.settings import Settings, SettingsArgs
from dhakacart_infra.observability.logs.shipper import Shipper, ShipperArgs

POD_SECURITY = {NAMESPACE: "restricted", SHIPPING_NAMESPACE: "privileged"}
"""Filebeat mounts folders of the node, which the other standards forbid."""
FOLDER = "elasticsearch"


@dataclass(frozen=True, kw_only=True)
class LogsArgs:
    config: LoggingConfig
    cluster: Cluster
    zones: Sequence[str]
    backups: Bucket


class Logs(Component, token="dhakacart:observability:Logs"):
    """From what containers write to what people search."""

    def build(self, args: LogsArgs) -> None:
        # With the namespace go pods and their volumes: the nodes that run the ones and the driver that deletes the
        # others must be there until then.
        keepers = [*args.cluster.karpenter.node_pools.pools, args.cluster.volumes.addon]
        namespaces = [self._namespace(name, standard, keepers) for name, standard in POD_SECURITY.items()]
        flows = LogFlows(
            self.child_name("flows"),
            LogFlowsArgs(
                namespaces={name: name_of(made, name) for name, made in zip(POD_SECURITY, namespaces, strict=True)}
            ),
            self.child(),
        )
        operator = Operator(
            self.child_name("operator"),
            OperatorArgs(namespaces=[*POD_SECURITY], ready=[*namespaces, args.cluster.load_balancers.release]),
            self.child(),
        )
        folder = f"{FOLDER}/{self.naming.region}"
        role = PodRole(
            self.child_name("identity"),
            PodRoleArgs(
                namespace=NAMESPACE, service_account=SERVICE_ACCOUNT, statements=_snapshots(args.backups, folder)
            ),
            self.child(),
        )
        elasticsearch = Elasticsearch(
            self.child_name("elasticsearch"),
            ElasticsearchArgs(
                config=args.config,
                zones=args.zones,
                storage_class=args.cluster.volumes.storage_class,
                # Pods get their role when they are admitted: one that starts before its association has none.
                ready=[operator.release, role.associate(args.cluster.name), *flows.policies],
            ),
            self.child(),
        )
        running = [elasticsearch.cluster]
        Settings(
            self.child_name("settings"),
            SettingsArgs(config=args.config, bucket=args.backups.name, folder=folder, ready=running),
            self.child(),
        )
        Kibana(self.child_name("kibana"), KibanaArgs(ready=running), self.child())
        Shipper(self.child_name("shipper"), ShipperArgs(ready=running), self.child())

    def _namespace(self, name: str, standard: str, keepers: Sequence[pulumi.Resource]) -> k8s.core.v1.Namespace:
        return k8s.core.v1.Namespace(
            self.child_name(name),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=name, labels={"pod-security.kubernetes.io/enforce": standard}),
            opts=self.child(stateful=name == NAMESPACE, depends_on=keepers),
        )


def _snapshots(bucket: Bucket, folder: str) -> list[Statement]:
    """It writes in its own folder alone, and reads its peer's: S3 copies that from the other region's bucket, and two
    clusters that write to one place would spoil it."""
    address = bucket.address
    everywhere, own = f"{address.arn}/{FOLDER}/*", f"{address.arn}/{folder}/*"
    return [
        allow(["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], [address.arn]),
        allow(["s3:ListBucket"], [address.arn], {"StringLike": {"s3:prefix": [f"{FOLDER}/*"]}}),
        allow(["s3:GetObject"], [everywhere]),
        allow(["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"], [own]),
        address.key_use("kms:Decrypt", "kms:GenerateDataKey"),
    ]
