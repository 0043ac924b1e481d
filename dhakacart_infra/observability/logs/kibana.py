"""Kibana, in which people search. It has no way in from outside: ``kubectl port-forward`` (docs/runbooks/logs.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config.versions import ELASTIC_STACK
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.logs.names import CLUSTER, NAMESPACE

IMAGE = "docker.elastic.co/kibana/kibana"
MEMORY = "2Gi"  # ECK's default since 3.4: with less, 9.4 and later may be killed


@dataclass(frozen=True, kw_only=True)
class KibanaArgs:
    ready: Sequence[pulumi.Resource]


class Kibana(Component, token="dhakacart:observability:Kibana"):
    """Users and passwords are Elasticsearch's."""

    def build(self, args: KibanaArgs) -> None:
        k8s.apiextensions.CustomResource(
            self.child_name("kibana"),
            api_version="kibana.k8s.elastic.co/v1",
            kind="Kibana",
            metadata={"name": CLUSTER, "namespace": NAMESPACE},
            spec={
                "version": ELASTIC_STACK,
                "image": f"{self.artifacts.image(IMAGE)}:{ELASTIC_STACK}",
                "count": 1,
                "elasticsearchRef": {"name": CLUSTER},
                "config": {"telemetry.optIn": False, "telemetry.allowChangingOptInStatus": False},
                "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"memory": MEMORY}},
                "podTemplate": {
                    "spec": {
                        "automountServiceAccountToken": False,
                        "enableServiceLinks": False,
                        "securityContext": {
                            "runAsNonRoot": True,
                            "runAsUser": 1000,  # the image's own
                            "fsGroup": 1000,
                            "seccompProfile": {"type": "RuntimeDefault"},
                        },
                    }
                },
            },
            opts=self.child(depends_on=args.ready),
        )
