"""The sections ``registry`` and ``mirrors``: where our own images are kept and where those of others come from."""

from typing import Annotated

from pydantic import Field

from dhakacart_infra.config import leaves
from dhakacart_infra.config.section import Section

HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?"
PATH = r"(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"

Repository = Annotated[
    str,
    leaves.text(
        "(?=.{1,63}$)[a-z0-9]+(?:[._-][a-z0-9]+)*",
        noun="a service's name of up to 63 small letters and digits, joined by single '.', '_' or '-'",
        example="backend",
    ),
]
Release = Annotated[
    str,
    leaves.text(
        "(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64}",
        noun="an image's digest, or a tag other than latest: in an immutable repository that is pushed once and never"
        " again",
        example="v1",
    ),
]
KeptReleases = Annotated[
    int,
    leaves.whole(2, 1000, unit="releases", reason="one runs, one is there to go back to, and each is paid for"),
]
ChartMirror = Annotated[
    str,
    leaves.text(f"oci://{HOST}{PATH}", noun="an OCI prefix", example="oci://registry.example.com/charts"),
]
ImageMirror = Annotated[
    str,
    leaves.text(
        f"{HOST}{PATH}", noun="a registry's host and path without a scheme", example="registry.example.com/public"
    ),
]


class RegistryConfig(Section):
    """Image repositories of the services, and how many releases they keep."""

    repositories: tuple[Repository, ...] = Field(
        default=("backend", "frontend", "schema"),
        min_length=1,
        description="Services with images of our own: one repository each.",
    )
    keep_releases: KeptReleases = Field(
        default=30, description="Newest images that each repository keeps: how far back a rollback can go."
    )


class MirrorsConfig(Section):
    """Private mirrors of third-party charts and images. Without them, ECR caches what it can of the publishers'."""

    charts: ChartMirror | None = Field(
        default=None, description="OCI prefix that holds every chart by its name; the publishers' own if absent."
    )
    images: ImageMirror | None = Field(
        default=None,
        description="Registry and path that holds every image by its whole public name; the publishers' own if absent.",
    )
