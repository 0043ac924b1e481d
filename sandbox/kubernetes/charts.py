"""What third-party charts bring that a program can see: the kinds they define, and whether Helm takes those away again.

Read from the charts themselves; each names its source. A chart that is not here cannot be installed in the sandbox.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.kubernetes.objects import Kind
from sandbox.kubernetes.plain import map_at


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A custom resource's kind as its definition names it."""

    group: str
    versions: tuple[str, ...]
    kind: str
    plural: str
    namespaced: bool = True

    @property
    def name(self) -> str:
        return f"{self.plural}.{self.group}"


@dataclass(frozen=True, kw_only=True)
class Chart:
    source: str
    """Where its definitions were read."""
    defines: tuple[Defined, ...] = ()
    templated: bool = False
    """Definitions among the templates are Helm's to take away, and their objects with them; those in ``crds/`` are
    installed once, never upgraded, and stay (Helm guide, "Custom Resource Definitions")."""
    wanted: Callable[[Mapping[str, Any], str], bool] = lambda values, kind: True
    """Whether the values ask for a kind's definition."""


def _defined(group: str, version: str, kinds: str, *, namespaced: bool = True) -> tuple[Defined, ...]:
    """From a list of kinds whose plurals are ordinary."""
    versions = tuple(version.split())
    return tuple(
        Defined(
            group=group,
            versions=versions,
            kind=kind,
            plural=Kind(api_version=f"{group}/{versions[-1]}", kind=kind).plural.partition(".")[0],
            namespaced=namespaced,
        )
        for kind in kinds.split()
    )


KARPENTER = (
    *_defined("autoscaling.x-k8s.io", "v1beta1", "CapacityBuffer"),
    *_defined("karpenter.sh", "v1", "NodeClaim NodePool", namespaced=False),
    *_defined("karpenter.sh", "v1alpha1", "NodeOverlay", namespaced=False),
    *_defined("karpenter.k8s.aws", "v1", "EC2NodeClass", namespaced=False),
)
LOAD_BALANCERS = (
    *_defined("elbv2.k8s.aws", "v1alpha1 v1beta1", "TargetGroupBinding"),
    *_defined("elbv2.k8s.aws", "v1beta1", "ALBTargetControlConfig"),
    Defined(
        group="elbv2.k8s.aws",
        versions=("v1beta1",),
        kind="IngressClassParams",
        plural="ingressclassparams",
        namespaced=False,
    ),
    *_defined("aga.k8s.aws", "v1beta1", "GlobalAccelerator"),
    *_defined(
        "gateway.k8s.aws", "v1beta1", "ListenerRuleConfiguration LoadBalancerConfiguration TargetGroupConfiguration"
    ),
)
SECRETS = (
    *_defined("external-secrets.io", "v1", "ExternalSecret SecretStore"),
    *_defined("external-secrets.io", "v1", "ClusterExternalSecret ClusterSecretStore", namespaced=False),
    *_defined("external-secrets.io", "v1alpha1", "PushSecret"),
    *_defined("external-secrets.io", "v1alpha1", "ClusterPushSecret", namespaced=False),
    *_defined("generators.external-secrets.io", "v1alpha1", "ClusterGenerator", namespaced=False),
    *_defined(
        "generators.external-secrets.io",
        "v1alpha1",
        """ACRAccessToken CloudsmithAccessToken ECRAuthorizationToken Fake GCRAccessToken GeneratorState
        GithubAccessToken Grafana MFA Password QuayAccessToken SSHKey STSSessionToken UUID
        VaultDynamicSecret Webhook""",
    ),
)


def _secrets_wanted(values: Mapping[str, Any], kind: str) -> bool:
    return bool(values.get("installCRDs", True) and map_at(values, "crds").get(f"create{kind}", True))


CHARTS: Mapping[str, Chart] = {
    "aws-load-balancer-controller": Chart(
        source="kubernetes-sigs/aws-load-balancer-controller v3.3.0, helm/aws-load-balancer-controller/crds",
        defines=LOAD_BALANCERS,
    ),
    "external-secrets": Chart(
        source="external-secrets/external-secrets helm-chart-1.3.2, config/crds/bases and hack/helm.generate.sh",
        defines=SECRETS,
        templated=True,
        wanted=_secrets_wanted,
    ),
    "karpenter": Chart(
        source="aws/karpenter-provider-aws v1.14.1, charts/karpenter/crds",
        defines=KARPENTER,
    ),
    "karpenter-crd": Chart(
        source="aws/karpenter-provider-aws v1.14.1, charts/karpenter-crd/templates",
        defines=KARPENTER,
        templated=True,
    ),
}
REMEDY = "add it to CHARTS in sandbox/kubernetes/charts.py, with the kinds it defines"


def chart_name(chart: str) -> str:
    """The chart's own name: of ``oci://registry/path/name``, ``repository/name`` or ``name``."""
    return chart.rstrip("/").rpartition("/")[2]
