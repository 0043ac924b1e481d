"""What third-party charts bring that a program can see: the kinds they define, and whether Helm takes those away again.

The kinds are those of the chart's contract; the rest is read from the charts themselves. A chart without a contract
cannot be installed in the sandbox.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.kubernetes.contracts import Defined, contract, known
from sandbox.kubernetes.plain import map_at


@dataclass(frozen=True, kw_only=True)
class Chart:
    defines: tuple[Defined, ...] = ()
    templated: bool = False
    """Definitions among the templates are Helm's to take away, and their objects with them; those in ``crds/`` are
    installed once, never upgraded, and stay (Helm guide, "Custom Resource Definitions")."""
    wanted: Callable[[Mapping[str, Any], str], bool] = lambda values, kind: True
    """Whether the values ask for a kind's definition."""


def _secrets_wanted(values: Mapping[str, Any], kind: str) -> bool:
    """As external-secrets' hack/helm.generate.sh puts it around each definition."""
    return bool(values.get("installCRDs", True) and map_at(values, "crds").get(f"create{kind}", True))


def _definitions_wanted(values: Mapping[str, Any], kind: str) -> bool:
    """As kube-prometheus-stack's Chart.yaml has it of the part that brings them."""
    return bool(map_at(values, "crds").get("enabled", True))


CHARTS: Mapping[str, Chart] = {
    **{name: Chart(defines=contract(name).kinds) for name in known()},
    "external-secrets": Chart(defines=contract("external-secrets").kinds, templated=True, wanted=_secrets_wanted),
    # The same definitions twice: among the templates of the one, in the folder crds of the other.
    "karpenter-crd": Chart(defines=contract("karpenter-crd").kinds, templated=True),
    "karpenter": Chart(defines=contract("karpenter-crd").kinds),
    "prometheus-operator-crds": Chart(defines=contract("prometheus-operator-crds").kinds, templated=True),
    "kube-prometheus-stack": Chart(defines=contract("prometheus-operator-crds").kinds, wanted=_definitions_wanted),
}
REMEDY = "pin it in dhakacart_infra/config/versions.py and run `make contracts`"


def chart_name(chart: str) -> str:
    """The chart's own name: of ``oci://registry/path/name``, ``repository/name`` or ``name``."""
    return chart.rstrip("/").rpartition("/")[2]
