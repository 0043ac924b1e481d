"""What moto lacks: the APIs that are recorded here in its place, in one list.

To add one: an ``Answers`` in a module of this package, and its line in ``missing``.
"""

import functools
from typing import Any

from moto.core.responses import BaseResponse

from sandbox.aws.recorded.record import Answers, teach

Lesson = tuple[str, type[BaseResponse], dict[str, Any], Answers]


def missing() -> list[Lesson]:
    """By service: moto's own response class and addresses, and the operations to answer in their place."""
    import moto.ecr.responses  # noqa: PLC0415 - a service of moto is loaded when it is first needed
    import moto.ecr.urls  # noqa: PLC0415
    import moto.eks.responses  # noqa: PLC0415
    import moto.eks.urls  # noqa: PLC0415
    import moto.iam.responses  # noqa: PLC0415
    import moto.iam.urls  # noqa: PLC0415

    from sandbox.aws.recorded import (  # noqa: PLC0415
        ecr_lifecycle,
        ecr_pull_through,
        ecr_registry,
        ecr_templates,
        eks,
        iam_policies,
    )

    ecr, ecr_paths = moto.ecr.responses.ECRResponse, moto.ecr.urls.url_paths

    return [
        ("ecr", ecr, ecr_paths, ecr_lifecycle.ANSWERS),  # policies: moto refuses what AWS takes, and the reverse
        ("ecr", ecr, ecr_paths, ecr_pull_through.ANSWERS),  # cache rules: none at all
        ("ecr", ecr, ecr_paths, ecr_registry.ANSWERS),  # replication of more than one rule, scanning's own rules
        ("ecr", ecr, ecr_paths, ecr_templates.ANSWERS),  # repository creation templates: none at all
        # Add-ons, access entries and policies, pod identities: none at all. Clusters, node groups: half their fields.
        ("eks", moto.eks.responses.EKSResponse, moto.eks.urls.url_paths, eks.ANSWERS),
        # AWS's managed policies: all or none, four megabytes. Here one comes when it is first named.
        ("iam", moto.iam.responses.IamResponse, moto.iam.urls.url_paths, iam_policies.ANSWERS),
    ]


@functools.cache
def teach_moto() -> None:
    """Once a process, however many gateways there are."""
    for service, response, url_paths, answers in missing():
        teach(service, response, url_paths, answers)
