"""Grafana: shows what Prometheus, Alertmanager and CloudWatch know. It keeps nothing that is not in the code."""

from typing import Any

from dhakacart_infra.foundation.component import Scope
from dhakacart_infra.foundation.iam import Statement, allow
from dhakacart_infra.foundation.providers import GLOBAL_REGION
from dhakacart_infra.observability.metrics.names import (
    ADMIN_PASSWORD,
    ADMIN_USER,
    GRAFANA,
    NAMESPACE,
    PRIORITY_CLASS,
)

IMAGE, SIDECAR_IMAGE = "docker.io/grafana/grafana", "quay.io/kiwigrid/k8s-sidecar"
FOLDER_ANNOTATION = "grafana_folder"
MEMORY = "768Mi"  # the server, and since 13.2 a process for each kind of data source
SIDECAR_MEMORY = "128Mi"
CLOUDWATCH_UID = "cloudwatch"


def grafana(scope: Scope) -> dict[str, Any]:
    """Reached by ``kubectl port-forward`` alone: there is no Ingress."""
    found = {"searchNamespace": NAMESPACE, "resource": "configmap"}
    return {
        "image": scope.artifacts.image_parts(IMAGE),
        "admin": {"existingSecret": GRAFANA, "userKey": ADMIN_USER, "passwordKey": ADMIN_PASSWORD},
        "serviceAccount": {"name": GRAFANA},
        # Its sidecars would read every secret of the cluster.
        "rbac": {"namespaced": True},
        "sidecar": {
            "image": scope.artifacts.image_parts(SIDECAR_IMAGE),
            "resources": {"requests": {"cpu": "10m", "memory": SIDECAR_MEMORY}, "limits": {"memory": SIDECAR_MEMORY}},
            "dashboards": {
                **found,
                "annotations": {FOLDER_ANNOTATION: "Kubernetes"},  # of those that the chart brings
                "folderAnnotation": FOLDER_ANNOTATION,
                "provider": {"foldersFromFilesStructure": True},
            },
            "datasources": found,
        },
        "additionalDataSources": [_cloudwatch(scope)],
        "grafana.ini": _settings(),
        "resources": {"requests": {"cpu": "100m", "memory": MEMORY}, "limits": {"memory": MEMORY}},
        "priorityClassName": PRIORITY_CLASS,
        "initChownData": {"enabled": False},  # as root, for a volume that there is not
        "testFramework": {"enabled": False},
    }


def reading(region: str) -> Statement:
    """Metrics of this account, which are no resources; those of CloudFront and its firewall are in a region apart."""
    actions = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]
    return allow(actions, ["*"], {"StringEquals": {"aws:RequestedRegion": sorted({region, GLOBAL_REGION})}})


def _cloudwatch(scope: Scope) -> dict[str, Any]:
    return {
        "name": "CloudWatch",
        "uid": CLOUDWATCH_UID,
        "type": "cloudwatch",
        "access": "proxy",
        "editable": False,
        # The pod's own role. An endpoint, even the right one, would break it (grafana issue 109032).
        "jsonData": {"authType": "default", "defaultRegion": scope.naming.region},
    }


def _settings() -> dict[str, Any]:
    return {
        "analytics": {"check_for_updates": False, "check_for_plugin_updates": False, "reporting_enabled": False},
        "aws": {"allowed_auth_providers": "default"},
        "news": {"news_feed_enabled": False},
        # They would come anew from grafana.com at every start (grafana issue 130492).
        "plugins": {"preinstall_auto_update": False, "plugin_admin_enabled": False},
        "security": {"disable_gravatar": True},
        "users": {"allow_sign_up": False},
    }
