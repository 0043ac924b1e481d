"""Which kinds a cluster knows: the built-in ones of its version, and those that a definition in it adds."""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.kubernetes import schemas
from sandbox.kubernetes.cluster import NEWEST, Session
from sandbox.kubernetes.contracts import Defined, Version
from sandbox.kubernetes.objects import Kind
from sandbox.kubernetes.plain import map_at, words
from sandbox.providers.properties import Props
from sandbox.providers.provider import Failure

GROUP, KIND = "apiextensions.k8s.io", "CustomResourceDefinition"
CLUSTER_WIDE = words(
    """APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle
    CustomResourceDefinition DeviceClass FlowSchema IPAddress IngressClass MutatingAdmissionPolicy
    MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass
    PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR StorageClass StorageVersionMigration
    ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment
    VolumeAttributesClass"""
)
"""Built-in kinds outside namespaces (``kubectl api-resources --namespaced=false``)."""
AGGREGATED = frozenset({"metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io"})
BUILT_IN_GROUPS = words(
    """admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io authentication.k8s.io
    authorization.k8s.io certificates.k8s.io coordination.k8s.io discovery.k8s.io events.k8s.io
    flowcontrol.apiserver.k8s.io networking.k8s.io node.k8s.io rbac.authorization.k8s.io resource.k8s.io
    scheduling.k8s.io storage.k8s.io"""
)
"""Beside those without a dot, which no definition can add to."""

Schemas = Mapping[tuple[str, str], Props]
"""``openAPIV3Schema`` by apiVersion and kind."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A kind that the cluster knows."""

    namespaced: bool
    validator: Any = None
    """None where its fields are not described."""


class Definitions:
    """``extra`` holds schemas of custom resources, beside those that definitions in the cluster carry."""

    def __init__(self, extra: Schemas) -> None:
        self._extra = extra

    def find(self, session: Session | None, kind: Kind) -> Resource | None:
        """None if the cluster has no such kind. Without a cluster, what one of the newest version would know."""
        validator = schemas.built_in(session.cluster.version if session else NEWEST, kind)
        if validator:
            return Resource(namespaced=kind.kind not in CLUSTER_WIDE, validator=validator)
        found = next((spec for spec in _specs(session) if _serves(spec, kind)), None)
        if found is None:
            return None
        schema = self._extra.get((kind.api_version, kind.kind)) or _schema(found, kind.version)
        return Resource(namespaced=found["scope"] == "Namespaced", validator=_custom(schema))

    def refusals(self, session: Session | None, kind: Kind, value: Props) -> list[Failure]:
        """What is wrong with the object before it is made. A custom resource may be defined by then: if not now, only
        a schema that was given for it counts."""
        if kind.group in AGGREGATED:
            reason = f"no object of {kind} can be made: an aggregated API computes them"
            return [Failure(property="apiVersion", reason=reason)]
        found = self.find(session, kind)
        if found is None and ("." not in kind.group or kind.group in BUILT_IN_GROUPS):
            return [Failure(property="kind", reason=no_match(kind))]
        validator = found.validator if found else _custom(self._extra.get((kind.api_version, kind.kind)))
        return schemas.failures(validator, value) if validator else []


def no_match(kind: Kind) -> str:
    return f"no matches for {kind}"


def read_folder(folder: Path) -> Schemas:
    """The schemas in a folder of definitions, YAML files of one or more each."""
    documents = (item for file in sorted(folder.glob("*.yaml")) for item in yaml.safe_load_all(file.read_text()))
    specs = (item["spec"] for item in documents if item and item.get("kind") == KIND)
    return {
        (f"{spec['group']}/{version['name']}", spec["names"]["kind"]): _schema(spec, version["name"])
        for spec in specs
        for version in spec["versions"]
    }


def definition(defined: Defined, annotations: Mapping[str, str]) -> Props:
    """The object by which a chart defines a kind; with a schema where the chart's contract has one."""
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": KIND,
        "metadata": {"name": defined.name, "annotations": dict(annotations)},
        "spec": {
            "group": defined.group,
            "names": {"kind": defined.kind, "plural": defined.plural},
            "scope": "Namespaced" if defined.namespaced else "Cluster",
            "versions": [_served(version) for version in defined.versions],
        },
    }


def _served(version: Version) -> Props:
    schema = {"schema": {"openAPIV3Schema": version.schema}} if version.schema else {}
    return {"name": version.name, "served": True, "storage": version.storage, **schema}


def kind_defined(value: Props) -> tuple[str, str]:
    """Group and kind that a definition is of."""
    return map_at(value, "spec")["group"], map_at(value, "spec", "names")["kind"]


def _specs(session: Session | None) -> Iterator[Props]:
    return (map_at(item, "spec") for item in session.contents.of_kind(GROUP, KIND)) if session else iter(())


def _serves(spec: Props, kind: Kind) -> bool:
    versions = {version["name"] for version in spec["versions"] if version.get("served", True)}
    return (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind) and kind.version in versions


def _schema(spec: Props, version: str) -> Props:
    found = next(item for item in spec["versions"] if item["name"] == version)
    return map_at(found, "schema", "openAPIV3Schema")


def _custom(schema: Props | None) -> Any:
    return _validator(json.dumps(schema, sort_keys=True)) if schema else None


@functools.lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    return schemas.custom(json.loads(schema))
