"""Every pinned version: Kubernetes, add-ons, charts, the nodes' operating system. One place to upgrade from."""

from dataclasses import dataclass

KUBERNETES = "1.35"
"""In standard support until 2027-03-27 (EKS guide, "Kubernetes release calendar")."""


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


# What EKS itself installs by default on 1.35, as `aws eks describe-addon-versions` answered in October 2026; of the
# EBS CSI driver and metrics-server, the newest build then. A build (`-eksbuild.N`) is a patched image of one version.
VPC_CNI = AddOn(name="vpc-cni", version="v1.22.4-eksbuild.3")
KUBE_PROXY = AddOn(name="kube-proxy", version="v1.35.3-eksbuild.29")
POD_IDENTITY_AGENT = AddOn(name="eks-pod-identity-agent", version="v1.3.10-eksbuild.3")
COREDNS = AddOn(name="coredns", version="v1.13.2-eksbuild.31")
EBS_CSI = AddOn(name="aws-ebs-csi-driver", version="v1.66.0-eksbuild.1")
METRICS_SERVER = AddOn(name="metrics-server", version="v0.9.0-eksbuild.11")

# Charts are pinned where the source that they are packaged from can be had as a Go module too: the tests render it
# and check our values and custom resources against it (tests/support/charts.py).
KARPENTER = Chart(name="karpenter", version="1.14.1", repository="oci://public.ecr.aws/karpenter")
"""Supports 1.35, as every release since 1.9 (endoflife.date, "Karpenter")."""
KARPENTER_CRDS = Chart(name="karpenter-crd", version=KARPENTER.version, repository=KARPENTER.repository)
LOAD_BALANCER_CONTROLLER = Chart(
    name="aws-load-balancer-controller",
    version="3.3.0",  # of the controller 3.3.0: chart and controller count alike since 3.0 (its release v3.3.0)
    repository="https://aws.github.io/eks-charts",
)
EXTERNAL_SECRETS = Chart(name="external-secrets", version="1.3.2", repository="https://charts.external-secrets.io")
"""The last of the 1.x line, whose API is external-secrets.io/v1 (its tag helm-chart-1.3.2). Its project supports 2.x
alone and tried 1.x on Kubernetes 1.34 at most; of 2.x no release could be had as a Go module, so none was checked."""

BOTTLEROCKET = "1.64.0"
"""Nodes' operating system, variant aws-k8s-1.35 (Bottlerocket release v1.64.0, August 2026)."""
