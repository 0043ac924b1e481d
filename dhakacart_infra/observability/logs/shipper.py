"""Filebeat on every node: it reads what containers wrote to the node's disk, and sends it on.

It runs as root, since only root may read those files, but with no capability, nor any right in the cluster. Where it
was, and what waits to be sent, is on the node's disk too: what is lost when is said in docs/runbooks/logs.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config.versions import ELASTIC_STACK
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.logs import parsing
from dhakacart_infra.observability.logs.names import CLUSTER, NAMESPACE, SHIPPING_NAMESPACE
from dhakacart_infra.observability.logs.settings import LIFECYCLE

IMAGE = "docker.elastic.co/beats/filebeat"
NAME = "filebeat"
MEMORY = "512Mi"
FLUSH_SECONDS = 60
AT_ONCE = "10%"


@dataclass(frozen=True, kw_only=True)
class ShipperArgs:
    ready: Sequence[pulumi.Resource]


class Shipper(Component, token="dhakacart:observability:LogShipper"):
    """ECK gives it a user of Elasticsearch that can do no more than write here, and the certificate to trust."""

    def build(self, args: ShipperArgs) -> None:
        k8s.apiextensions.CustomResource(
            self.child_name(NAME),
            api_version="beat.k8s.elastic.co/v1beta1",
            kind="Beat",
            metadata={"name": NAME, "namespace": SHIPPING_NAMESPACE},
            spec={
                "type": "filebeat",
                "version": ELASTIC_STACK,
                "image": f"{self.artifacts.image(IMAGE)}:{ELASTIC_STACK}",
                "elasticsearchRef": {"name": CLUSTER, "namespace": NAMESPACE},
                "config": parsing.configuration(lifecycle=LIFECYCLE),
                "daemonSet": {
                    "updateStrategy": {"rollingUpdate": {"maxUnavailable": AT_ONCE}},
                    "podTemplate": {"spec": _pod()},
                },
            },
            opts=self.child(depends_on=args.ready),
        )


def _pod() -> dict[str, Any]:
    return {
        # On every node, and before the shop's pods: without it nobody would see why those fail.
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": FLUSH_SECONDS,
        "securityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "filebeat",
                "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": MEMORY}},
                "securityContext": {
                    "runAsUser": 0,
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [{"name": "logs", "mountPath": parsing.LOGS, "readOnly": True}],
            }
        ],
        # Beside this one, ECK mounts a folder of the node below /var/lib for the registry and the queue.
        "volumes": [{"name": "logs", "hostPath": {"path": parsing.LOGS, "type": "Directory"}}],
    }
