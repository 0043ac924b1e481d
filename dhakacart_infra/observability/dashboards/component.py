"""The dashboards in the cluster: one ConfigMap each, which Grafana's sidecar finds by its label."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.dashboards.business import business
from dhakacart_infra.observability.dashboards.data import data
from dhakacart_infra.observability.dashboards.edge import edge
from dhakacart_infra.observability.dashboards.panels import Board
from dhakacart_infra.observability.dashboards.places import Places
from dhakacart_infra.observability.dashboards.platform import platform
from dhakacart_infra.observability.dashboards.rendering import rendered
from dhakacart_infra.observability.dashboards.service import service
from dhakacart_infra.observability.dashboards.slo import slo

LABEL = {"grafana_dashboard": "1"}
FOLDER = {"grafana_folder": "DhakaCart"}
"""Label and annotation that the sidecar looks for (Grafana's chart, ``sidecar.dashboards``)."""


@dataclass(frozen=True, kw_only=True)
class DashboardsArgs:
    namespace: pulumi.Input[str]
    """Where Grafana looks for them."""
    shop: str
    """The namespace whose services are shown."""
    places: Places


class Dashboards(Component, token="dhakacart:observability:Dashboards"):
    """They wait for nothing that they show."""

    def build(self, args: DashboardsArgs) -> None:
        for board in boards(args.shop, args.places):
            name = f"dashboard-{board.name}"
            k8s.core.v1.ConfigMap(
                self.child_name(board.name),
                metadata=k8s.meta.v1.ObjectMetaArgs(
                    name=name, namespace=args.namespace, labels=LABEL, annotations=FOLDER
                ),
                data={f"{self.naming.project}-{board.name}.json": rendered(board, project=self.naming.project)},
                opts=self.child(),
            )


def boards(shop: str, places: Places) -> list[Board]:
    """From what customers notice to what it runs on."""
    return [business(shop), slo(shop), service(shop), edge(places), data(places), platform()]
