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


VPC_CNI = AddOn(name="vpc-cni", version="v1.21.1-eksbuild.1")
KUBE_PROXY = AddOn(name="kube-proxy", version="v1.35.0-eksbuild.2")
POD_IDENTITY_AGENT = AddOn(name="eks-pod-identity-agent", version="v1.3.10-eksbuild.2")
COREDNS = AddOn(name="coredns", version="v1.13.1-eksbuild.1")
EBS_CSI = AddOn(name="aws-ebs-csi-driver", version="v1.54.0-eksbuild.1")
METRICS_SERVER = AddOn(name="metrics-server", version="v0.8.0-eksbuild.6")

KARPENTER = Chart(name="karpenter", version="1.8.6", repository="oci://public.ecr.aws/karpenter")
KARPENTER_CRDS = Chart(name="karpenter-crd", version=KARPENTER.version, repository=KARPENTER.repository)
LOAD_BALANCER_CONTROLLER = Chart(
    name="aws-load-balancer-controller",
    version="1.17.1",
    repository="https://aws.github.io/eks-charts",
)
EXTERNAL_SECRETS = Chart(name="external-secrets", version="1.2.1", repository="https://charts.external-secrets.io")

BOTTLEROCKET = "1.53.0"
