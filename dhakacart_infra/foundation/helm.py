"""Third-party charts as Helm releases: pinned, waited for, and taken back whole when they fail."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config.versions import Chart
from dhakacart_infra.foundation.component import Component

TIMEOUT_SECONDS = 600  # the provider's 300 is short for a first node that has yet to pull the images


def release(
    owner: Component,
    role: str,
    chart: Chart,
    *,
    namespace: str,
    values: Mapping[str, Any],
    skip_crds: bool = False,
    depends_on: Sequence[pulumi.Resource] | None = None,
) -> k8s.helm.v3.Release:
    """The chart at its pinned version, in a namespace that is there already, named as the chart is.

    ``skip_crds`` leaves out its definitions, where a release of their own brings them.
    """
    source = owner.artifacts.chart(chart)
    indexed = not source.startswith("oci://")
    return k8s.helm.v3.Release(
        owner.child_name(role),
        name=chart.name,
        chart=source,
        version=chart.version,
        repository_opts=k8s.helm.v3.RepositoryOptsArgs(repo=chart.repository) if indexed else None,
        namespace=namespace,
        values=dict(values),
        skip_crds=skip_crds or None,
        atomic=True,  # an interrupted or failed release would block every later one (pulumi-kubernetes issue 2054)
        timeout=TIMEOUT_SECONDS,
        opts=owner.child(depends_on=depends_on),
    )
