"""Every AWS service that the sandbox knows: a folder each, with its resource types and what moto is taught of it.

A module of a folder lists resource types as ``TYPES``; one whose name ends in ``_recorded`` answers, as ``ANSWERS``,
operations that moto lacks or gets wrong. Neither is named anywhere else.
"""

import functools
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from sandbox.aws.resource import AwsType

SERVICES = (
    *("acm", "budgets", "cloudfront", "cloudwatch", "ec2", "ecr", "eks", "elasticache", "events", "iam", "kms"),
    *("logs", "rds", "route53", "s3", "secretsmanager", "sns", "sqs", "wafv2"),
)
RECORDED = "_recorded"


def _modules(service: str, *, recorded: bool) -> Iterator[ModuleType]:
    package = import_module(f"sandbox.aws.{service}")
    for found in pkgutil.iter_modules(package.__path__):
        if found.name.endswith(RECORDED) == recorded:
            yield import_module(f"{package.__name__}.{found.name}")


TYPES: Mapping[str, AwsType] = {
    kind.type: kind
    for service in SERVICES
    for module in _modules(service, recorded=False)
    for kind in getattr(module, "TYPES", ())
}


def answers(service: str) -> dict[str, Any]:
    """The operations that are answered in moto's place. Loads moto, which takes a second."""
    return {
        operation: answer
        for module in _modules(service, recorded=True)
        for operation, answer in getattr(module, "ANSWERS", {}).items()
    }


@functools.cache
def teach_moto() -> None:
    """Once a process, however many gateways there are."""
    from sandbox.aws.acm.lookup import teach_lookup  # noqa: PLC0415 - as above
    from sandbox.aws.moto_once import hasten  # noqa: PLC0415
    from sandbox.aws.record import teach  # noqa: PLC0415
    from sandbox.aws.s3.routing_recorded import teach_buckets  # noqa: PLC0415

    hasten()
    teach_lookup()
    for service in SERVICES:
        if found := answers(service):
            (teach_buckets if service == "s3" else teach)(service, found)
