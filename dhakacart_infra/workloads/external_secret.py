"""A Secret of a namespace that External Secrets makes of what Secrets Manager has, and keeps up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.cluster.addons.external_secrets import STORE
from dhakacart_infra.foundation.component import Component

REFRESH = "5m0s"  # how long a new value takes to arrive


@dataclass(frozen=True, kw_only=True)
class ExternalSecretArgs:
    name: str
    namespace: pulumi.Input[str]
    stored: Mapping[str, str]
    """Secrets by the prefix of what is taken of each: ``<prefix>_username`` and ``<prefix>_password``."""
    variables: Mapping[str, pulumi.Input[str]]
    """The Secret's keys: text, in which ``{{ .<prefix>_password }}`` stands for what is taken."""
    ready: Sequence[pulumi.Resource]
    """What brings the definition and its webhook, and what has to be done first."""


class ExternalSecret(Component, token="dhakacart:workloads:ExternalSecret"):
    """``name`` is the Secret's, which is there soon after: pods wait for it by themselves."""

    name: str

    def build(self, args: ExternalSecretArgs) -> None:
        self.name = args.name
        k8s.apiextensions.CustomResource(
            self.child_name("secret"),
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata={"name": args.name, "namespace": args.namespace},
            spec={
                "refreshInterval": REFRESH,
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": STORE},
                "target": {
                    "name": args.name,
                    "creationPolicy": "Owner",
                    # One that cannot be read any more is no reason to take the shop down.
                    "deletionPolicy": "Retain",
                    "template": {"engineVersion": "v2", "data": dict(args.variables)},
                },
                "data": [
                    {"secretKey": f"{prefix}_{member}", "remoteRef": {"key": name, "property": member}}
                    for prefix, name in args.stored.items()
                    for member in ("username", "password")
                ],
            },
            opts=self.child(depends_on=args.ready),
        )
