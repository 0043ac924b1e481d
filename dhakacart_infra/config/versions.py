"""Every pinned version: Kubernetes, add-ons, charts, the nodes' operating system. One place to upgrade from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LOOKED_UP = date(2026, 11, 26)
"""The day on which somebody last asked of everything here whether there is a newer one: docs/runbooks/cluster.md."""
KUBERNETES = "1.35"
"""In standard support until 2027-03-27 (EKS guide, "Kubernetes release calendar")."""
POSTGRES = "15"
"""RDS chooses the minor version and keeps it current in the maintenance window. One pinned here would ask for the way
back after the first upgrade that RDS forces, as it does with every minor version in the end: those before 15.13 went in
May 2026. In standard support until 2028-02-29 (RDS guide, "Release calendars for Amazon RDS for PostgreSQL")."""


@dataclass(frozen=True, kw_only=True)
class AddOn:
    """An add-on that EKS itself installs and patches."""

    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A Helm chart. ``repository`` is an ``https://`` index or an ``oci://`` prefix."""

    name: str
    version: str
    repository: str

    @property
    def source(self) -> str:
        """What Helm calls the chart: its name in an index, its whole address in an OCI registry."""
        return f"{self.repository}/{self.name}" if self.repository.startswith("oci://") else self.name


@dataclass(frozen=True, kw_only=True)
class Image:
    """A container image. ``name`` is its registry and path."""

    name: str
    tag: str


# What EKS itself installs by default on 1.35, as `aws eks describe-addon-versions` answered in October 2026; of the
# EBS CSI driver and metrics-server, the newest build then. A build (`-eksbuild.N`) is a patched image of one version.
VPC_CNI = AddOn(name="vpc-cni", version="v1.22.4-eksbuild.3")
KUBE_PROXY = AddOn(name="kube-proxy", version="v1.35.3-eksbuild.29")
POD_IDENTITY_AGENT = AddOn(name="eks-pod-identity-agent", version="v1.3.10-eksbuild.3")
COREDNS = AddOn(name="coredns", version="v1.13.2-eksbuild.31")
EBS_CSI = AddOn(name="aws-ebs-csi-driver", version="v1.66.0-eksbuild.1")
METRICS_SERVER = AddOn(name="metrics-server", version="v0.9.0-eksbuild.11")

# Every chart has a contract: `make contracts` derives it anew when a version changes here.
KARPENTER = Chart(name="karpenter", version="1.14.1", repository="oci://public.ecr.aws/karpenter")
"""Supports 1.35, as every release since 1.9 (endoflife.date, "Karpenter")."""
KARPENTER_CRDS = Chart(name="karpenter-crd", version=KARPENTER.version, repository=KARPENTER.repository)
LOAD_BALANCER_CONTROLLER = Chart(
    name="aws-load-balancer-controller",
    version="3.5.0",  # of the controller 3.5.0: chart and controller count alike since 3.0 (its release v3.5.0)
    repository="https://aws.github.io/eks-charts",
)
EXTERNAL_SECRETS = Chart(name="external-secrets", version="2.9.0", repository="https://charts.external-secrets.io")
"""Its project supports the newest minor version alone, tries 2.9 on Kubernetes 1.36 and 2.7 and 2.8 on 1.35
(stability-support.md), and wants one minor version at a time (its issue 6442). 2.11 is to be skipped: it changed what
``imageRegistry`` means, and 2.12 changed it back."""
KUBE_PROMETHEUS_STACK = Chart(
    name="kube-prometheus-stack",
    version="88.5.3",
    repository="oci://ghcr.io/prometheus-community/charts",
)
"""Prometheus 3.14, Alertmanager 0.34, Grafana 13.2 by the operator 0.93.1. Read its UPGRADE.md before going past 88."""
MONITORING_CRDS = Chart(
    name="prometheus-operator-crds",
    version="31.0.1",  # of the operator 0.93.1, as the stack: the two are raised together
    repository=KUBE_PROMETHEUS_STACK.repository,
)

ECK = Chart(name="eck-operator", version="3.5.0", repository="https://helm.elastic.co")
"""Tried on Kubernetes 1.32 to 1.36 (its release notes). 3.3.0 to 3.3.2 are to be skipped (its issue 9197)."""
ECK_CRDS = Chart(name="eck-operator-crds", version=ECK.version, repository=ECK.repository)
ELASTIC_STACK = "9.5.5"
"""Of Elasticsearch, Kibana and Filebeat, which go together. Of 9.6 there were but daily snapshots (docs/adr/0032)."""

BOTTLEROCKET = "1.66.0"
"""Karpenter's nodes' operating system, variant aws-k8s-1.35 (Bottlerocket release v1.66.0, September 2026). The managed
group has EKS's newest of the day it was made or last updated: its releases carry a build's hash, known to EKS alone."""

VALKEY = "9.0"
"""The cache's engine: minor versions are ours to raise, patches AWS's. It goes to no older one (docs/adr/0021)."""

STAND_IN = Image(name="public.ecr.aws/docker/library/nginx", tag="1.30.4-alpine")
"""Runs for a service that has no release yet. nginx's stable branch (nginx.org, "download")."""
PAUSE = Image(name="registry.k8s.io/pause", tag="3.10.1")
"""Does nothing, and keeps room by it."""
CURL = Image(name="quay.io/curl/curl", tag="8.21.0")
"""Tells Elasticsearch its settings. The project's own image (curl/curl-container)."""

OLDEST_FOR: Mapping[str, Mapping[str, str]] = {
    "1.35": {"BOTTLEROCKET": "1.53.0", "KARPENTER": "1.9.0"},
    "1.36": {"BOTTLEROCKET": "1.61.0", "KARPENTER": "1.13.0"},
}
"""By Kubernetes version: the first releases that have or support it (Bottlerocket's changelog, Karpenter's matrix of
compatibility). Where Bottlerocket has no variant of the cluster's version, Karpenter starts no node, and the control
plane cannot go back. 1.37 wants Bottlerocket 1.66.0; which Karpenter it wants was not known when this was written."""
