"""Where charts and images come from: one resolver, so that a private mirror is one setting."""

from dataclasses import dataclass

from dhakacart_infra.config.versions import Chart
from dhakacart_infra.foundation.naming import Kind, Naming

CACHED_REGISTRIES = {"public.ecr.aws": "public", "quay.io": "quay", "registry.k8s.io": "k8s"}
"""Public registries that ECR caches without credentials, and what they are called there (ECR guide, "Sync an upstream
registry"): GitHub's and Docker's want some, Elastic's cannot be cached."""


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """``charts`` and ``images`` are mirrors that hold everything; without them, things come from their publishers."""

    charts: str | None
    """An OCI prefix, ``oci://registry.example/charts``: a chart is found below it by its name."""
    images: str | None
    """A prefix, ``registry.example``: an image is found below it by its whole public name."""
    cache: str
    """The prefix of the environment's own pull-through cache."""

    @classmethod
    def of(cls, naming: Naming, *, charts: str | None = None, images: str | None = None) -> "Artifacts":
        """Those of an environment, whose own registry caches what it can."""
        host = f"{naming.account_id}.dkr.ecr.{naming.region}.amazonaws.com"
        return cls(charts=charts, images=images, cache=f"{host}/{naming.shared(Kind.ECR_REPOSITORY)}")

    def chart(self, chart: Chart) -> str:
        """The chart as Helm finds it in an OCI registry, or its repository's address if it is published in one."""
        return f"{self.charts}/{chart.name}" if self.charts else chart.source

    def image(self, name: str) -> str:
        """Where nodes pull the image that is published as ``name`` (registry and path, no tag)."""
        registry, _, path = name.partition("/")
        if self.images:
            return f"{self.images}/{name}"
        if registry in CACHED_REGISTRIES:
            return f"{self.cache}/{CACHED_REGISTRIES[registry]}/{path}"
        return name

    def image_parts(self, name: str) -> dict[str, str]:
        """The same for charts that want the registry apart from the path."""
        registry, _, repository = self.image(name).partition("/")
        return {"registry": registry, "repository": repository}
