"""Elasticsearch, which keeps the logs: TLS and users are on, as ECK has them, and its data on encrypted volumes.

Snapshots go to S3 by the pods' own role. Elasticsearch 9.5 reads a pod's token nowhere but at a path of its
configuration, so the token is put there, and said to be there (docs/adr/0032).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.scheduling import spread
from dhakacart_infra.config import LoggingConfig
from dhakacart_infra.config.versions import ELASTIC_STACK
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.logs.names import CLUSTER, NAMESPACE

IMAGE = "docker.elastic.co/elasticsearch/elasticsearch"
SERVICE_ACCOUNT = "elasticsearch"
DATA = "elasticsearch-data"  # ECK's name: another claim would be a disk beside the data
MILLICORES_PER_GIB = 250
TOKEN_FOLDER, TOKEN = "/usr/share/elasticsearch/config/repository-s3", "aws-web-identity-token-file"
AUDIENCE, CREDENTIALS = "pods.eks.amazonaws.com", "http://169.254.170.23/v1/credentials"
TOKEN_SECONDS = 86_400
USER_ID = 1000  # the image's own


@dataclass(frozen=True, kw_only=True)
class ElasticsearchArgs:
    config: LoggingConfig
    zones: Sequence[str]
    storage_class: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]
    """The operator, the pods' role, and the nodes' and volumes' keepers: they outlive it."""


class Elasticsearch(Component, token="dhakacart:observability:Elasticsearch"):
    """``cluster`` is ECK's resource; that nodes run is for whoever uses it to wait for."""

    cluster: k8s.apiextensions.CustomResource

    def build(self, args: ElasticsearchArgs) -> None:
        account = k8s.core.v1.ServiceAccount(
            self.child_name("service-account"),
            metadata=k8s.meta.v1.ObjectMetaArgs(name=SERVICE_ACCOUNT, namespace=NAMESPACE),
            automount_service_account_token=False,
            opts=self.child(depends_on=args.ready),
        )
        self.cluster = k8s.apiextensions.CustomResource(
            self.child_name("cluster"),
            api_version="elasticsearch.k8s.elastic.co/v1",
            kind="Elasticsearch",
            metadata={"name": CLUSTER, "namespace": NAMESPACE},
            spec={
                "version": ELASTIC_STACK,
                "image": f"{self.artifacts.image(IMAGE)}:{ELASTIC_STACK}",
                "volumeClaimDeletePolicy": (
                    "DeleteOnScaledownOnly" if self.scope.protect_data else "DeleteOnScaledownAndClusterDeletion"
                ),
                "nodeSets": [self._nodes(args)],
            },
            opts=self.child(stateful=True, depends_on=[account]),
        )

    def _nodes(self, args: ElasticsearchArgs) -> dict[str, Any]:
        config = args.config
        memory = f"{config.memory_gib}Gi"
        return {
            "name": "all",  # roles: every node has all of them
            "count": config.nodes,
            # Bottlerocket lets a process map 1,048,576 areas of memory, as Elasticsearch wants it (release-sysctl.conf
            # of its core kit): no container has to be privileged to raise it.
            "config": {"s3.client.default.region": self.naming.region},
            "resources": {
                "requests": {"cpu": f"{config.memory_gib * MILLICORES_PER_GIB}m", "memory": memory},
                "limits": {"memory": memory},
            },
            # Copies of a shard are in different zones, and a volume stays in the zone where it was made.
            **({"zoneAwareness": {"zones": list(args.zones)}} if config.nodes > 1 else {}),
            "volumeClaimTemplates": [
                {
                    "metadata": {"name": DATA},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": args.storage_class,
                        "resources": {"requests": {"storage": f"{config.storage_gib}Gi"}},
                    },
                }
            ],
            "podTemplate": _pod(config.nodes),
        }


def _pod(nodes: int) -> dict[str, Any]:
    return {
        # Moving a node to save one costs the copying of its disk's worth of shards.
        "metadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}},
        "spec": {
            "serviceAccountName": SERVICE_ACCOUNT,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER_ID,
                "fsGroup": USER_ID,
                "fsGroupChangePolicy": "OnRootMismatch",  # or every start walks through all of the data
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **({"topologySpreadConstraints": spread(_labels())[1:]} if nodes > 1 else {}),
            "containers": [
                {
                    "name": "elasticsearch",
                    "env": [
                        {"name": "AWS_CONTAINER_CREDENTIALS_FULL_URI", "value": CREDENTIALS},
                        {"name": "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "value": f"{TOKEN_FOLDER}/{TOKEN}"},
                    ],
                    "volumeMounts": [{"name": "aws-token", "mountPath": TOKEN_FOLDER, "readOnly": True}],
                }
            ],
            "volumes": [
                {
                    "name": "aws-token",
                    "projected": {
                        "sources": [
                            {
                                "serviceAccountToken": {
                                    "audience": AUDIENCE,
                                    "expirationSeconds": TOKEN_SECONDS,
                                    "path": TOKEN,
                                }
                            }
                        ]
                    },
                }
            ],
        },
    }


def _labels() -> Mapping[str, str]:
    return {"elasticsearch.k8s.elastic.co/cluster-name": CLUSTER}
