"""Fields that cannot change in place: those for which the provider replaces the object, and those the API refuses."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.kubernetes.objects import Kind
from sandbox.kubernetes.plain import at
from sandbox.providers.properties import Props, has_unknown

Paths = tuple[str, ...]

IDENTITY = ("metadata.name", "metadata.namespace")
SELECTOR = ("spec.selector",)
ROLE = ("roleRef",)
POD = """affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks
    hostAliases hostIPC hostNetwork hostPID hostname imagePullSecrets initContainers nodeName nodeSelector overhead
    preemptionPolicy priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName
    securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds
    volumes"""
VOLUME_SOURCES = """awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk
    glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos
    vsphereVolume"""


def _spec(names: str) -> Paths:
    return tuple(f"spec.{name}" for name in names.split())


REPLACED: Mapping[tuple[str, str], Paths] = {
    ("", "PersistentVolume"): _spec(VOLUME_SOURCES),
    ("", "PersistentVolumeClaim"): _spec("accessModes selector storageClassName volumeName"),
    ("", "Pod"): _spec(POD),
    ("", "ResourceQuota"): _spec("scopes"),
    ("", "Service"): _spec("clusterIP"),
    ("apps", "DaemonSet"): SELECTOR,
    ("apps", "Deployment"): SELECTOR,
    ("apps", "StatefulSet"): _spec(
        "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"
    ),
    ("batch", "Job"): _spec("completions parallelism selector template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ROLE,
    ("rbac.authorization.k8s.io", "RoleBinding"): ROLE,
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}
"""pulumi-kubernetes provider/pkg/provider/diff.go, ``forceNew``."""

REFUSED: Mapping[tuple[str, str], Paths] = {
    ("", "PersistentVolumeClaim"): _spec("dataSource dataSourceRef volumeMode"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _spec("group names.kind names.plural scope"),
    ("batch", "Job"): _spec("backoffLimitPerIndex completionMode managedBy podFailurePolicy successPolicy"),
    ("networking.k8s.io", "IngressClass"): _spec("controller"),
    ("node.k8s.io", "RuntimeClass"): ("handler",),
    ("scheduling.k8s.io", "PriorityClass"): ("preemptionPolicy", "value"),
    ("storage.k8s.io", "CSIDriver"): _spec("attachRequired volumeLifecycleModes"),
    ("storage.k8s.io", "StorageClass"): ("reclaimPolicy", "volumeBindingMode"),
}
"""kubernetes pkg/apis/*/validation/validation.go, the ``Validate…Update`` functions: an update in place is an error."""

DEFAULTS: Mapping[tuple[str, str], Props] = {
    ("", "PersistentVolumeClaim"): {"spec.volumeMode": "Filesystem"},
    ("scheduling.k8s.io", "PriorityClass"): {"preemptionPolicy": "PreemptLowerPriority", "value": 0},
    ("storage.k8s.io", "StorageClass"): {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
}
"""What the API server fills in where an object says nothing (kubernetes pkg/apis/*/v1/defaults.go): saying it, or
saying it no longer, changes nothing."""
IN_OTHER_WORDS = {
    "reclaimPolicy": "Forbidden: updates to reclaimPolicy are forbidden.",
    "value": "Forbidden: may not be changed in an update.",
}


def replaced(kind: Kind, value: Props, config: Mapping[str, object]) -> Paths:
    """The paths whose change replaces the object, those below them included.

    ConfigMaps and Secrets are replaced for their data unless the provider is told that they are mutable.
    """
    if (kind.group, kind.kind) == ("", "Secret"):
        fixed = not _on(config, "enableSecretMutable") or value.get("immutable")
        return (*IDENTITY, "type", *(("data", "stringData") if fixed else ()))
    if (kind.group, kind.kind) == ("", "ConfigMap"):
        fixed = not _on(config, "enableConfigMapMutable") or value.get("immutable")
        return (*IDENTITY, *(("binaryData", "data") if fixed else ()))
    return IDENTITY + REPLACED.get((kind.group, kind.kind), ())


def refused(kind: Kind) -> Paths:
    return REFUSED.get((kind.group, kind.kind), ())


def refusals(old: Props, new: Props) -> list[str]:
    """Why the API server would not make the one of the other. What is not known yet is not judged."""
    kind = Kind(api_version=new.get("apiVersion", ""), kind=new.get("kind", ""))
    defaults = DEFAULTS.get((kind.group, kind.kind), {})
    values = {path: [_value(item, path, defaults) for item in (old, new)] for path in refused(kind)}
    return [
        f"{path}: {IN_OTHER_WORDS.get(path, f'Invalid value: {json.dumps(after)}: field is immutable')}"
        for path, (before, after) in values.items()
        if before != after and not has_unknown([before, after])
    ]


def _value(item: Props, path: str, defaults: Props) -> Any:
    found = at(item, *path.split("."))
    return defaults.get(path) if found is None else found


def _on(config: Mapping[str, object], name: str) -> bool:
    return str(config.get(name, "")).lower() == "true"
